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
from .ranking import RANKED, RankedBid, rank, said_in
from .sums import totals_with_versions
from .tables import Criterion, EvidenceCard, JudgedCard, ViableAt
from .totals import with_views

KINDS = {
    "priority": "Priority", "level": "Prevention level", "legal": "Legal form", "district": "District", "evidence": "Evidence", "ward": "Ward",
}  # fmt: skip
VIABLE_AT = "viable_at"  # the key of a round's own money question: "What is the least you could do this for?"
CLASSES = {"registered": "Registered", "non_registered": "Not registered"}
NO_BAND = "No rating"
NO_LEVEL = "not said"


@dataclass(frozen=True)
class Fundable:
    """A scored bid under no minimum. Money in pence; `kinds` are {"priority": ("1",), "district": ("Durham", ...)}; `given` are
    its members' totals by seat, `versions` what changes with their marks, `views` the marks that pictures stand for. Its marks are there when `ranking.add_marks` was
    asked for them."""

    bid: RankedBid
    points: Decimal
    kinds: dict[str, tuple[str, ...]]
    viable_pence: int | None = None
    given: dict[int, Decimal | None] = field(default_factory=dict)
    views: list[int] = field(default_factory=list)
    versions: dict[int, tuple[int, int, str]] = field(default_factory=dict)

    @property
    def key(self) -> str:
        return self.bid.reference

    def totals(self, view_weight: int | None) -> dict[int, float]:
        """Each member's total with the views of young and lived-experience members in it: what resampling draws from."""
        mixed = {seat: with_views(total, self.views, view_weight) for seat, total in self.given.items()}
        return {seat: float(total) for seat, total in mixed.items() if total is not None}

    @property
    def said(self) -> tuple:
        """All that was said of it, as something that is another whenever a mark or a view is."""
        agreed = [(code, str(mark)) for code, mark in (self.bid.criteria or {}).items()] if self.bid.is_agreed else None
        return self.versions, self.views, agreed

    @property
    def marks(self) -> dict[str, float]:
        """The mark that counts for each criterion that applies: agreed, or the members' mean."""
        return {code: float(mark) for code, mark in (self.bid.criteria or {}).items() if mark is not None}


def fundable_bids(round: Round, pot_pence: int, reader: Person | None) -> list[Fundable]:
    """Best first, without what this reader may not see. Six statements."""
    return fundable(round, criteria_of(round), pot_pence, reader)


def fundable(round: Round, criteria: list[Criterion], pot_pence: int, reader: Person | None) -> list[Fundable]:
    """The same for a caller that has the criteria already. Five statements."""
    (totals, versions), said = _totals(round), said_in(round, criteria)
    means = {bid: list(given.values()) for bid, given in totals.items()}
    ranked = rank(round, criteria, pot_pence, reader, means, said, marks=False)
    rows = [row for row in ranked if row.total is not None and row.stopped is None and row.asked_pence > 0]
    work, nothing = _work(round), _Work()
    return [
        Fundable(
            row, row.total or Decimal(0), _kinds(row, work.get(row.application_id, nothing)),
            _least(work.get(row.application_id, nothing).viable, row.asked_pence),
            totals.get(row.application_id, {}), said.views.get(row.application_id, []), versions.get(row.application_id, {}),
        )
        for row in rows
    ]  # fmt: skip


def _kinds(row: RankedBid, work: "_Work") -> dict[str, tuple[str, ...]]:
    return {
        "priority": (row.priority,) if row.priority else (),
        "level": (work.level,) if work.level else (),
        "legal": (CLASSES.get(legal_form(row.legal_form).cap_class, "Other"),),
        "district": tuple(sorted(work.districts)),
        "evidence": (work.impact or NO_BAND,),
        "ward": tuple(sorted(work.wards)),
    }


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


@dataclass
class _Work:
    """What a bid is about: its prevention level, the toolkit's words for the effect of the strand that it claims, the
    districts and wards it is for, and the least it says or the panel says it could work with."""

    level: str = ""
    impact: str = ""
    viable: object = None
    districts: set[str] = field(default_factory=set)
    wards: set[str] = field(default_factory=set)


def _work(round: Round) -> dict[int, _Work]:
    """One row for each place of each bid. What the chair recorded goes before what the bid says of its least."""
    now = (EvidenceCard.strand_id == Application.strand_id) & (EvidenceCard.toolkit == "yef") & EvidenceCard.superseded_at.is_(None)  # fmt: skip
    kept = JudgedCard.evidence_card_id  # the version that the bid is judged with
    card = (EvidenceCard.id == kept) | (kept.is_(None) & now)
    asked = select(Question.id).where(Question.key == VIABLE_AT, Question.kind == "money")
    query = (
        select(
            Application.id, Application.prevention_level, EvidenceCard.impact, ViableAt.pence, Answer.value,
            Area.kind, Area.name, Area.district,
        )
        .outerjoin(JudgedCard, JudgedCard.application_id == Application.id)
        .outerjoin(EvidenceCard, card)
        .outerjoin(ViableAt, ViableAt.application_id == Application.id)
        .outerjoin(Answer, (Answer.application_id == Application.id) & Answer.question_id.in_(asked))
        .outerjoin(ApplicationPlace, ApplicationPlace.application_id == Application.id)
        .outerjoin(Area, Area.id == ApplicationPlace.area_id)
        .where(Application.round_id == round.id, Application.status.in_(RANKED))
    )  # fmt: skip
    found: dict[int, _Work] = {}
    for bid, level, impact, recorded, said, kind, name, district in db.session.execute(query).all():
        if bid not in found:
            viable = said if recorded is None else recorded
            found[bid] = _Work((level or NO_LEVEL).capitalize(), (impact or "").capitalize(), viable)
        if district is not None:
            found[bid].districts.add(district)
        if kind == "ward":
            found[bid].wards.add(name)
    return found


def _totals(round: Round) -> tuple[dict[int, dict[int, Decimal | None]], dict[int, dict[int, tuple[int, int, str]]]]:
    """{bid: {seat: that member's total}}, and the same with what changes with their marks."""
    found: dict[int, dict[int, Decimal | None]] = defaultdict(dict)
    versions: dict[int, dict[int, tuple[int, int, str]]] = defaultdict(dict)
    for bid, seat, total, version in totals_with_versions(round.id):
        found[bid][seat], versions[bid][seat] = total, version
    return found, versions
