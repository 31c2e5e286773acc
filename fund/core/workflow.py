"""The workflow engine: one table says which moves a thing can make; `move()` is the only writer of a status.

A package writes its states and moves as data. The checks that a move needs and the messages it sends are named there and
registered by whichever package knows them, so that an upstream table can name a downstream rule without importing it.
"""

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import event, select
from sqlalchemy.orm import Mapped, mapped_column

from . import audit, withholding
from .database import Key, Model, Moment, db
from .problems import Forbidden, Problem, WrongMoment

_moving: ContextVar[bool] = ContextVar("moving", default=False)


class StatusChange(Model):
    __tablename__ = "status_change"

    id: Mapped[Key]
    workflow: Mapped[str]
    subject_id: Mapped[int] = mapped_column(index=True)
    action: Mapped[str]
    old: Mapped[str]
    new: Mapped[str]
    at: Mapped[Moment]
    by_id: Mapped[int | None]
    reason: Mapped[str | None]


@dataclass(frozen=True)
class State:
    """One state and what each audience calls it. `colour` is a GOV.UK tag colour; `ended` means nothing follows."""

    key: str
    staff: str
    applicant: str
    public: str = ""
    colour: str = "grey"
    ended: bool = False


@dataclass(frozen=True)
class Move:
    """One row of the table: action, from, to, who (a registered predicate), needs (checks), tells (messages)."""

    action: str
    sources: tuple[str, ...]
    target: str
    who: str
    label: str
    needs: tuple[str, ...] = ()
    tells: tuple[str, ...] = ()
    needs_reason: bool = False


@dataclass
class Workflow:
    """The life of one kind of thing. `who`, `needs` and `tells` are filled by the packages through the decorators below."""

    name: str
    states: tuple[State, ...]
    moves: tuple[Move, ...]
    initial: str
    who: dict[str, Callable] = field(default_factory=dict)
    needs: dict[str, Callable] = field(default_factory=dict)
    tells: dict[str, Callable] = field(default_factory=dict)

    def __post_init__(self):
        keys = [state.key for state in self.states]
        if len(set(keys)) != len(keys) or self.initial not in keys:
            raise ValueError(f"{self.name}: states repeat or the first is missing")
        for row in self.moves:
            if not {*row.sources, row.target} <= set(keys):
                raise ValueError(f"{self.name}: {row.action} names an unknown state")
        WORKFLOWS[self.name] = self

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(state.key for state in self.states)

    def state(self, key: str) -> State:
        return next(state for state in self.states if state.key == key)

    def ended(self) -> frozenset[str]:
        return frozenset(state.key for state in self.states if state.ended)

    def find(self, action: str, status: str) -> Move | None:
        return next((row for row in self.moves if row.action == action and status in row.sources), None)

    def guard(self, model) -> None:
        """Make `model.status` writable by this engine only (a new row starts in the initial state)."""

        @event.listens_for(model.status, "set")
        def _refuse(_row, value, old, _initiator):
            if not _moving.get() and value != self.initial:
                raise AttributeError(f"{model.__name__}.status is written by move() only")

        @event.listens_for(model, "init")
        def _begin(row, _args, kwargs):
            kwargs.setdefault("status", self.initial)

    def check(self, kind: str, name: str):
        """Decorator that registers a predicate (`who`), a check (`needs`) or a message (`tells`) under a name."""
        shelf = getattr(self, kind)
        if name not in {n for row in self.moves for n in ((row.who,) if kind == "who" else getattr(row, kind))}:
            raise ValueError(f"{self.name}: no move names {name!r} in {kind}")

        def keep(function):
            if name in shelf:
                raise ValueError(f"{self.name}: {kind} {name!r} is registered twice")
            shelf[name] = function
            return function

        return keep

    def unregistered(self) -> list[str]:
        """Names in the table that no package has registered; a house test wants none."""
        missing = [row.who for row in self.moves if row.who not in self.who]
        missing += [n for row in self.moves for n in row.needs if n not in self.needs]
        return missing + [n for row in self.moves for n in row.tells if n not in self.tells]

    def moves_for(self, person, thing, *among: str) -> list[Move]:
        """The moves this person may make with this thing now (`among`: only these are asked about): what the buttons are
        drawn from.

        The needs are not asked here: a button whose need fails answers with the sentence that says what is missing.
        """
        rows = [row for row in self.moves if thing.status in row.sources and (not among or row.action in among)]
        return [row for row in rows if self.who[row.who](person, thing)]

    def move(self, thing, action: str, *, by, now: datetime, reason: str | None = None, **facts) -> StatusChange:
        """Make one move: the only writer of a status.

        `by` is a person, or None for the clock. `facts` go to the checks, the messages and the audit line. Raises
        WrongMoment when the thing is elsewhere, Forbidden for the wrong person, Problem for a missing reason or need.
        """
        with withholding.whole():
            return self._move(thing, action, by, now, reason, facts)

    def _move(self, thing, action: str, by, now: datetime, reason: str | None, facts: dict) -> StatusChange:
        row = self.find(action, thing.status)
        if row is None:
            known = next(move for move in self.moves if move.action == action)
            raise WrongMoment(f"This cannot be done now. It is “{self.state(thing.status).staff}”. ({known.label})")
        if not self.who[row.who](by, thing):
            raise Forbidden("You are not the person who can do this.")
        if row.needs_reason and not (reason or "").strip():
            raise Problem("Give a reason", "reason")
        for need in row.needs:
            self.needs[need](thing, by=by, now=now, **facts)
        old, token = thing.status, _moving.set(True)
        try:
            thing.status = row.target
        finally:
            _moving.reset(token)
        change = StatusChange(
            workflow=self.name, subject_id=thing.id, action=action, old=old, new=row.target, at=now,
            by_id=getattr(by, "id", None), reason=reason,
        )  # fmt: skip
        db.session.add(change)
        audit.record(f"{self.name}.{action}", thing, by=by, now=now, old=old, new=row.target, reason=reason, **facts)
        for message in row.tells:
            self.tells[message](thing, by=by, now=now, reason=reason, **facts)
        return change

    def history(self, thing) -> list[StatusChange]:
        """Every move this thing has made, oldest first."""
        wanted = (StatusChange.workflow == self.name, StatusChange.subject_id == thing.id)
        return list(db.session.scalars(select(StatusChange).where(*wanted).order_by(StatusChange.id)))

    def as_mermaid(self) -> str:
        """The table as a Mermaid state diagram, for the docs."""
        lines = ["stateDiagram-v2", f"    [*] --> {self.initial}"]
        for row in self.moves:
            lines += [f"    {source} --> {row.target}: {row.action}" for source in row.sources]
        lines += [f"    {state.key} --> [*]" for state in self.states if state.ended]
        return "\n".join(lines)


WORKFLOWS: dict[str, Workflow] = {}
