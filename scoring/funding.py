"""The bids that a portfolio is chosen from: what each asks, its points, what kind it is, and the least it can work with."""

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal

from sqlalchemy import select

from applications.tables import Answer, Application, ApplicationPlace, Question
from fund.core.database import db
from fund.strategies.legal_form import legal_form
from fund.tables import Area, Person, Round

from .criteria import criteria_of
from .opinions import view_marks_in
from .ranking import RankedBid, rank
from .sums import totals_by_seat
from .tables import EvidenceCard, JudgedCard
from .totals import with_views
from .viable import viable_in

KINDS = {
    "priority": "Priority", "level": "Prevention level", "legal": "Legal form", "district": "District", "evidence": "Evidence", "ward": "Ward",
}  # fmt: skip
VIABLE_AT = "viable_at"  # the key of a round's own money question: "What is the least you could do this for?"
CLASSES = {"registered": "Registered", "non_registered": "Not registered"}
NO_BAND = "No rating"
NO_LEVEL = "not said"


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
    """Best first, without what this reader may not see. Ten statements."""
    ranked = rank(round, criteria_of(round), pot_pence, reader)
    rows = [row for row in ranked if row.total is not None and row.stopped is None and row.asked_pence > 0]
    (districts, wards), work, totals = _places(round), _work(round), _totals(round)
    viable = _viable(round) | viable_in(round)
    return [
        Fundable(
            row, row.total or Decimal(0),
            {
                "priority": (row.priority,) if row.priority else (),
                "level": (work[row.application_id][0],) if row.application_id in work else (),
                "legal": (CLASSES.get(legal_form(row.legal_form).cap_class, "Other"),),
                "district": districts.get(row.application_id, ()),
                "evidence": (work.get(row.application_id, ("", ""))[1] or NO_BAND,),
                "ward": wards.get(row.application_id, ()),
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


def _places(round: Round) -> tuple[dict[int, tuple[str, ...]], dict[int, tuple[str, ...]]]:
    """The districts and the wards that each bid is for."""
    query = select(ApplicationPlace.application_id, Area.kind, Area.name, Area.district).join(Area).join(Application)
    districts: dict[int, set[str]] = defaultdict(set)
    wards: dict[int, set[str]] = defaultdict(set)
    for bid, kind, name, district in db.session.execute(query.where(Application.round_id == round.id)):
        if district is not None:
            districts[bid].add(district)
        if kind == "ward":
            wards[bid].add(name)
    return _sorted(districts), _sorted(wards)


def _sorted(found: dict[int, set[str]]) -> dict[int, tuple[str, ...]]:
    return {bid: tuple(sorted(names)) for bid, names in found.items()}


def _work(round: Round) -> dict[int, tuple[str, str]]:
    """The prevention level of each bid, and the toolkit's words for the effect of the strand that it claims."""
    now = (EvidenceCard.strand_id == Application.strand_id) & (EvidenceCard.toolkit == "yef") & EvidenceCard.superseded_at.is_(None)  # fmt: skip
    kept = JudgedCard.evidence_card_id  # the version that the bid is judged with
    card = (EvidenceCard.id == kept) | (kept.is_(None) & now)
    query = select(Application.id, Application.prevention_level, EvidenceCard.impact)
    query = query.outerjoin(JudgedCard, JudgedCard.application_id == Application.id).outerjoin(EvidenceCard, card)
    return {
        bid: ((level or NO_LEVEL).capitalize(), (impact or "").capitalize())
        for bid, level, impact in db.session.execute(query.where(Application.round_id == round.id))
    }


def _viable(round: Round) -> dict[int, object]:
    query = select(Answer.application_id, Answer.value).join(Question, Question.id == Answer.question_id)
    wanted = (Application.round_id == round.id, Question.key == VIABLE_AT, Question.kind == "money")
    query = query.join(Application, Application.id == Answer.application_id)
    return dict(db.session.execute(query.where(*wanted)).all())


def _totals(round: Round) -> dict[int, dict[int, float]]:
    """{bid: {seat: that member's total}}, each with the views of young and lived-experience members in it."""
    found: dict[int, dict[int, float]] = defaultdict(dict)
    views = view_marks_in(round)
    for bid, seat, alone in totals_by_seat(round.id):
        if (total := with_views(alone, views.get(bid, ()), round.view_weight)) is not None:
            found[bid][seat] = float(total)
    return found
