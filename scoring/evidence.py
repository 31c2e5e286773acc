"""Evidence cards: what the toolkits say about a kind of work, as versioned data. A card informs; it never gives a mark."""

from datetime import date, datetime

from sqlalchemy import select

from fund.core.clock import add_months, speak_day
from fund.core.database import db
from fund.core.reference import reference

from .card_versions import replace_card
from .tables import EvidenceCard
from .toolkits import reader
from .toolkits.reader import TOOLKIT_NAMES

STALE_AFTER_MONTHS = 6
NO_STRAND = "no-strand"  # the answer "no strand claimed" has a row among the strands; it is no evidence about anything
CONFIDENCE = {1: "very low", 2: "low", 3: "moderate", 4: "high", 5: "very high"}
COSTS = {1: "low", 2: "moderate", 3: "high"}
FLAG_WORDS = {
    "harmful": ("red", "Harmful", "The evidence says this can make things worse."),
    "superseded": ("orange", "Superseded", "The toolkit replaced this strand. Look for the newer version at the source."),
    "insufficient": ("yellow", "Not enough evidence", "Too little is known to say whether it works. That is not the same as not working."),
    "unverified": ("grey", "Not checked", "We could not read the effect on violence at the source. Check it there."),
}  # fmt: skip
KEPT = (
    "name", "what_it_is", "impact", "percent_less_violence", "other_effects", "evidence_quality", "evidence_words",
    "cost", "status", "flag", "source_date", "note", "where_it_works", "how_to_do_it", "snapshot_on",
)  # fmt: skip


@reference(20)
def load_cards(now: datetime) -> str:
    """Bring the cards up to the shipped toolkits. A card that changed becomes a new version; the old one stays."""
    standing = {(each.toolkit, each.strand_id): each for each in current_cards()}
    added = 0
    for card in reader.cards():
        facts = {name: getattr(card, name) or None for name in KEPT} | {
            "source_url": " ".join(card.source_urls) or None
        }
        facts["status"] = card.status
        old = standing.get((card.toolkit, card.strand_id))
        if old is not None and all(getattr(old, name) == value for name, value in facts.items()):
            continue
        if old is not None and old.edited_at is not None and old.snapshot_on >= card.snapshot_on:
            continue  # an officer read the source after this copy was made
        if old is None:
            db.session.add(EvidenceCard(toolkit=card.toolkit, strand_id=card.strand_id, number=1, **facts))
        else:
            replace_card(old, facts, edited=False, now=now)
        added += 1
    db.session.flush()
    return f"Evidence cards: {added} new of {len(reader.cards())}."


def strands(toolkit: str | None = None) -> list[EvidenceCard]:
    """The cards in force that say something about a kind of work."""
    return [each for each in current_cards(toolkit) if each.strand_id != NO_STRAND]


def current_cards(toolkit: str | None = None) -> list[EvidenceCard]:
    """The cards in force, the Youth Endowment Fund's first, by name."""
    query = select(EvidenceCard).where(EvidenceCard.superseded_at.is_(None))
    if toolkit:
        query = query.where(EvidenceCard.toolkit == toolkit)
    return list(db.session.scalars(query.order_by(EvidenceCard.toolkit.desc(), EvidenceCard.name)))


def card_for(strand_id: str | None, toolkit: str = "YEF") -> EvidenceCard | None:
    """The card in force of a strand, or None when there is none (or none was claimed)."""
    if not strand_id:
        return None
    wanted = (
        EvidenceCard.toolkit == toolkit.lower(),
        EvidenceCard.strand_id == strand_id,
        EvidenceCard.superseded_at.is_(None),
    )
    return db.session.scalar(select(EvidenceCard).where(*wanted))


def toolkit_name(card: EvidenceCard) -> str:
    return TOOLKIT_NAMES[card.toolkit]


def sources(card: EvidenceCard) -> list[str]:
    return (card.source_url or "").split()


def source_date(card: EvidenceCard) -> str:
    """How old the source is, in words; a plain date is spoken as everywhere else."""
    said = card.source_date or ""
    try:
        return speak_day(date.fromisoformat(said))
    except ValueError:
        return said


def is_stale(card: EvidenceCard, today: date) -> bool:
    """Whether our copy is older than six months: the rating may have changed since."""
    return add_months(card.snapshot_on, STALE_AFTER_MONTHS) < today


def confidence(card: EvidenceCard) -> tuple[int | None, str]:
    """Dots (1 to 5, or None when the source did not say) and the words for them."""
    if card.evidence_quality:
        return card.evidence_quality, card.evidence_words or f"{CONFIDENCE[card.evidence_quality]} confidence"
    return None, card.evidence_words or "the source that we read does not say"
