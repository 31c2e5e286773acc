"""Criteria as data: what a round's bids are judged by. Officers write them; publishing the round freezes them."""

from datetime import datetime

from sqlalchemy import func, select

from applications.forms import form_of
from applications.tables import Application
from fund.core import audit
from fund.core.database import db
from fund.core.problems import Problem, WrongMoment
from fund.strategies.loader import criteria as library
from fund.strategies.loader import load_pack, slugs
from fund.tables import Person, Round
from fund.workflow import ROUND

from .tables import Criterion

MARKS = range(6)
MARK_WORDS = ("not answered", "poor", "weak", "acceptable", "good", "excellent")
DEFAULT_PACK = "durham-darlington"  # the fund that this product was first built for
# What stands beside the answers, by key of the library: the page can show the claimed strand, and the places' figures.
SHOWS = {"need": ["needs"], "evidence": ["evidence"]}


def criteria_of(round: Round | int) -> list[Criterion]:
    """The criteria of a round, in their order."""
    key = round if isinstance(round, int) else round.id
    return list(db.session.scalars(select(Criterion).where(Criterion.round_id == key).order_by(Criterion.position)))


def are_frozen(round: Round) -> bool:
    """Applicants have read them: from publishing on, nobody changes what bids are judged by."""
    return round.status != "draft"


def check_not_frozen(round: Round) -> None:
    if are_frozen(round):
        raise WrongMoment("The criteria were published with the round and cannot change any more.")


def use_standard_criteria(round: Round, *, by: Person | None, now: datetime) -> list[Criterion]:
    """Give the round the criteria and weights of its partnership's pack. Raises Problem when it has some already."""
    check_not_frozen(round)
    if criteria_of(round):
        raise Problem("This round has criteria already. Change them one by one.")
    slug = round.fund.partnership.slug
    choices = load_pack(slug if slug in slugs() else DEFAULT_PACK).round_defaults.criteria
    for position, choice in enumerate(choices, 1):
        known = library()[choice.key]
        db.session.add(
            Criterion(
                round_id=round.id, code=known.code, title=known.title, guidance=known.asks, weight=choice.weight,
                descriptors=list(known.descriptors), reads=list(known.reads), shows=SHOWS.get(known.key, []),
                optional_for=[each.fundable for each in choice.may_not_apply_to], origin=known.origin, position=position,
            )
        )  # fmt: skip
    db.session.flush()
    audit.record("criteria.use_standard", round, by=by, now=now)
    return criteria_of(round)


def change_criterion(
    criterion: Criterion, round: Round, *, title: str, guidance: str, weight: int, minimum_mark: int | None,
    descriptors: list[str], by: Person, now: datetime,
) -> Criterion:  # fmt: skip
    """Change one criterion before publishing. Raises Problem when a mark has no descriptor or the minimum is no mark."""
    check_not_frozen(round)
    if len(descriptors) != len(MARKS) or not all(each.strip() for each in descriptors):
        raise Problem("Say in a sentence what each mark from 0 to 5 means", "descriptor_0")
    if minimum_mark is not None and minimum_mark not in MARKS:
        raise Problem("Enter a mark from 0 to 5", "minimum_mark")
    wanted = {
        "title": title, "guidance": guidance, "weight": weight, "minimum_mark": minimum_mark, "descriptors": descriptors,
    }  # fmt: skip
    changed = [name for name, value in wanted.items() if getattr(criterion, name) != value]
    for name in changed:
        setattr(criterion, name, wanted[name])
    audit.record("criterion.change", criterion, by=by, now=now, changed=changed)
    return criterion


def remove_criterion(criterion: Criterion, round: Round, *, by: Person, now: datetime) -> None:
    """Take a criterion out before publishing."""
    check_not_frozen(round)
    audit.record("criterion.remove", criterion, by=by, now=now, code=criterion.code)
    db.session.delete(criterion)
    db.session.flush()


def add_criterion(round: Round, title: str, *, by: Person, now: datetime) -> Criterion:
    """A new criterion at the end, with the plain words of the scale for a start."""
    check_not_frozen(round)
    last = db.session.scalar(select(func.max(Criterion.position)).where(Criterion.round_id == round.id)) or 0
    taken = {each.code for each in criteria_of(round)}
    number = next(n for n in range(1, 100) if f"C{n}" not in taken)
    row = Criterion(
        round_id=round.id, code=f"C{number}", title=title, guidance="", weight=10, position=last + 1,
        descriptors=[f"{word.capitalize()}." for word in MARK_WORDS], reads=[], shows=[], optional_for=[],
        origin="added by the officer",
    )  # fmt: skip
    db.session.add(row)
    audit.record("criterion.add", row, by=by, now=now, code=row.code)
    return row


def clone_criteria(old: Round, new: Round, *, by: Person, now: datetime) -> None:
    """Copy the criteria of a round to the round cloned from it."""
    kept = [column.key for column in Criterion.__table__.columns if column.key not in ("id", "round_id")]
    for each in criteria_of(old):
        db.session.add(Criterion(round_id=new.id, **{name: getattr(each, name) for name in kept}))
    db.session.flush()
    audit.record("criteria.clone", new, by=by, now=now, cloned_from=old.id)


@ROUND.check("needs", "criteria_ready")
def criteria_are_ready(round: Round, *, by, now, **_) -> None:
    """Raises Problem when bids could not be judged by what the round says."""
    found = criteria_of(round)
    if not found:
        raise Problem("Choose the criteria that bids are judged by before you publish.")
    weights = sum(each.weight for each in found)
    if weights != 100:
        raise Problem(f"The weights add up to {weights}. Make them add up to 100 before you publish.")


def is_not_asked(criterion: Criterion, application: Application) -> bool:
    """Whether the bid's form asks nothing of what this criterion reads: a short form may leave a criterion without weight."""
    asked = form_of(application).by_key
    return bool(criterion.reads) and not any(key in asked for key in criterion.reads)


def may_not_apply(criterion: Criterion, priority_code: str | None) -> bool:
    """Whether an explained "does not apply" is allowed for a bid under this priority."""
    return priority_code is not None and priority_code in criterion.optional_for
