"""Other funders' grants: imported from their open data, and shown beside a bid of an organisation that has some."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime

from rapidfuzz import fuzz
from sqlalchemy import ColumnElement, and_, delete, func, insert, or_, select

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


@dataclass(frozen=True)
class Match:
    """One grant of another funder and how it was found: by "number", "name", or "near" for a name that is only like it."""

    grant: OtherGrant
    how: str

    @property
    def words(self) -> str:
        return HOW[self.how].format(name=self.grant.recipient)


HOW = {"number": "same registration number", "name": "same name", "near": "a like name: {name}"}
NEAR = 88  # of 100: rapidfuzz ratio of the names without spaces and legal endings
ENDS = 4  # letters at the beginning or the end that two like names share; the database looks for them


def matches(organisation: Organisation, partnership_id: int) -> list[Match]:
    """What other funders gave this organisation, by its numbers, its name or a like name; the latest first, like names last.

    One statement, whatever the files hold: a like name begins or ends as this one does.
    """
    return looked_up(organisation, partnership_id)[0]


def looked_up(organisation: Organisation, partnership_id: int) -> tuple[list[Match], list[str]]:
    """The same with the funders in whose files it was looked for, by name; still one statement."""
    keys = [f"{each.scheme}-{each.number}".upper() for each in identifiers_of(organisation)]
    name = name_key(organisation.name)
    alike: list[ColumnElement[bool]] = [OtherGrant.recipient_key.in_(keys)]
    if len(name) > ENDS:
        alike += [OtherGrant.name_key.startswith(name[:ENDS]), OtherGrant.name_key.endswith(name[-ENDS:])]
    elif name:
        alike.append(OtherGrant.name_key == name)
    here = OtherGrant.partnership_id == partnership_id
    files = select(OtherGrant.funder).where(here).distinct().subquery()
    query = select(files.c.funder, OtherGrant).outerjoin(OtherGrant, and_(here, OtherGrant.funder == files.c.funder, or_(*alike)))  # fmt: skip
    rows = db.session.execute(query.order_by(OtherGrant.awarded_on.desc(), OtherGrant.id)).all()
    found = [Match(row, how) for _funder, row in rows if row is not None and (how := _how(row, keys, name))]
    return sorted(found, key=lambda each: each.how == "near")[:MOST_SHOWN], sorted({funder for funder, _row in rows})


def _how(row: OtherGrant, keys: list[str], name: str) -> str | None:
    if row.recipient_key in keys:
        return "number"
    if name and row.name_key == name:
        return "name"
    return "near" if name and fuzz.ratio(row.name_key, name, score_cutoff=NEAR) else None


def to_organisation(organisation: Organisation, partnership_id: int) -> list[OtherGrant]:
    """The grants alone, like names too."""
    return [each.grant for each in matches(organisation, partnership_id)]
