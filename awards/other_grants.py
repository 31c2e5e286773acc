"""Other funders' grants: imported from their open data, and shown beside a bid of an organisation that has some."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, insert, or_, select

from fund.caps import identifiers_of
from fund.core import audit
from fund.core.database import db
from fund.tables import Organisation, Partnership, Person

from .open_data.reading import read_file
from .tables import OtherGrant

MOST_SHOWN = 20
AT_ONCE = 500
_LEGAL_WORDS = re.compile(r"\b(limited|ltd|cic|cio|the|community interest company|charity)\b")


def name_key(name: str) -> str:
    """A name as it is compared: lower case, letters and digits only, without legal endings."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]", "", _LEGAL_WORDS.sub("", plain.replace("&", " and ")))


def import_file(partnership: Partnership, content: bytes, *, by: Person, now: datetime) -> int:
    """Keep every grant of a file; one that was there already is replaced. Returns how many. Raises Problem, then nothing is kept."""
    rows = [
        {
            "partnership_id": partnership.id, "identifier": row.identifier, "funder": row.funder or "Another funder",
            "recipient": row.recipient, "recipient_key": row.recipient_id.upper(), "name_key": name_key(row.recipient),
            "title": row.title, "pence": row.pence, "awarded_on": row.awarded_on, "imported_at": now, "imported_by_id": by.id,
        }
        for row in read_file(content)
    ]  # fmt: skip
    for start in range(0, len(rows), AT_ONCE):
        part = rows[start : start + AT_ONCE]
        there = OtherGrant.identifier.in_([row["identifier"] for row in part])
        db.session.execute(delete(OtherGrant).where(OtherGrant.partnership_id == partnership.id, there))
        db.session.execute(insert(OtherGrant), part)
    audit.record("other_grants.import", partnership, by=by, now=now, grants=len(rows))
    return len(rows)


@dataclass(frozen=True)
class Source:
    """One funder whose grants are known here. Money in pence."""

    funder: str
    count: int
    pence: int


def sources_of(partnership: Partnership) -> list[Source]:
    query = select(OtherGrant.funder, func.count(), func.sum(OtherGrant.pence))
    query = query.where(OtherGrant.partnership_id == partnership.id).group_by(OtherGrant.funder).order_by(OtherGrant.funder)  # fmt: skip
    return [Source(funder, count, int(pence)) for funder, count, pence in db.session.execute(query)]


def to_organisation(organisation: Organisation, partnership_id: int) -> list[OtherGrant]:
    """What other funders gave this organisation, by its numbers or its name, the latest first."""
    keys = [f"{each.scheme}-{each.number}".upper() for each in identifiers_of(organisation)]
    same = or_(OtherGrant.recipient_key.in_(keys), (OtherGrant.name_key == name_key(organisation.name)) & (OtherGrant.name_key != ""))  # fmt: skip
    query = select(OtherGrant).where(OtherGrant.partnership_id == partnership_id, same)
    return list(db.session.scalars(query.order_by(OtherGrant.awarded_on.desc(), OtherGrant.id).limit(MOST_SHOWN)))
