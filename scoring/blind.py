"""Blind reading: where the round says so, members who score do not see who asks: no names, no addresses, no papers.

Conflicts are declared on a page that names organisations without their bids; after it, names are taken out of everything
that a member reads, also where an answer mentions them. The chair, the secretary and the office see them.
"""

import re
from collections.abc import Iterable
from typing import Any

from sqlalchemy import select, union_all

from applications.tables import Application, Collaborator
from fund.core.database import db
from fund.tables import Identifier, Membership, Person, Round

from .panels import GIVEN_BIDS
from .tables import Assignment, Seat
from .tables.panels import VIEW_SEATS

HIDDEN = "[hidden]"
LEAST = 4  # letters: shorter words hide more of a sentence than they protect


def is_blind(seat: Seat | None, round: Round) -> bool:
    """Whether this member reads the round's bids without the names of who asks; who gives views in pictures always does."""
    if seat is not None and round.view_weight is not None and seat.kind in VIEW_SEATS:
        return True
    return round.hides_names and (seat is None or seat.kind in GIVEN_BIDS)


def names_in(application: Application) -> list[str]:
    """What would say who asks: the organisation, where it is, its numbers and its people. One statement."""
    organisation = application.organisation
    own = (organisation.name, organisation.address, organisation.postcode, organisation.email, organisation.phone)
    site = (
        (organisation.website or "").removeprefix("https://").removeprefix("http://").removeprefix("www.").rstrip("/")
    )
    members = select(Person.name.label("name")).join(Membership, Membership.person_id == Person.id)
    writers = select(Person.name).join(Collaborator, Collaborator.person_id == Person.id)
    numbers = select(Identifier.number).where(Identifier.organisation_id == organisation.id)
    parts = union_all(
        members.where(Membership.organisation_id == organisation.id),
        writers.where(Collaborator.application_id == application.id),
        numbers,
    )
    found = {name.strip() for name in (*own, site, *db.session.scalars(parts)) if name}
    return sorted((name for name in found if len(name) >= LEAST), key=lambda name: (-len(name), name))


def mask(value: Any, names: Iterable[str]) -> Any:
    """A value with every such name taken out of its texts, whatever its case and spacing; other values as they are."""
    patterns = [r"\s+".join(map(re.escape, name.split())) for name in names]
    if not patterns:
        return value
    return _masked(value, re.compile(rf"(?<!\w)(?:{'|'.join(patterns)})(?!\w)", re.IGNORECASE))


def _masked(value: Any, pattern: re.Pattern) -> Any:
    if isinstance(value, str):
        return pattern.sub(HIDDEN, value)
    if isinstance(value, list):
        return [_masked(each, pattern) for each in value]
    if isinstance(value, dict):
        return {key: _masked(each, pattern) for key, each in value.items()}
    return value


def title_for(assignment: Assignment) -> str:
    """The bid's title as this reader may see it."""
    application = assignment.application
    title = application.title or ""
    return mask(title, names_in(application)) if is_blind(assignment.seat, application.round) else title
