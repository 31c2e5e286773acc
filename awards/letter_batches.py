"""Batches: every letter of an award day approved, made and mailed in one go, by a job that can die and go on.

Each decision is approved in a transaction of its own, together with its award, its letter, its message in the outbox and
the note that it is done: whatever happens, a letter is made once and mailed once. The failure of one stops no other.
"""

from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy import func, select, update
from sqlalchemy.orm import joinedload

from applications.tables import Application
from fund.core import audit
from fund.core.database import db
from fund.core.problems import Problem, WrongMoment
from fund.tables import Fund, Organisation, Person, Round

from .decisions import approve_decision, may_approve
from .tables import Decision, Letter, LetterBatch, LetterBatchItem
from .tables.batches import FAILED, SENT, WAITING

log = structlog.get_logger(__name__)
WITH_LETTER = ("offer", "reject")
INSIDE = "Something went wrong with this one. Try it again; if it stays, tell your administrator."


@dataclass(frozen=True)
class Ready:
    """A proposed decision whose letter can be sent. Money in pence."""

    id: int
    kind: str
    amount: int | None
    reference: str
    organisation: str
    proposed_by_id: int


def ready_in(round: Round) -> list[Ready]:
    """Proposed offers and refusals of a round that wait for the second person and are in no batch, by reference."""
    underway = select(LetterBatchItem.decision_id).where(LetterBatchItem.state == WAITING)
    query = (
        select(Decision.id, Decision.kind, Decision.amount_pence, Application.reference, Organisation.name, Decision.proposed_by_id)
        .join(Application, Application.id == Decision.application_id)
        .join(Organisation, Organisation.id == Application.organisation_id)
        .where(Application.round_id == round.id, Decision.kind.in_(WITH_LETTER), Decision.id.not_in(underway))
        .where(Decision.superseded_at.is_(None), Decision.approved_at.is_(None))
    )  # fmt: skip
    return [Ready(*row) for row in db.session.execute(query.order_by(Application.reference))]


def decisions_in(round: Round, rows: list[Ready]) -> list[Decision]:
    """The decisions themselves, with what their letters need, in the same order."""
    organisation = joinedload(Decision.application).joinedload(Application.organisation)
    with_round = joinedload(Decision.application).joinedload(Application.round).joinedload(Round.fund).joinedload(Fund.partnership)  # fmt: skip
    with_priority = joinedload(Decision.application).joinedload(Application.priority)
    wanted = select(Decision).where(Decision.id.in_([row.id for row in rows]))
    found = {each.id: each for each in db.session.scalars(wanted.options(organisation, with_round, with_priority))}
    return [found[row.id] for row in rows if row.id in found]


def start_batch(round: Round, *, by: Person, now: datetime) -> LetterBatch:
    """Approve every proposed offer and refusal of a round that this person may approve, and have their letters sent.

    What this person proposed, judged or belongs to is left for somebody else. Raises Problem when nothing remains.
    """
    chosen = [each for each in decisions_in(round, ready_in(round)) if may_approve(by, each)]
    if not chosen:
        raise Problem("There is nothing that you may approve. What you proposed, another decision maker approves.")
    batch = LetterBatch(round_id=round.id, started_at=now, started_by_id=by.id)
    db.session.add(batch)
    db.session.flush()
    db.session.add_all(LetterBatchItem(batch_id=batch.id, decision_id=each.id, state=WAITING) for each in chosen)
    db.session.flush()
    audit.record("letter_batch.start", batch, by=by, now=now, round=round.id, letters=len(chosen))
    return batch


def load_batch(key: int) -> LetterBatch | None:
    fund = joinedload(LetterBatch.round).joinedload(Round.fund).joinedload(Fund.partnership)
    wanted = select(LetterBatch).where(LetterBatch.id == key).options(fund, joinedload(LetterBatch.started_by))
    return db.session.scalar(wanted)


