"""The bids that a portfolio is chosen from: what each asks, its points, what kind it is, and the least it can work with."""

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal

from sqlalchemy import Integer, case, func, select

from applications.tables import Answer, Application, ApplicationPlace, Question
from fund.core.database import db
from fund.strategies.legal_form import legal_form
from fund.tables import Area, Person, Round

from .criteria import criteria_of
from .ranking import RankedBid, rank
from .tables import Assignment, Criterion, EvidenceCard, Score
from .totals import total_of

KINDS = {"priority": "Priority", "legal": "Legal form", "district": "District", "evidence": "Evidence"}
VIABLE_AT = "viable_at"  # the key of a round's own money question: "What is the least you could do this for?"
CLASSES = {"registered": "Registered", "non_registered": "Not registered"}
NO_BAND = "No rating"


@dataclass(frozen=True)
class Fundable:
    """A scored bid under no minimum. Money in pence; `kinds` are {"priority": ("1",), "district": ("Durham", ...)}."""

    bid: RankedBid
    points: Decimal
    kinds: dict[str, tuple[str, ...]]
    viable_pence: int | None = None
    totals: dict[int, float] = field(default_factory=dict)

    @property
    def key(self) -> str:
        return self.bid.reference


def fundable_bids(round: Round, pot_pence: int, reader: Person | None) -> list[Fundable]:
    """Best first, without what this reader may not see. Nine statements."""
    ranked = rank(round, criteria_of(round), pot_pence, reader)
    rows = [row for row in ranked if row.total is not None and row.stopped is None and row.asked_pence > 0]
    districts, bands, viable, totals = _districts(round), _bands(round), _viable(round), _totals(round)
    return [
        Fundable(
            row, row.total or Decimal(0),
            {
                "priority": (row.priority,) if row.priority else (),
                "legal": (CLASSES.get(legal_form(row.legal_form).cap_class, "Other"),),
                "district": districts.get(row.application_id, ()),
                "evidence": (bands.get(row.application_id) or NO_BAND,),
            },
            _least(viable.get(row.application_id), row.asked_pence), totals.get(row.application_id, {}),
        )
        for row in rows
    ]  # fmt: skip


def kinds_of(bids: list[Fundable]) -> dict[str, dict[str, int]]:
    """{kind: {which: how many bids}} of what is there, in order."""
    found: dict[str, dict[str, int]] = {}
    for kind in KINDS:
        counts: dict[str, int] = defaultdict(int)
        for each in bids:
            for which in each.kinds[kind]:
                counts[which] += 1
        found[kind] = dict(sorted(counts.items()))
    return found


def _least(viable: object, asked: int) -> int | None:
    """A recorded figure counts when it is money below what is asked."""
    return viable if isinstance(viable, int) and 0 < viable < asked else None


def _districts(round: Round) -> dict[int, tuple[str, ...]]:
    query = select(ApplicationPlace.application_id, Area.district).join(Area).join(Application)
    found: dict[int, set[str]] = defaultdict(set)
    for bid, district in db.session.execute(query.where(Application.round_id == round.id, Area.district.is_not(None))):
        found[bid].add(district)
    return {bid: tuple(sorted(names)) for bid, names in found.items()}


def _bands(round: Round) -> dict[int, str]:
    """The toolkit's words for the effect of the strand that each bid claims."""
    query = select(Application.id, EvidenceCard.impact).join(EvidenceCard, EvidenceCard.strand_id == Application.strand_id)  # fmt: skip
    wanted = (Application.round_id == round.id, EvidenceCard.toolkit == "yef", EvidenceCard.superseded_at.is_(None))
    return {bid: (impact or "").capitalize() for bid, impact in db.session.execute(query.where(*wanted))}


def _viable(round: Round) -> dict[int, object]:
    query = select(Answer.application_id, Answer.value).join(Question, Question.id == Answer.question_id)
    wanted = (Application.round_id == round.id, Question.key == VIABLE_AT, Question.kind == "money")
    query = query.join(Application, Application.id == Answer.application_id)
    return dict(db.session.execute(query.where(*wanted)).all())


def _totals(round: Round) -> dict[int, dict[int, float]]:
    """{bid: {seat: that member's total}}."""
    weight = case((Score.mark.is_not(None), Criterion.weight), else_=0)
    query = (
        select(
            Assignment.application_id, Assignment.seat_id,
            func.sum(func.coalesce(Score.mark, 0) * Criterion.weight, type_=Integer), func.sum(weight, type_=Integer),
        )
        .select_from(Score)
        .join(Assignment, Assignment.id == Score.assignment_id)
        .join(Criterion, Criterion.id == Score.criterion_id)
        .where(Criterion.round_id == round.id, Assignment.status == "sealed", Score.voided_at.is_(None))
        .group_by(Assignment.application_id, Assignment.seat_id)
    )  # fmt: skip
    found: dict[int, dict[int, float]] = defaultdict(dict)
    for bid, seat, points, whole in db.session.execute(query):
        if (total := total_of(points, whole)) is not None:
            found[bid][seat] = float(total)
    return found
