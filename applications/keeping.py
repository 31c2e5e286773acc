"""How long bids are kept, and what of a bid's tables goes with it when its time is over or its applicant asks."""

from datetime import datetime, time

from flask import current_app
from sqlalchemy import Text, cast, func, literal, or_, select, update
from sqlalchemy.orm import joinedload

from fund.core import files
from fund.core.clock import LONDON
from fund.core.database import db
from fund.core.workflow import StatusChange
from fund.erasing import ERASED, before_a_bid_goes, with_bid
from fund.hooks import bids_by_key, bids_due, data_about, forgets_person, held_about, uses_of_organisation
from fund.people_data import Held
from fund.retention import Due, unsuccessful_until, years_after
from fund.tables import Erasure, Person, Round

from .tables import (
    Answer,
    AnswerChange,
    Application,
    BidPrint,
    ChangeDraft,
    ChangeRequest,
    Collaborator,
    DiligenceLook,
    DiligencePack,
    Document,
    EligibilityCheck,
    Extension,
    KeyedBid,
    PackUpload,
    Signal,
    SignalAnswer,
    Submission,
    VoiceNote,
)
from .workflow import AWARDED, ENDED

SHOWN = (joinedload(Application.organisation), joinedload(Application.round).joinedload(Round.fund))
KEY = "a word of our own, not of the applicant's"
with_bid(
    Application, title=ERASED, once=None, stays=("reference", "status", "source", "track", "prevention_level", "strand_id"),
    stays_for="the bid is still counted: " + KEY,
)  # fmt: skip
with_bid(Answer, rows=True)
with_bid(AnswerChange, rows=True)
with_bid(Document, rows=True, file="file_id")
with_bid(Submission, snapshot="", declared_name=ERASED, declared_role="", stays=("sha256",), stays_for="it says nothing without what it was made from")  # fmt: skip
with_bid(ChangeRequest, sentence=ERASED, before=None, after=None)
with_bid(EligibilityCheck, reason=None, stays=("key", "answer"), stays_for=KEY)
with_bid(Extension, reason=ERASED)
with_bid(PackUpload, rows=True)
with_bid(KeyedBid, file="scan_id", late_reason=None, stays=("came_by",), stays_for=KEY)
with_bid(VoiceNote, rows=True, file="file_id")
with_bid(ChangeDraft, rows=True)
with_bid(BidPrint, rows=True)
with_bid(SignalAnswer, rows=True)
with_bid(Signal, rows=True)
with_bid(DiligenceLook, rows=True)
with_bid(DiligencePack, rows=True, file="file_id")
with_bid(Collaborator, stays=("role",), stays_for="the person is erased by themselves")


@before_a_bid_goes
def why_it_moved(key: int, *, now: datetime) -> None:
    """The reasons that people typed when the bid moved; that it moved, and when, stays."""
    wanted = (StatusChange.workflow == "application", StatusChange.subject_id == key)
    db.session.execute(update(StatusChange).where(*wanted).values(reason=None))


@before_a_bid_goes
def packs_that_name_it(key: int, *, now: datetime) -> None:
    """Due-diligence packs of other bids that tell of this one: what it had in common with them stands in there."""
    for pack in db.session.scalars(select(DiligencePack).where(DiligencePack.application_id != key)).all():
        if key in pack.tells_of:
            files.forget(pack.file)
            db.session.delete(pack)
    db.session.flush()


@bids_by_key
def the_bids(keys: list[int]) -> dict[int, Application]:
    wanted = select(Application).where(Application.id.in_(keys)).options(*SHOWN)
    return {bid.id: bid for bid in db.session.scalars(wanted)}


def _kept(column=Application.id):
    """SQL: whether a bid still has its words."""
    return ~select(Erasure.id).where(Erasure.about == literal("application-") + cast(column, Text)).exists()


