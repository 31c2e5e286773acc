"""Who is written to about the returns of an award."""

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import select

from applications.tables import Collaborator
from awards.tables import Award
from fund.core.database import db
from fund.tables import Membership, Person


def people_who_report(award_ids: Sequence[int]) -> dict[int, list[Person]]:
    """The leads of each award's bid; where none is left, the lead members of its organisation. Two statements at most."""
    found: dict[int, list[Person]] = defaultdict(list)
    leads = (
        select(Award.id, Person)
        .join(Collaborator, Collaborator.application_id == Award.application_id)
        .join(Person, Person.id == Collaborator.person_id)
        .where(Award.id.in_(award_ids), Collaborator.role == "lead", Collaborator.removed_at.is_(None))
        .where(Person.disabled_at.is_(None)).order_by(Award.id, Person.id)
    )  # fmt: skip
    for award_id, person in db.session.execute(leads):
        found[award_id].append(person)
    without = [key for key in award_ids if key not in found]
    if without:
        members = (
            select(Award.id, Person)
            .join(Membership, Membership.organisation_id == Award.organisation_id)
            .join(Person, Person.id == Membership.person_id)
            .where(Award.id.in_(without), Membership.role == "lead", Membership.left_at.is_(None))
            .where(Person.disabled_at.is_(None)).order_by(Award.id, Person.id)
        )  # fmt: skip
        for award_id, person in db.session.execute(members):
            found[award_id].append(person)
    return found
