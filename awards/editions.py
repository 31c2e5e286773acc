"""Publishing the register and its open data with one press: checked by the standard's schema, kept as a dated edition.

The pages of the register show every accepted award at once, as the law wants it soon; an edition is what anybody can hold
against them later.
"""

import hashlib
import json
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from fund.core import audit
from fund.core.database import db
from fund.core.guards import once_only
from fund.core.problems import Problem
from fund.tables import Partnership, Person

from .open_data import giving, workbook
from .register import kept_pence, public_awards
from .tables import Edition


def load_edition(key: int) -> Edition | None:
    return db.session.get(Edition, key)


def editions(partnership: Partnership | None = None, most: int = 200) -> list[Edition]:
    """The editions of one partnership or of all, the latest first."""
    query = select(Edition).options(joinedload(Edition.partnership), joinedload(Edition.published_by))
    if partnership is not None:
        query = query.where(Edition.partnership_id == partnership.id)
    return list(db.session.scalars(query.order_by(Edition.id.desc()).limit(most)))


def publish(partnership: Partnership, site: str, *, by: Person, now: datetime) -> Edition:
    """Check the register and its open data and keep them as the next edition.

    Raises Problem when nothing is accepted yet, or when the standard refuses the file: then nothing is published.
    """
    awards = public_awards(partnership_id=partnership.id)
    if not awards:
        raise Problem("Nothing is accepted yet. A grant is published when it is accepted.")
    try:
        package = giving.package_of(awards, site, now)
        workbook.workbook_of(awards, site, now)
    except ValueError as refusal:
        raise Problem(f"The 360Giving standard refuses the file, so nothing was published: {str(refusal)[:300]}") from None  # fmt: skip
    content = json.dumps(package, ensure_ascii=False, indent=1).encode()
    last = db.session.scalar(select(func.max(Edition.number)).where(Edition.partnership_id == partnership.id)) or 0
    row = Edition(
        partnership_id=partnership.id, number=last + 1, grants=len(awards), awarded_pence=kept_pence(awards), content=content,
        sha256=hashlib.sha256(content).hexdigest(), published_at=now, published_by_id=by.id,
    )  # fmt: skip
    with once_only("Somebody else published at the same moment. Theirs holds."):
        db.session.add(row)
    audit.record("edition.publish", row, by=by, now=now, partnership=partnership.id, grants=row.grants, sha256=row.sha256)  # fmt: skip
    return row
