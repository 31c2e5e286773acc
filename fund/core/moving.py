"""Documents copied from one store to another, while the site runs: each is compared with its SHA-256 on the way."""

from dataclasses import dataclass, field

from sqlalchemy import or_, select

from .database import db
from .files import INFECTED, StoredFile, fetch
from .stores import Store


@dataclass
class Copied:
    """How many documents were copied, how many the target had, and the SHA-256 of those that the source could not give."""

    copied: int = 0
    there: int = 0
    missing: list[str] = field(default_factory=list)


def copy_documents(source: Store, target: Store) -> Copied:
    """Copy what the database knows of. Raises StoreAway; what was copied before stays and is not copied again."""
    done = Copied()
    kept = or_(StoredFile.scan_state.is_(None), StoredFile.scan_state != INFECTED)
    for digest in db.session.scalars(select(StoredFile.sha256).where(kept).distinct().order_by(StoredFile.sha256)).all():  # fmt: skip
        if target.has(digest):
            done.there += 1
            continue
        try:
            target.keep(digest, fetch(source, digest))
        except (FileNotFoundError, ValueError):
            done.missing.append(digest)
        else:
            done.copied += 1
    return done
