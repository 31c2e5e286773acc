"""Who stands where: the applicant's own people, those who judged the bid, and those who must sign for the grantee."""

from sqlalchemy import select

from applications.signals.hooks import people_named
from applications.tables import Application, Collaborator
from fund.core.database import db
from fund.strategies.legal_form import legal_form
from fund.tables import Membership, Organisation, Person

from .tables import Award, Signatory

FEW = 100  # bids to ask for by their keys; for more than that everybody is read


def is_party(person: Person | None, application: Application) -> bool:
    """Whether somebody is on the applicant's side: writes the bid, or belongs to the organisation."""
    return person is not None and bool(db.session.scalar(select(takes_side(person, application))))


def takes_side(person: Person, application: Application):
    """The same as SQL, for whoever asks more in the same statement."""
    writes = select(Collaborator.id).where(
        Collaborator.application_id == application.id,
        Collaborator.person_id == person.id,
        Collaborator.removed_at.is_(None),
    )
    belongs = select(Membership.id).where(
        Membership.organisation_id == application.organisation_id,
        Membership.person_id == person.id,
        Membership.left_at.is_(None),
    )
    return writes.exists() | belongs.exists()


def people_of(application: Application) -> list[Person]:
    """The people who write the bid, leads first: who letters about it go to."""
    wanted = (Collaborator.application_id == application.id, Collaborator.removed_at.is_(None))
    order = ((Collaborator.role == "lead").desc(), Collaborator.id)
    return list(db.session.scalars(select(Person).join(Collaborator, Collaborator.person_id == Person.id).where(*wanted).order_by(*order)))  # fmt: skip


def lead_of(application: Application) -> Person | None:
    return next(iter(people_of(application)), None)


def signatures_needed(organisation: Organisation) -> int:
    """Two for a body that is no legal person of its own: its people sign personally (domain guide, section 3)."""
    return 2 if legal_form(organisation.legal_form).own_legal_person != "yes" else 1


def signatories_of(award: Award) -> list[Signatory]:
    wanted = select(Signatory).where(Signatory.award_id == award.id).order_by(Signatory.position)
    return list(db.session.scalars(wanted))


def is_named_to_sign(person: Person | None, award: Award) -> bool:
    wanted = (Signatory.award_id == award.id, Signatory.person_id == getattr(person, "id", None))
    return person is not None and bool(db.session.scalar(select(select(Signatory.id).where(*wanted).exists())))


@people_named
def named_to_sign(bids: frozenset[int]) -> list[tuple[int, str, str]]:
    """(bid, name, role) of everybody named to sign for an award of these bids: their names are compared as well."""
    query = select(Award.application_id, Person.name).join(Signatory, Signatory.award_id == Award.id)
    query = query.join(Person, Person.id == Signatory.person_id).order_by(Signatory.id)
    if len(bids) <= FEW:
        query = query.where(Award.application_id.in_(bids))
    return [(key, name, "named to sign the agreement") for key, name in db.session.execute(query) if key in bids]