@bids_due
def after_the_round(until: datetime) -> list[Due]:
    """Bids whose round has ended long enough ago: decided or not sent, or left over when the round was finished or called off.

    The shorter of the two periods finds them; which one counts for each is worked out one by one.
    """
    settings = current_app.config["SETTINGS"]
    closed = years_after(until, -min(settings.keep_unsuccessful_years, settings.keep_awarded_years))
    over = or_(Application.status.in_([*ENDED, "draft"]), Round.status.in_(("finished", "cancelled")))
    wanted = (
        select(Application)
        .join(Round, Round.id == Application.round_id)
        .where(over, Round.closes_at <= closed, _kept())
        .options(*SHOWN)
        .order_by(Application.id)
    )
    why = "years after the round ended"
    return [Due(bid, unsuccessful_until(end_of(bid.round)), why) for bid in db.session.scalars(wanted)]


def end_of(round: Round) -> datetime:
    """When a round has ended for those it did not fund: the day decisions were due, or its closing when that is later."""
    if round.decisions_by is None:
        return round.closes_at
    return max(round.closes_at, datetime.combine(round.decisions_by, time(23, 59), LONDON))


@uses_of_organisation
def bids_with_words(organisation_id: int) -> list[str]:
    wanted = select(Application.id).where(Application.organisation_id == organisation_id, _kept()).limit(1)
    return ["bids"] if db.session.scalar(wanted) else []


def _bids_of(person: Person) -> list[tuple[Application, str]]:
    """The bids that somebody writes or wrote on and that still have their words, each with their part."""
    wanted = select(Application, Collaborator.role).join(Collaborator, Collaborator.application_id == Application.id)
    wanted = wanted.where(Collaborator.person_id == person.id, _kept()).order_by(Application.id)
    return [(bid, role) for bid, role in db.session.execute(wanted)]


@held_about
def bids_about(person: Person, *, now: datetime) -> list[Held]:
    """A bid goes with its only writer when it has ended without money; awards add what money keeps."""
    found = []
    for bid, role in _bids_of(person):
        words = f"Bid {bid.reference}"
        if role != "lead" or _others_on(bid, person):
            found.append(
                Held(f"{words}, which others of the organisation wrote on", True, "Only their part in it goes.")
            )
        elif bid.status in AWARDED:
            found.append(Held(words, False, "It was paid for with public money. It is kept until its time is over."))
        elif bid.status in ENDED or bid.status == "draft":
            found.append(Held(words, True, "Answers, papers and scores' reasons go. Its reference and sums stay.", bid))
        else:
            found.append(
                Held(words, False, "It is being decided. Withdraw it or give it another lead first.", blocks=True)
            )
    return found


def _others_on(bid: Application, person: Person) -> bool:
    wanted = (
        Collaborator.application_id == bid.id,
        Collaborator.person_id != person.id,
        Collaborator.removed_at.is_(None),
    )
    return bool(db.session.scalar(select(func.count()).select_from(Collaborator).where(*wanted)))


@data_about
def own_bids(person: Person) -> dict:
    bids = [
        {
            "reference": bid.reference,
            "title": bid.title,
            "your part": role,
            "status": bid.status,
            "sent": bid.submitted_at,
        }
        for bid, role in _bids_of(person)
    ]
    saved = select(AnswerChange.value, AnswerChange.saved_at, Application.reference)
    saved = saved.join(Application, Application.id == AnswerChange.application_id)
    saved = saved.where(AnswerChange.saved_by_id == person.id).order_by(AnswerChange.id)
    answers = [
        {"bid": each.reference, "saved": each.saved_at, "text": each.value} for each in db.session.execute(saved)
    ]
    return {"bids": bids, "answers you saved": answers}


@forgets_person
def part_in_bids(person: Person, *, now: datetime) -> dict[str, int]:
    """Their part in bids ends; the rows name them by key only."""
    running = (Collaborator.person_id == person.id, Collaborator.removed_at.is_(None))
    ended = db.session.execute(update(Collaborator).where(*running).values(removed_at=now)).rowcount
    declared = update(Submission).where(
        Submission.submitted_by_id == person.id, Submission.declared_name == person.name
    )
    db.session.execute(declared.values(declared_name=f"Erased person {person.id}"))
    return {"collaborator": ended}
