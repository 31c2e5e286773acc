"""Who may judge what: predicates named as sentences, put together in one table."""

from sqlalchemy import select

from applications.tables import Application
from applications.workflow import APPLICATION
from fund.core.database import db
from fund.core.permissions import No, all_of, asked_once, rule
from fund.roles import (
    is_auditor,
    is_decision_maker,
    is_finance_officer,
    is_fund_officer,
    is_grant_manager,
    is_head_of_fund,
)
from fund.tables import Round

from .assignments import has_conflict
from .conflicts import recused_from
from .panels import seat_in
from .recusals import stands_in
from .tables import Assignment, BidView, Panel, Seat, SeatInvitation
from .visibility import RECUSED
from .workflow import ASSIGNMENT


def _round_id(thing) -> int | None:
    if isinstance(thing, Round):
        return thing.id
    return thing.round_id if isinstance(thing, Application) else thing.application.round_id


def holds_a_seat(person, thing=None) -> bool:
    """Sits on any panel now."""
    if person is None:
        return False
    wanted = (Seat.person_id == person.id, Seat.left_at.is_(None))
    return db.session.scalar(select(Seat.id).where(*wanted).limit(1)) is not None


def leads_a_panel(person, thing=None) -> bool:
    """Chairs a panel now, or keeps its papers."""
    wanted = (Seat.person_id == person.id, Seat.left_at.is_(None), Seat.kind.in_(("chair", "secretary")))
    return db.session.scalar(select(Seat.id).where(*wanted).limit(1)) is not None


@asked_once
def _seat_in(person, round_id: int) -> Seat | None:
    return seat_in(person, round_id)


def sits_on_the_panel(person, round) -> bool:
    return _seat_in(person, _round_id(round)) is not None


def holds_the_seat(person, assignment: Assignment | BidView) -> bool:
    """This reading is theirs, and they still sit on the panel."""
    return person is not None and assignment.seat.person_id == person.id and assignment.seat.left_at is None


def is_the_invited(person, invitation: SeatInvitation) -> bool | No:
    """The link alone is not enough: the person has signed in with the address that it was sent to."""
    if person is not None and person.email == invitation.email:
        return True
    return No("This invitation was sent to another address. Sign in with that address to accept it.")


def has_no_conflict(person, assignment: Assignment) -> bool | No:
    return No(RECUSED) if assignment.status == "recused" else True


def is_still_asked(person, view: BidView) -> bool | No:
    return No(RECUSED) if view.voided_at is not None else True


def is_not_excused(person, assignment: Assignment) -> bool | No:
    return No("You were excused from this bid.") if assignment.status == "excused" else True


@asked_once
def is_chair(person, thing) -> bool | No:
    """Chairs the panel of the round, or stands in for this bid; and declared no conflict when it is about one."""
    if person is None:
        return False
    seat = _seat_in(person, _round_id(thing))
    bid = thing if isinstance(thing, Application) else getattr(thing, "application", None)
    if seat is None or (seat.kind != "chair" and (bid is None or not stands_in(person, bid))):
        return False
    if bid is not None and person.has_recusals and has_conflict(seat, bid):
        return No(RECUSED)
    return True


def is_secretary(person, thing) -> bool | No:
    """Keeps the panel's papers: sees what the chair sees, and changes nothing."""
    seat = _seat_in(person, _round_id(thing))
    if seat is None or seat.kind != "secretary":
        return False
    recused = isinstance(thing, Application) and person.has_recusals and has_conflict(seat, thing)
    return No(RECUSED) if recused else True


def has_scored_it_first(person, application: Application) -> bool | No:
    """A chair who also scores gives their own marks before they see others' (rule 6)."""
    query = select(Assignment.id).join(Seat).join(Panel)
    wanted = (Assignment.application_id == application.id, Seat.person_id == person.id, Assignment.status == "assigned")
    if db.session.scalar(query.where(*wanted).limit(1)) is not None:
        return No("Finish your own scores for this bid first. Others' scores open then.")
    return True


def is_not_the_recused(person, conflict) -> bool | No:
    """Nobody lifts a recusal of their own."""
    own = conflict.seat.person_id == person.id
    return No("This is your own recusal. Others decide whether it is lifted.") if own else True


