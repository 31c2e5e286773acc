"""What this package gives to a round when it is made or cloned, and to the round's pages."""

from sqlalchemy import func, select

from fund import hooks
from fund.core.database import db
from fund.core.money import short_pounds
from fund.tables import Priority

from .form_design import clone_form
from .standard_form import use_standard_form
from .tables import Application
from .tables.applications import SUBMITTED_STATES


@hooks.when_created
def give_the_standard_form(round, *, by, now):
    use_standard_form(round, by=by, now=now, two_tracks=True)


@hooks.when_cloned
def give_the_same_form(old, new, *, by, now):
    clone_form(old, new, by=by, now=now)


@hooks.asked_by_priority
def asked_by_priority(round) -> dict[str, int]:
    """Pence asked for in bids that were sent, by priority code."""
    wanted = (
        select(Priority.code, func.sum(Application.requested_pence))
        .join(Priority, Priority.id == Application.priority_id)
        .where(Application.round_id == round.id, Application.status.in_(SUBMITTED_STATES))
        .group_by(Priority.code)
    )
    return {code: int(pence or 0) for code, pence in db.session.execute(wanted)}


STEPS = {
    "submitted": "to check", "eligible": "wait for the panel", "in_scoring": "in scoring", "moderated": "to decide",
    "reserved": "on the reserve list", "offered": "offered", "accepted": "accepted", "in_delivery": "in delivery",
}  # fmt: skip


def standing(counts: dict[str, int]) -> str:
    """How far the bids of a round are, from the first step to the last: "12 in scoring, 14 to decide"."""
    parts = [f"{counts[status]} {words}" for status, words in STEPS.items() if counts.get(status)]
    if parts:
        return ", ".join(parts)
    return "all settled" if set(counts) - {"draft", "withdrawn"} else "none yet"


@hooks.round_counts
def counts(round, now) -> list[tuple[str, str, str]]:
    """How many bids are drafts and sent, and what they ask for."""
    wanted = (
        select(Application.status, func.count(), func.sum(Application.requested_pence))
        .where(Application.round_id == round.id, Application.status != "withdrawn")
        .group_by(Application.status)
    )
    rows = db.session.execute(wanted).all()
    sent = [(count, pence or 0) for status, count, pence in rows if status != "draft"]
    drafts = sum(count for status, count, _pence in rows if status == "draft")
    return [
        (
            "Bids sent",
            str(sum(count for count, _pence in sent)),
            standing({status: count for status, count, _pence in rows}),
        ),
        ("Asked for", short_pounds(sum(int(pence) for _count, pence in sent)), "in bids that were sent"),
        ("Drafts", str(drafts), "not sent yet"),
    ]
