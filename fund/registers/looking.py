"""Looking a number up: read what is needed, let go of the database, ask, and only then write down what came of it.

The three steps are three functions, because a register may take seconds and nobody may wait for a lock meanwhile:
`prepare` reads, `hear` asks (no database), `record_look` writes.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import func, select, update
from sqlalchemy.orm import joinedload

from fund.core import audit
from fund.core.clock import speak_time
from fund.core.database import db
from fund.core.problems import TooMany
from fund.organisations import record_check
from fund.tables import Identifier, Organisation, Person, RegisterAnswer, RegisterLook

from .judging import VERDICTS, Judgement, judge, news
from .known import REGISTERS, ask_register
from .said import NoAnswer, Said, from_facts

log = structlog.get_logger(__name__)
FRESH = timedelta(days=7)  # how long an answer is used again
WINDOW = timedelta(minutes=5)
JOB_SECONDS, PAGE_SECONDS = 10.0, 5.0


@dataclass(frozen=True)
class Enquiry:
    """What to ask, free of the database. `kept` is an answer that is fresh enough, with its key."""

    identifier_id: int
    scheme: str
    number: str
    kept: tuple[int, Said] | None = None


@dataclass(frozen=True)
class Heard:
    """What came of asking: an answer (`answer_id` when it was kept already) or why there is none."""

    said: Said | None = None
    answer_id: int | None = None
    failure: NoAnswer | None = None


def prepare(identifier: Identifier, *, now: datetime, at_most_old: timedelta = FRESH) -> Enquiry:
    """Read what is needed to ask. Raises TooMany when we asked this register too often in the last five minutes."""
    kept = _kept(identifier, now - at_most_old)
    if kept is None and calls_left(identifier.scheme, now) <= 0:
        register = REGISTERS[identifier.scheme].name
        raise TooMany(
            f"We asked {register} very often in the last minutes. Try again after {speak_time(now + WINDOW)}."
        )
    return Enquiry(
        identifier.id, identifier.scheme, identifier.number, (kept.id, from_facts(kept.facts)) if kept else None
    )


def hear(enquiry: Enquiry, seconds: float) -> Heard:
    """Ask the register, or take the answer that is fresh enough. Never raises: no answer is an outcome too.

    An answer that our own reading stumbles over is one as well, or it would hold up every number behind it.
    """
    if enquiry.kept:
        return Heard(enquiry.kept[1], enquiry.kept[0])
    try:
        return Heard(ask_register(enquiry.scheme, enquiry.number, seconds))
    except NoAnswer as failure:
        return Heard(failure=failure)
    except Exception:
        log.exception("register_answer_failed", scheme=enquiry.scheme)
        return Heard(failure=NoAnswer("unreadable"))


def record_look(enquiry: Enquiry, heard: Heard, why: str, *, by: Person | None, now: datetime) -> RegisterLook | None:
    """Write down what came of it, and the verdict where there is one (rule 2). None when the number was taken off meanwhile.

    A number whose verdict stays the same gets no second check: the look is the evidence that it was asked again.
    """
    identifier = db.session.get(Identifier, enquiry.identifier_id)
    if identifier is None:
        return None
    organisation = db.session.get_one(Organisation, identifier.organisation_id)
    look = RegisterLook(
        identifier_id=identifier.id, scheme=identifier.scheme, why=why, asked_at=now, asked_by_id=by and by.id,
        was_sent=heard.answer_id is None, name_given=organisation.name, changes=[], is_to_tell=False,
    )  # fmt: skip
    if heard.said is None:
        assert heard.failure is not None
        look.outcome, look.sentence, look.failure = "no_answer", heard.failure.sentence, heard.failure.kind
    else:
        _judge(look, identifier, organisation, heard.said, heard.answer_id, now)
    db.session.add(look)
    db.session.flush()
    audit.record(
        "identifier.ask",
        organisation,
        by=by,
        now=now,
        scheme=identifier.scheme,
        why=why,
        outcome=look.outcome,
        look=look.id,
    )
    return look


def _judge(
    look: RegisterLook, identifier: Identifier, organisation: Organisation, said: Said, answer_id: int | None, now: datetime
) -> None:  # fmt: skip
    """Fill a look with what follows from an answer, keep the answer, and record the verdict."""
    earlier, stood = _answered_before(identifier), identifier.check_result
    before = from_facts(earlier.answer.facts) if earlier and earlier.answer else None
    judged = judge(said, organisation.name, stands=stood, by_a_person=identifier.checked_by_id is not None)
    look.outcome, look.sentence, look.name_score = judged.outcome, judged.sentence, judged.name_score
    look.changes = news(before, said, stood=stood, was=earlier.outcome if earlier else None, outcome=judged.outcome)
    look.is_to_tell = bool(look.changes)
    look.answer_id = answer_id or _keep(identifier, said, now)
    _record_verdict(identifier, judged, now)


def _record_verdict(identifier: Identifier, judged: Judgement, now: datetime) -> None:
    if judged.outcome in VERDICTS and judged.outcome != identifier.check_result:
        record_check(identifier, judged.outcome, judged.sentence, by=None, now=now)


def _keep(identifier: Identifier, said: Said, now: datetime) -> int:
    """Keep an answer. The names of trustees stand in the latest answer only: nobody needs who it was before."""
    earlier = select(RegisterAnswer).filter_by(scheme=identifier.scheme, number=identifier.number)
    for old in db.session.scalars(earlier):
        if old.facts.get("trustees"):
            old.facts = old.facts | {"trustees": []}
    answer = RegisterAnswer(
        scheme=identifier.scheme, number=identifier.number, answered_at=now, facts=said.as_facts()
    )  # fmt: skip
    db.session.add(answer)
    db.session.flush()
    return answer.id


def _kept(identifier: Identifier, since: datetime) -> RegisterAnswer | None:
    wanted = select(RegisterAnswer).where(
        RegisterAnswer.scheme == identifier.scheme,
        RegisterAnswer.number == identifier.number,
        RegisterAnswer.answered_at > since,
    )
    return db.session.scalar(wanted.order_by(RegisterAnswer.id.desc()).limit(1))


def _answered_before(identifier: Identifier) -> RegisterLook | None:
    """The last look for this number of this organisation that had an answer."""
    wanted = select(RegisterLook).where(
        RegisterLook.identifier_id == identifier.id, RegisterLook.answer_id.is_not(None)
    )
    return db.session.scalar(wanted.options(joinedload(RegisterLook.answer)).order_by(RegisterLook.id.desc()).limit(1))


def calls_left(scheme: str, now: datetime) -> int:
    """How many more times we may ask a register in these five minutes, whichever process asks."""
    wanted = (RegisterLook.scheme == scheme, RegisterLook.was_sent, RegisterLook.asked_at > now - WINDOW)
    return REGISTERS[scheme].most_in_five_minutes - (db.session.scalar(select(func.count()).where(*wanted)) or 0)


def is_resting(scheme: str, now: datetime) -> bool:
    """Whether the register gave no answer at our last call, less than five minutes ago: the job lets it be."""
    wanted = (RegisterLook.scheme == scheme, RegisterLook.was_sent, RegisterLook.asked_at > now - WINDOW)
    last = select(RegisterLook.failure).where(*wanted).order_by(RegisterLook.id.desc()).limit(1)
    return db.session.scalar(last) in ("busy", "unreachable", "refused")


def looks_for(identifiers: list[Identifier]) -> dict[int, list[RegisterLook]]:
    """The looks for these numbers, newest first, by the number's key; in one statement."""
    found: dict[int, list[RegisterLook]] = {each.id: [] for each in identifiers}
    if found:
        wanted = (
            select(RegisterLook)
            .where(RegisterLook.identifier_id.in_(found))
            .options(joinedload(RegisterLook.answer), joinedload(RegisterLook.asked_by))
            .order_by(RegisterLook.id.desc())
            .limit(200)
        )
        for look in db.session.scalars(wanted):
            found[look.identifier_id].append(look)
    return found


def told(look: RegisterLook) -> None:
    """Note that what is new in a look was told to those who have to know."""
    db.session.execute(update(RegisterLook).where(RegisterLook.id == look.id).values(is_to_tell=False))


def looks_to_tell(most: int = 50) -> list[RegisterLook]:
    """Looks with something new that nobody was told of yet, oldest first."""
    wanted = select(RegisterLook).where(RegisterLook.is_to_tell).order_by(RegisterLook.id).limit(most)
    return list(db.session.scalars(wanted))
