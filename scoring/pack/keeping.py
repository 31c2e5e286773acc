"""Packs that are kept: asked for by a person, made by a job (at once where the round is small), stored with their SHA-256."""

from datetime import datetime, timedelta

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import joinedload

from applications.tables import Application
from fund.core import audit, files
from fund.core.clock import now as present
from fund.core.database import db
from fund.core.jobs import job
from fund.core.pdf.document import draw
from fund.core.problems import Problem
from fund.tables import Person, Round

from ..ranking import RANKED
from ..tables import DecisionPack
from .document import document_of, facts_of

AT_ONCE = 30  # bids; a pack of more is made by the job while its asker watches the progress
GIVEN_UP = timedelta(minutes=15)  # a pack that has been in the making for so long was left by a process that ended
STEP = 5  # percent between two words about the progress
MOST_WORDS, MOST_LETTERS = 200, 100


def words_to_strike(typed: str) -> list[str]:
    """One name or word in each line. Raises Problem for too many, or for one that is too long."""
    words = sorted({line.strip() for line in typed.splitlines() if line.strip()})
    if len(words) > MOST_WORDS or any(len(each) > MOST_LETTERS for each in words):
        raise Problem(f"List at most {MOST_WORDS} names of at most {MOST_LETTERS} letters each", "strike")
    return words


def ask_for_pack(round: Round, *, redacted: bool, strike: list[str], by: Person, now: datetime) -> DecisionPack:
    """Have a pack made. Raises Problem while the last one that was asked for is not ready."""
    busy = (DecisionPack.round_id == round.id, DecisionPack.state.in_(("waiting", "building")))
    if db.session.scalar(select(DecisionPack.id).where(*busy).limit(1)):
        raise Problem("A pack of this round is being made. Wait until it is ready.")
    row = DecisionPack(
        round_id=round.id, redacted=redacted, strike=strike if redacted else [], state="waiting", asked_at=now, asked_by_id=by.id,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    audit.record("pack.ask", row, by=by, now=now, round=round.id, redacted=redacted, struck=len(row.strike))
    return row


def is_small(round: Round) -> bool:
    here = (Application.round_id == round.id, Application.status.in_(RANKED))
    return (db.session.scalar(select(func.count()).select_from(Application).where(*here)) or 0) <= AT_ONCE


def make_pack(pack: DecisionPack, *, now: datetime, tell=lambda percent: None) -> DecisionPack:
    """Draw a pack from the record as it is and keep the file."""
    facts = facts_of(db.session.get_one(Round, pack.round_id), redacted=pack.redacted, strike=pack.strike)
    content = draw(document_of(facts), tell)
    name = f"decision-pack-{facts['about']['reference']}{'-redacted' if pack.redacted else ''}.pdf"
    file = files.store(
        content, name, "application/pdf", by=db.session.get(Person, pack.asked_by_id), now=now, made_here=True
    )
    pack.state, pack.percent, pack.built_at, pack.file_id = "built", 100, now, file.id
    pack.started_at = pack.started_at or now
    db.session.flush()
    audit.record("pack.make", pack, by=None, now=now, round=pack.round_id, sha256=file.sha256)
    return pack


def packs_of(round: Round) -> list[DecisionPack]:
    """Every pack of a round, the latest first."""
    query = select(DecisionPack).where(DecisionPack.round_id == round.id)
    with_it = (joinedload(DecisionPack.asked_by), joinedload(DecisionPack.file))
    return list(db.session.scalars(query.options(*with_it).order_by(DecisionPack.id.desc())))


def pack_in(round: Round, key: int) -> DecisionPack | None:
    wanted = (DecisionPack.id == key, DecisionPack.round_id == round.id)
    return db.session.scalar(select(DecisionPack).where(*wanted).options(joinedload(DecisionPack.file)))


def claim(moment: datetime) -> DecisionPack | None:
    """The pack that has waited longest, for this process alone; also one that another process has left half made."""
    left = (DecisionPack.state == "building") & (DecisionPack.started_at < moment - GIVEN_UP)
    free = or_(DecisionPack.state == "waiting", left)
    key = db.session.scalar(select(DecisionPack.id).where(free).order_by(DecisionPack.id).limit(1))
    if key is None:
        return None
    mine = update(DecisionPack).where(DecisionPack.id == key, free)
    taken = db.session.execute(mine.values(state="building", started_at=moment, percent=0)).rowcount
    db.session.commit()
    return db.session.get_one(DecisionPack, key) if taken else None


@job("make_decision_packs", second="*/10")
def make_decision_packs(moment: datetime) -> str | None:
    """Make the decision packs that were asked for, one after the other."""
    made = 0
    while (pack := claim(moment)) is not None:
        key = pack.id
        try:
            make_pack(pack, now=present(), tell=_Progress(pack))
        except Exception:
            db.session.rollback()
            db.session.get_one(DecisionPack, key).state = "failed"
            db.session.commit()
            raise
        db.session.commit()
        made += 1
    return f"{made} made" if made else None


class _Progress:
    """Writes down how far a pack is: its asker's page reads it.

    It commits at the first word, so that nobody waits for this job's reading, and then seldom enough not to matter.
    """

    def __init__(self, pack: DecisionPack):
        self.pack, self.said = pack, -STEP

    def __call__(self, percent: int) -> None:
        if percent >= self.said + STEP:
            self.said = self.pack.percent = percent
            db.session.commit()
