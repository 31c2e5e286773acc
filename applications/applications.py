"""Applications: finding them, starting one, and who leads it."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from fund.core import audit
from fund.core.clock import speak_moment
from fund.core.database import db
from fund.core.problems import Forbidden, Problem, WrongMoment
from fund.members import is_member_of
from fund.tables import Fund, Organisation, Person, Round

from .forms import current_form
from .references import next_reference
from .tables import Application, Collaborator, Form, VoiceNote
from .tracks import set_track

WITH_ITS_WORLD = (
    joinedload(Application.round, innerjoin=True)
    .joinedload(Round.fund, innerjoin=True)
    .joinedload(Fund.partnership, innerjoin=True),
    joinedload(Application.organisation, innerjoin=True).joinedload(Organisation.identifiers),
    joinedload(Application.form, innerjoin=True),
    joinedload(Application.collaborators),
)


class TooManyBids(Problem):
    """The organisation has as many bids in this round as the round allows; `existing` are their keys."""

    def __init__(self, sentence: str, existing: list[int]):
        super().__init__(sentence)
        self.existing = existing


def load_application(key: int) -> Application | None:
    """A bid with its round, fund, partnership, organisation, form and collaborators, in one statement."""
    return (
        db.session.scalars(select(Application).where(Application.id == key).options(*WITH_ITS_WORLD))
        .unique()
        .one_or_none()
    )


def load_with_voices(key: int) -> Application | None:
    """The same with its voice notes, for pages that show every answer; still one statement."""
    notes = joinedload(Application.voice_notes)
    wanted = select(Application).where(Application.id == key).options(*WITH_ITS_WORLD, notes.joinedload(VoiceNote.file), notes.joinedload(VoiceNote.transcript_by))  # fmt: skip
    return db.session.scalars(wanted).unique().one_or_none()


def hold(application: Application) -> None:
    """Two who press at once queue here until the first has committed; where the bid stands is read anew after it."""
    db.session.flush()
    db.session.refresh(application, ["status", "submitted_at"], with_for_update=True)


def applications_of(round: Round, *statuses: str) -> list[Application]:
    """The bids of a round, in order of reference; only those in these states when any are named."""
    wanted = select(Application).where(Application.round_id == round.id)
    if statuses:
        wanted = wanted.where(Application.status.in_(statuses))
    return list(db.session.scalars(wanted.order_by(Application.reference)))


def role_of(person: Person | None, application: Application) -> str | None:
    """lead, editor or viewer; None for everybody else."""
    if person is None:
        return None
    return next(
        (row.role for row in application.collaborators if row.person_id == person.id and row.removed_at is None), None
    )


def is_lead_of(person: Person | None, application: Application) -> bool:
    return role_of(person, application) == "lead"


def leads_of(application: Application) -> list[Person]:
    wanted = (
        select(Person)
        .join(Collaborator, Collaborator.person_id == Person.id)
        .where(
            Collaborator.application_id == application.id,
            Collaborator.role == "lead",
            Collaborator.removed_at.is_(None),
        )
        .order_by(Collaborator.id)
    )
    return list(db.session.scalars(wanted))


def applications_for(person: Person) -> list[Application]:
    """The bids this person works on, newest first, each with its round and organisation."""
    wanted = (
        select(Application)
        .join(Collaborator, Collaborator.application_id == Application.id)
        .where(Collaborator.person_id == person.id, Collaborator.removed_at.is_(None))
        .options(joinedload(Application.round), joinedload(Application.organisation))
        .order_by(Application.id.desc())
    )
    return list(db.session.scalars(wanted))


def live_bids(round: Round, organisation: Organisation) -> list[Application]:
    """The organisation's bids in the round that count against its number of bids: all but withdrawn and ineligible ones."""
    wanted = select(Application).where(
        Application.round_id == round.id,
        Application.organisation_id == organisation.id,
        Application.status.not_in(("withdrawn", "ineligible")),
    )
    return list(db.session.scalars(wanted.order_by(Application.id)))


def start_application(
    round: Round, organisation: Organisation, *, by: Person, now: datetime, once: str | None = None
) -> Application:
    """A new draft with its reference; the person who starts it leads it.

    `once` names the click: the same name again answers the bid that the first click made. Raises WrongMoment when the round
    is not open, Forbidden for people who are not members of the organisation, TooManyBids at the round's limit (rule 3).
    """
    if once and (known := db.session.scalar(select(Application).where(Application.once == once))):
        return known
    if not round.is_open(now):
        when = (
            f"opens on {speak_moment(round.opens_at)}"
            if now < round.opens_at
            else f"closed on {speak_moment(round.closes_at)}"
        )
        raise WrongMoment(f"You cannot start a bid now. This round {when}.")
    if not is_member_of(by, organisation):
        raise Forbidden("You can start a bid only for an organisation that you belong to.")
    return new_draft(round, organisation, by, by=by, now=now, once=once)


def new_draft(
    round: Round, organisation: Organisation, lead: Person, *, by: Person, now: datetime, once: str | None = None, source: str = "online"
) -> Application:  # fmt: skip
    """A draft led by `lead`, whoever starts it; `source` says how it came in. Who may do this, and when, is for the caller.

    Raises TooManyBids at the round's limit (rule 3), WrongMoment when the round has no frozen form.
    """
    # Two people starting at the same moment queue here, so that the count below is true for both.
    db.session.execute(select(Organisation.id).where(Organisation.id == organisation.id).with_for_update())
    existing = live_bids(round, organisation)
    if len(existing) >= round.bids_per_organisation:
        raise TooManyBids(_limit_sentence(round, organisation), [row.id for row in existing])
    form = current_form(round)
    if form is None or form.frozen_at is None:
        raise WrongMoment("This round has no questions yet.")
    return _add_draft(round, organisation, form, lead, by, now, once, source)


def _add_draft(
    round: Round, organisation: Organisation, form: Form, lead: Person, by: Person, now: datetime, once: str | None, source: str
) -> Application:  # fmt: skip
    application = Application(
        round_id=round.id, organisation_id=organisation.id, form_id=form.id, reference=next_reference(round.prefix),
        created_at=now, created_by_id=by.id, once=once, source=source,
    )  # fmt: skip
    try:
        with db.session.begin_nested():
            db.session.add(application)
            db.session.flush()
    except IntegrityError:
        if once and (known := db.session.scalar(select(Application).where(Application.once == once))):
            return known
        raise
    set_track(application)
    db.session.add(
        Collaborator(application_id=application.id, person_id=lead.id, role="lead", added_at=now, added_by_id=by.id)
    )
    db.session.flush()
    audit.record("application.start", application, by=by, now=now, round=round.id, organisation=organisation.id)
    return application


def _limit_sentence(round: Round, organisation: Organisation) -> str:
    if round.bids_per_organisation == 1:
        return f"{organisation.name} has a bid in this round already. Each organisation can send one."
    return f"{organisation.name} has {round.bids_per_organisation} bids in this round already. That is the most one organisation can send."
