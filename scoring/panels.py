"""Panels: one for each round, who sits on it and in which seat, and how many of them a bid needs."""

from datetime import datetime
from functools import cache

from sqlalchemy import bindparam, select
from sqlalchemy.orm import joinedload

from fund.core import audit
from fund.core.database import db
from fund.core.problems import Problem
from fund.people import find_person
from fund.tables import Person, Round

from .tables import Assignment, Panel, Seat
from .tables.panels import SEAT_KINDS

GIVEN_BIDS = ("assessor", "lived_experience", "youth")
"""Seats that are given bids to score. A chair moderates; a chair who also scores is given bids by hand."""


def panel_of(round: Round | int) -> Panel | None:
    key = round if isinstance(round, int) else round.id
    return db.session.scalar(select(Panel).where(Panel.round_id == key))


def open_panel(round: Round, *, by: Person | None, now: datetime) -> Panel:
    """The round's panel, made when there is none yet."""
    panel = panel_of(round)
    if panel is None:
        panel = Panel(round_id=round.id, name=f"Panel of {round.title}", created_at=now)
        db.session.add(panel)
        db.session.flush()
        audit.record("panel.open", panel, by=by, now=now)
    return panel


def seats_of(round: Round | int, *kinds: str) -> list[Seat]:
    """The seats that are held now, in the order of appointment; with `kinds`, only those."""
    key = round if isinstance(round, int) else round.id
    query = select(Seat).join(Seat.panel).where(Panel.round_id == key, Seat.left_at.is_(None))
    if kinds:
        query = query.where(Seat.kind.in_(kinds))
    return list(db.session.scalars(query.options(joinedload(Seat.person), joinedload(Seat.panel)).order_by(Seat.id)))


def seat_in(person: Person | None, round_id: int) -> Seat | None:
    """The seat this person holds now on the panel of a round."""
    if person is None:
        return None
    return db.session.scalar(_seat_in(), {"round": round_id, "person": person.id})


@cache
def _seat_in():
    """Built once: every page of a panel asks it."""
    held = (Panel.round_id == bindparam("round"), Seat.person_id == bindparam("person"), Seat.left_at.is_(None))
    return select(Seat).join(Seat.panel).where(*held).options(joinedload(Seat.panel))


def appoint(
    panel: Panel, person: Person, kind: str, label: str, *, by: Person | None, now: datetime, perspective: str = ""
) -> Seat:
    """Give a person a seat. Raises Problem when they sit already, the label is taken, or there is a chair already."""
    if kind not in SEAT_KINDS:
        raise Problem("Choose a kind of seat", "kind")
    seats = seats_of(panel.round_id)
    if any(seat.person_id == person.id for seat in seats):
        raise Problem("This person sits on the panel already", "email")
    if any(seat.label.casefold() == label.casefold() for seat in seats):
        raise Problem("Another member has this name on the panel already", "label")
    if kind == "chair" and any(seat.kind == "chair" for seat in seats):
        raise Problem("This panel has a chair. Take that seat back first.", "kind")
    seat = db.session.scalar(select(Seat).where(Seat.panel_id == panel.id, Seat.person_id == person.id))
    if seat is None:
        seat = Seat(panel_id=panel.id, person_id=person.id, kind=kind, label=label, appointed_at=now)
        db.session.add(seat)
    seat.kind, seat.label, seat.perspective, seat.left_at = kind, label, perspective or None, None
    db.session.flush()
    audit.record("seat.appoint", seat, by=by, now=now, kind=kind)
    return seat


def appoint_by_email(panel: Panel, email: str, kind: str, label: str, *, by: Person, now: datetime, perspective: str = "") -> Seat:  # fmt: skip
    """As `appoint`, for the person with this address. Raises Problem when nobody has it."""
    person = find_person(email)
    if person is None:
        raise Problem("Nobody with this email address has an account yet. Ask an administrator to add them.", "email")
    return appoint(panel, person, kind, label, by=by, now=now, perspective=perspective)


def change_seat(
    seat: Seat, *, label: str, perspective: str, expertise: str, bids_limit: int | None, by: Person, now: datetime
) -> None:
    """Change what stands beside a seat. A lower limit takes nothing away. Raises Problem when another member has this name."""
    others = [each for each in seats_of(seat.panel.round_id) if each.id != seat.id]
    if any(each.label.casefold() == label.casefold() for each in others):
        raise Problem("Another member has this name on the panel already", "label")
    new = {"label": label, "perspective": perspective or None, "expertise": expertise or None, "bids_limit": bids_limit}
    changed = [name for name, value in new.items() if getattr(seat, name) != value]
    for name in changed:
        setattr(seat, name, new[name])
    if changed:
        audit.record("seat.change", seat, by=by, now=now, changed=changed)


def say_my_limit(seat: Seat, most: int | None, *, by: Person, now: datetime) -> None:
    """Keep how many bids a member can read at most; None when they say no number. Bids given already stay."""
    seat.bids_limit = most
    audit.record("seat.limit", seat, by=by, now=now, most=most)


def end_seat(seat: Seat, *, by: Person, now: datetime) -> None:
    """Take a seat back. Raises Problem while the member has bids to finish: excuse them from those first."""
    unfinished = select(Assignment.id).where(Assignment.seat_id == seat.id, Assignment.status == "assigned").limit(1)
    if db.session.scalar(unfinished):
        raise Problem(
            f"{seat.label} has bids to finish. Excuse them from those first, so that somebody else is given them."
        )
    seat.left_at = now
    audit.record("seat.end", seat, by=by, now=now)