def sees_every_bid(person, round) -> bool | No:
    """What is recorded of a round is made from all its bids, so somebody recused from one does not record it."""
    recused = person.has_recusals and recused_from(person, round)
    return No("You are recused from a bid of this round. Somebody else records this.") if recused else True


def _has_scored_its_bid_first(person, assignment: Assignment) -> bool | No:
    return has_scored_it_first(person, assignment.application)


def _anywhere(*roles):
    """The same roles, wherever held: evidence cards belong to no partnership."""
    return [lambda person, thing, role=role: role(person) for role in roles]


rule("sit_on_panels", "people with a seat on a panel", holds_a_seat)
rule("declare_conflicts", "members of the round's panel", sits_on_the_panel)
rule(
    "assess_bid",
    "the assessor who was given the bid, unless conflicted",
    all_of(holds_the_seat, has_no_conflict, is_not_excused),
)
rule(
    "give_view",
    "the young or lived-experience member who was asked about the bid, unless conflicted",
    all_of(holds_the_seat, is_still_asked),
)
rule("edit_cards", "fund officers and heads of fund of any partnership", *_anywhere(is_fund_officer, is_head_of_fund))
rule("answer_invitation", "the person whose address was invited to the panel", is_the_invited)
rule("design_criteria", "fund officers and heads of fund of the partnership", is_fund_officer, is_head_of_fund)
rule("run_panel", "fund officers and heads of fund of the partnership", is_fund_officer, is_head_of_fund)
rule(
    "set_calibration", "fund officers and heads of fund of the partnership, and the panel's chair",
    is_fund_officer, is_head_of_fund, is_chair,
)  # fmt: skip
rule("attend_meeting", "members of the round's panel", sits_on_the_panel)
rule("run_meeting", "the chair and the secretary of the panel", is_chair, is_secretary)
rule(
    "read_minutes", "members of the round's panel, its fund officers and heads of fund, without what is hidden from them",
    sits_on_the_panel, is_fund_officer, is_head_of_fund,
)  # fmt: skip
rule("see_moderation", "the chair and the secretary of the panel", is_chair, is_secretary)
rule(
    "moderate_bid", "the chair of the panel, unless conflicted; own scores first",
    all_of(is_chair, has_scored_it_first), all_of(is_secretary, has_scored_it_first),
)  # fmt: skip
rule(
    "moderate_reading",
    "the chair of the panel, unless conflicted; own scores first",
    all_of(is_chair, _has_scored_its_bid_first),
)
rule(
    "see_ranking", "the partnership's officers, decision makers and auditors, and the panel's chair",
    is_fund_officer, is_head_of_fund, is_decision_maker, is_finance_officer, is_grant_manager, is_auditor, is_chair,
)  # fmt: skip
rule(
    "plan_portfolio", "fund officers, heads of fund and decision makers of the partnership",
    is_fund_officer, is_head_of_fund, is_decision_maker,
)  # fmt: skip
rule(
    "freeze_ranking", "fund officers and heads of fund of the partnership who are recused from no bid of the round",
    all_of(is_fund_officer, sees_every_bid), all_of(is_head_of_fund, sees_every_bid),
)  # fmt: skip
rule(
    "see_conflicts", "fund officers, heads of fund and auditors of the partnership", is_fund_officer, is_head_of_fund, is_auditor,
)  # fmt: skip
rule(
    "lift_recusal", "fund officers and heads of fund of the partnership, for other people's recusals",
    all_of(is_fund_officer, is_not_the_recused), all_of(is_head_of_fund, is_not_the_recused),
)  # fmt: skip

APPLICATION.check("who", "is_chair")(is_chair)
ASSIGNMENT.check("who", "holds_the_seat")(holds_the_seat)
ASSIGNMENT.check("who", "lifts_recusals")(
    lambda person, assignment: (
        person.id != assignment.seat.person_id
        and bool(is_fund_officer(person, assignment) or is_head_of_fund(person, assignment))
    )
)
ASSIGNMENT.check("who", "chairs_the_panel")(lambda person, assignment: bool(is_chair(person, assignment)))
ASSIGNMENT.check("who", "runs_the_panel")(
    lambda person, assignment: bool(
        is_fund_officer(person, assignment) or is_head_of_fund(person, assignment) or is_chair(person, assignment)
    )
)
