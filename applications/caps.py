"""What one bid, and all bids of one organisation, may ask for (rules 1 to 3)."""

from dataclasses import dataclass

from sqlalchemy import select

from fund.caps import CapFor, cap_for, caps_of, over_cap_sentence, registration_of
from fund.core.database import db
from fund.core.money import pounds
from fund.core.problems import Problem
from fund.organisations import registers_for
from fund.tables import Organisation, Round

from .tables import Application

# Bids that still ask for money: neither withdrawn nor turned down.
ASKING = (
    "submitted",
    "eligible",
    "in_scoring",
    "moderated",
    "reserved",
    "offered",
    "accepted",
    "in_delivery",
    "closed",
)
TO_BE_CHECKED = "to be checked"


@dataclass(frozen=True)
class Room:
    """What the page shows under the thumb, in pence. `sentence` is empty when all is well."""

    cap: CapFor
    asked_pence: int
    sentence: str

    @property
    def left_pence(self) -> int:
        return self.cap.most_pence - self.asked_pence

    @property
    def is_over(self) -> bool:
        return bool(self.sentence)


def cap_of(round: Round, organisation: Organisation) -> CapFor:
    """The cap that holds now. A legal form the round does not fund gets the lowest cap; screening turns it down, with reasons."""
    try:
        return cap_for(round, organisation)
    except Problem:
        lowest = caps_of(round)[-1]
        return CapFor(lowest.key, lowest.plural, lowest.most_pence)


def room_for(application: Application, asked_pence: int | None) -> Room:
    """How much room the cap leaves for this much, with the sentence of rule 1 or 3 when there is none."""
    cap, asked = cap_of(application.round, application.organisation), asked_pence or 0
    sentence = over_cap_sentence(cap, asked) if asked > cap.most_pence else (over_joint_cap(application, asked) or "")
    return Room(cap, asked, sentence)


def over_by(application: Application) -> str:
    """How far a bid that was sent is over since its register lowered the cap, in a sentence; empty when it is not (rule 2).

    Such a bid is kept. What stands as it was when the bid was sent was within the cap then: nothing is asked for it.
    """
    organisation = application.organisation
    if registration_of(organisation) in ("confirmed", "to_check") or not registers_for(organisation):
        return ""
    room = room_for(application, application.requested_pence)
    if room.left_pence >= 0:
        return ""
    return (
        f"Over by {pounds(-room.left_pence)}: no register confirms the number, and {room.cap.plural} can ask for "
        f"up to {pounds(room.cap.most_pence)}."
    )


def check_caps(application: Application, asked_pence: int) -> None:
    """Raises Problem beside `asked` when the bid, or the organisation's bids together, ask for too much."""
    room = room_for(application, asked_pence)
    if room.is_over:
        raise Problem(room.sentence, "asked")


def over_joint_cap(application: Application, asked_pence: int) -> str | None:
    """The sentence that names both bids when they are over the joint cap together, or None."""
    most = application.round.joint_cap_pence
    if most is None or not asked_pence:
        return None
    others = _other_bids(application)
    total = asked_pence + sum(pence for _reference, pence in others)
    if total <= most or not others:
        return None
    named = " and ".join(f"{reference} asks for {pounds(pence)}" for reference, pence in others)
    return (
        f"{named}, and this bid ({application.reference}) for {pounds(asked_pence)}: {pounds(total)} together. "
        f"All bids of one organisation can ask for up to {pounds(most)}. Take off {pounds(total - most)} to carry on."
    )


def _other_bids(application: Application) -> list[tuple[str, int]]:
    wanted = select(Application.reference, Application.requested_pence).where(
        Application.round_id == application.round_id,
        Application.organisation_id == application.organisation_id,
        Application.id != application.id,
        Application.status.in_(ASKING),
        Application.requested_pence.is_not(None),
    )
    return [(reference, pence) for reference, pence in db.session.execute(wanted.order_by(Application.reference))]