def batches_of(round: Round) -> list[tuple[LetterBatch, dict[str, int]]]:
    """The batches of a round, the latest first, each with how many of its letters are in which state."""
    wanted = select(LetterBatch).where(LetterBatch.round_id == round.id).options(joinedload(LetterBatch.started_by))
    rows = list(db.session.scalars(wanted.order_by(LetterBatch.id.desc())))
    return [(each, counts_of(each)) for each in rows]


def counts_of(batch: LetterBatch) -> dict[str, int]:
    """{"waiting": n, "sent": n, "failed": n, "whole": n}"""
    query = select(LetterBatchItem.state, func.count()).where(LetterBatchItem.batch_id == batch.id)
    found = dict(db.session.execute(query.group_by(LetterBatchItem.state)).all())
    return {state: found.get(state, 0) for state in (WAITING, SENT, FAILED)} | {"whole": sum(found.values())}


def items_of(batch: LetterBatch) -> list[LetterBatchItem]:
    """The items with their bids and organisations, those that failed first."""
    bid = joinedload(LetterBatchItem.decision).joinedload(Decision.application).joinedload(Application.organisation)
    letter = joinedload(LetterBatchItem.letter).load_only(Letter.id, Letter.kind)
    wanted = select(LetterBatchItem).where(LetterBatchItem.batch_id == batch.id).options(bid, letter)
    return list(db.session.scalars(wanted.order_by(LetterBatchItem.state, LetterBatchItem.id)))


def retry_failed(batch: LetterBatch, *, by: Person, now: datetime) -> int:
    """Have the job try again what failed; answers how many. Raises WrongMoment when nothing did."""
    wanted = (LetterBatchItem.batch_id == batch.id, LetterBatchItem.state == FAILED)
    count = db.session.execute(update(LetterBatchItem).where(*wanted).values(state=WAITING, problem=None)).rowcount
    if not count:
        raise WrongMoment("Nothing of this batch failed.")
    batch.finished_at = None
    audit.record("letter_batch.retry", batch, by=by, now=now, letters=count)
    db.session.flush()
    return count


def work_off(now: datetime) -> int:
    """Send what waits in all batches, one transaction for each letter; answers how many were tried."""
    wanted = select(LetterBatchItem.id).where(LetterBatchItem.state == WAITING).order_by(LetterBatchItem.id)
    keys = list(db.session.scalars(wanted))
    db.session.commit()
    for key in keys:
        _send(key, now)
    if keys:
        _finish(now)
    return len(keys)


def _send(key: int, now: datetime) -> None:
    """One decision: approved, promised, written and queued together, or not at all. Holds the item's row meanwhile."""
    item = db.session.get_one(LetterBatchItem, key, with_for_update=True, populate_existing=True)
    if item.state == WAITING:
        try:
            with db.session.begin_nested():
                approve_decision(item.decision, by=item.batch.started_by, now=now)
                item.letter_id = _letter_of(item.decision)
                item.state, item.done_at = SENT, now
                db.session.flush()
        except Problem as problem:
            _failed(item, problem.sentence, now)
        except Exception:  # whatever is wrong with one letter, the others go out
            log.exception("letter_failed", item=key)
            _failed(item, INSIDE, now)
    db.session.commit()


def _letter_of(decision: Decision) -> int:
    wanted = select(Letter.id).where(Letter.application_id == decision.application_id)
    return db.session.scalars(wanted.order_by(Letter.id.desc()).limit(1)).one()


def _failed(item: LetterBatchItem, sentence: str, now: datetime) -> None:
    item.state, item.problem, item.done_at, item.letter_id = FAILED, sentence, now, None


def _finish(now: datetime) -> None:
    waits = select(LetterBatchItem.batch_id).where(LetterBatchItem.state == WAITING)
    over = (LetterBatch.finished_at.is_(None), LetterBatch.id.not_in(waits))
    db.session.execute(update(LetterBatch).where(*over).values(finished_at=now))
    db.session.commit()
