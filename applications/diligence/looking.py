"""An officer looks at a check and says what they found; the pack says which checks are still open."""

from dataclasses import dataclass
from datetime import datetime

from fund.core import audit, withholding
from fund.core.database import db
from fund.core.problems import Forbidden, Problem, WrongMoment
from fund.members import is_member_of
from fund.tables import Person

from ..applications import role_of
from ..tables import Application, DiligenceLook, DiligencePack
from ..tables.diligence import LOOKS
from .checks import CHECKS, STATES, Check, Finding, checks
from .facts import Facts, apart

LEAST_REASON = 10  # letters


@dataclass(frozen=True)
class Line:
    """One check of a bid: what the system knows and what an officer said last. `is_kept`: its facts are not for this reader."""

    check: Check
    finding: Finding
    look: DiligenceLook | None
    is_kept: bool = False

    @property
    def has_changed(self) -> bool:
        """Whether the facts are others than when the officer looked."""
        return self.look is not None and self.look.digest != self.finding.digest

    @property
    def is_open(self) -> bool:
        """Whether somebody has still to look: nothing is clear by itself that an officer found not fine."""
        if self.look is None:
            return self.finding.state != "clear"
        return self.look.answer != "fine" or self.has_changed

    @property
    def state(self) -> tuple[str, str]:
        """Words and colour of what the system knows."""
        return STATES[self.finding.state]

    @property
    def words(self) -> str:
        """What the officer said, or what is to do."""
        if self.look is None:
            return "Open: nobody has looked yet" if self.is_open else "Nothing to do"
        return LOOKS[self.look.answer] + (". The facts have changed since: look again" if self.has_changed else "")


@dataclass(frozen=True)
class Sheet:
    """The page of a bid: every check, and the packs that this reader may open, the latest first."""

    lines: list[Line]
    packs: list[DiligencePack]


def sheet_of(application: Application, now: datetime, reader: Person | None = None) -> Sheet:
    """Every check of a bid, worked out from everything there is; what tells of a bid kept from the reader is marked so."""
    kept = withholding.kept_from(reader) if reader is not None else frozenset()
    with withholding.whole():
        facts = Facts(application, now)
        looks = facts.ask(apart).looks
        found = [(each, each.find(facts)) for each in checks()]
    lines = [Line(each, finding, looks.get(each.key), bool(finding.bids & kept)) for each, finding in found]
    return Sheet(lines, [each for each in facts.ask(apart).packs if not kept & set(each.tells_of)])


def lines_of(application: Application, now: datetime, reader: Person | None = None) -> list[Line]:
    return sheet_of(application, now, reader).lines


def open_count(lines: list[Line]) -> int:
    return sum(each.is_open for each in lines)


def record_look(application: Application, key: str, answer: str, reason: str, *, by: Person, now: datetime) -> DiligenceLook:  # fmt: skip
    """Say of one check that it is fine or not, and why. What was said before stays beside it.

    Raises Problem without a reason or for what is no check, WrongMoment for a draft, Forbidden for people of the
    organisation and for whoever is recused from a bid that the check tells of.
    """
    if application.submitted_at is None:
        raise WrongMoment("This bid is not sent. Look at it when it is.")
    if key not in CHECKS or answer not in LOOKS:
        raise Problem("Choose fine or not fine", "answer")
    if len(reason.strip()) < LEAST_REASON:
        raise Problem("Say what you looked at and what you saw", "reason")
    if role_of(by, application) is not None or is_member_of(by, application.organisation):
        raise Forbidden("You belong to this organisation, so somebody else has to look.")
    line = next(each for each in lines_of(application, now, by) if each.check.key == key)
    if line.is_kept:
        raise Forbidden("This check tells of a bid that you are recused from. Somebody else has to look.")
    row = DiligenceLook(
        application_id=application.id, key=key, answer=answer, reason=reason.strip(), digest=line.finding.digest,
        looked_at=now, looked_by_id=by.id,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    audit.record("diligence.look", application, by=by, now=now, check=key, answer=answer)
    return row
