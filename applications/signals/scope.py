"""What is compared: every sent bid of a partnership with the facts of its organisation, read once, and the bids in question."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from sqlalchemy import select

from fund.core.database import db
from fund.tables import Fund, Organisation, Round

from ..tables import Answer, Application, Question, Submission
from .hooks import people_named


@dataclass(frozen=True)
class Bid:
    """One sent bid and its organisation as they are now."""

    id: int
    reference: str
    title: str
    round_id: int
    form_id: int
    organisation_id: int
    organisation: str
    address: str
    postcode: str
    phone: str
    sent_at: datetime


@dataclass
class Scope:
    """The bids of a partnership; `focus` are those whose signals are looked for. `is_whole`: they are every live bid."""

    partnership_id: int
    bids: dict[int, Bid]
    focus: frozenset[int]
    now: datetime
    is_whole: bool = False

    @cached_property
    def latest(self) -> dict[int, Bid]:
        """The bid of each organisation that was sent last: what is true of an organisation is told of that one."""
        found: dict[int, Bid] = {}
        for bid in sorted(self.bids.values(), key=lambda each: (each.sent_at, each.id)):
            found[bid.organisation_id] = bid
        return found

    @cached_property
    def people(self) -> dict[int, list[tuple[str, str]]]:
        """Who is named in a bid or after it, with the role, by the bid's key: signatories and who declared it to be true."""
        found: dict[int, list[tuple[str, str]]] = {key: [] for key in self.bids}
        for key, name, role in [*_signatories(self), *_declared(self)]:
            found[key].append((name, role))
        for rows in people_named.ask(frozenset(self.bids)):
            for key, name, role in rows:
                found[key].append((name, role))
        return found

    def can_tell(self, key: int | None) -> bool:
        """Whether a signal with this bid would have been found if it stood: seen from here only an organisation's latest bid is met."""
        return (
            self.is_whole
            or key in self.focus
            or key not in self.bids
            or self.latest[self.bids[key].organisation_id].id == key
        )

    def focused(self) -> Iterable[Bid]:
        return (self.bids[key] for key in sorted(self.focus & self.bids.keys()))


def scope_of(partnership_id: int, focus: Iterable[int], now: datetime) -> Scope:
    """Every sent bid of a partnership, of this round and of earlier ones, in one statement."""
    rows = db.session.execute(
        select(
            Application.id, Application.reference, Application.title, Application.round_id, Application.form_id, Application.organisation_id,
            Organisation.name, Organisation.address, Organisation.postcode, Organisation.phone, Application.submitted_at,
        )
        .join(Organisation, Organisation.id == Application.organisation_id)
        .join(Round, Round.id == Application.round_id)
        .join(Fund, Fund.id == Round.fund_id)
        .where(Fund.partnership_id == partnership_id, Application.submitted_at.is_not(None))
    )  # fmt: skip
    bids = {
        key: Bid(key, reference, title or "", round_id, form_id, organisation_id, name, address or "", postcode or "", phone or "", sent_at)
        for key, reference, title, round_id, form_id, organisation_id, name, address, postcode, phone, sent_at in rows
    }  # fmt: skip
    return Scope(partnership_id, bids, frozenset(focus), now)


def _signatories(scope: Scope) -> list[tuple[int, str, str]]:
    rows = db.session.execute(
        select(Answer.application_id, Answer.value)
        .join(Question, Question.id == Answer.question_id)
        .join(Application, Application.id == Answer.application_id)
        .join(Round, Round.id == Application.round_id)
        .join(Fund, Fund.id == Round.fund_id)
        .where(Question.kind == "signatories", Fund.partnership_id == scope.partnership_id)
        .order_by(Answer.application_id)
    )
    return [
        (key, each["name"], "signatory")
        for key, value in rows
        if key in scope.bids
        for each in value or []
        if each.get("name", "").strip()
    ]


def _declared(scope: Scope) -> list[tuple[int, str, str]]:
    rows = db.session.execute(
        select(Submission.application_id, Submission.declared_name)
        .join(Application, Application.id == Submission.application_id)
        .join(Round, Round.id == Application.round_id)
        .join(Fund, Fund.id == Round.fund_id)
        .where(Submission.taken_back_at.is_(None), Fund.partnership_id == scope.partnership_id)
        .order_by(Submission.id)
    )
    return [(key, name, "declared the bid to be true") for key, name in rows if key in scope.bids]
