"""The public register of grants: one projection that lists every column that leaves the house. What is not here is not public."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, func, select

from applications.tables import Application, ApplicationPlace
from applications.workflow import APPLICATION
from fund.core.clock import today
from fund.core.database import db
from fund.core.money import share
from fund.tables import Area, Fund, Identifier, Organisation, Partnership, Priority, Round

from .open_data.texts import fit_to_publish
from .tables import Award, AwardVersion, Decision


@dataclass(frozen=True)
class PublicAward:
    """One line of the register. No address, no person, no account; money in pence.

    A withdrawn award stays, as withdrawn. `identifiers` are (scheme, number) pairs of the recipient; `place_codes` are
    (place, code of the Office for National Statistics) pairs. Texts are one line without e-mail addresses.
    """

    reference: str
    recipient: str
    organisation_key: int
    legal_form: str
    identifiers: tuple[tuple[str, str], ...]
    title: str
    priority: str
    asked_pence: int
    amount_pence: int
    paid_pence: int
    awarded_on: date
    starts_on: date
    ends_on: date
    status: str
    reasons: str
    direct_reason: str
    conditions: tuple[str, ...]
    places: tuple[str, ...]
    place_codes: tuple[tuple[str, str], ...]
    round_key: int
    round: str
    fund: str
    funder: str
    funder_slug: str
    prefix: str | None
    changed_at: datetime


def public_awards(**filters) -> list[PublicAward]:
    """Every award that was accepted, the latest first, in three statements. Filters: round_id, priority_id, partnership_id."""
    latest = select(AwardVersion.award_id, func.max(AwardVersion.number).label("number")).group_by(AwardVersion.award_id).subquery()  # fmt: skip
    query = (
        select(
            Award.reference, Organisation.name, Organisation.id, Organisation.legal_form, AwardVersion.purpose, Priority.code,
            Priority.title, Application.requested_pence, AwardVersion.amount_pence, Award.paid_pence, Award.recovered_pence,
            Award.accepted_at, AwardVersion.starts_on, AwardVersion.ends_on, Application.status, Decision.reasons,
            Decision.conditions, Application.id, Round.id, Round.title, Fund.name, Partnership.funder_name, Partnership.slug,
            Award.ended_at, AwardVersion.created_at, Decision.direct_reason, Partnership.giving_prefix,
        )
        .join(Application, Application.id == Award.application_id)
        .join(Organisation, Organisation.id == Award.organisation_id)
        .join(latest, latest.c.award_id == Award.id)
        .join(AwardVersion, and_(AwardVersion.award_id == Award.id, AwardVersion.number == latest.c.number))
        .join(Decision, Decision.id == Award.decision_id)
        .join(Round, Round.id == Award.round_id)
        .join(Fund, Fund.id == Round.fund_id)
        .join(Partnership, Partnership.id == Fund.partnership_id)
        .outerjoin(Priority, Priority.id == Application.priority_id)
        .where(Award.accepted_at.isnot(None))
        .order_by(Award.accepted_at.desc(), Award.reference)
    )  # fmt: skip
    if filters.get("round_id"):
        query = query.where(Award.round_id == filters["round_id"])
    if filters.get("priority_id"):
        query = query.where(Application.priority_id == filters["priority_id"])
    if filters.get("partnership_id"):
        query = query.where(Fund.partnership_id == filters["partnership_id"])
    found = db.session.execute(query).all()
    numbers, places = _numbers({row[2] for row in found}), _places({row[17] for row in found})
    return [_public(row, numbers, places) for row in found]


def _public(row, numbers, places) -> PublicAward:
    (reference, recipient, organisation, legal_form, purpose, code, priority, asked, amount, paid, recovered, accepted_at, starts_on, ends_on, status, reasons, conditions, application, round_key, round, fund, funder, slug, ended_at, written_at, direct, prefix) = row  # fmt: skip
    return PublicAward(
        reference=reference, recipient=recipient, organisation_key=organisation, legal_form=legal_form,
        identifiers=tuple(numbers[organisation]), title=fit_to_publish(purpose), priority=f"{code}. {priority}" if code else "",
        asked_pence=asked or 0, amount_pence=amount, paid_pence=paid - recovered, awarded_on=today(accepted_at),
        starts_on=starts_on, ends_on=ends_on, status=APPLICATION.state(status).public, reasons=fit_to_publish(reasons), direct_reason=fit_to_publish(direct or ""),
        conditions=tuple(map(fit_to_publish, conditions)), places=tuple(name for name, _ in places[application]),
        place_codes=tuple((name, code) for name, code in places[application] if code), round_key=round_key, round=round, fund=fund, funder=funder,
        funder_slug=slug, prefix=prefix, changed_at=max(filter(None, (accepted_at, ended_at, written_at))),
    )  # fmt: skip


def _numbers(organisations: Iterable[int]) -> dict[int, list[tuple[str, str]]]:
    found = defaultdict(list)
    wanted = select(Identifier.organisation_id, Identifier.scheme, Identifier.number)
    wanted = wanted.where(Identifier.organisation_id.in_(organisations), Identifier.check_result == "confirmed")
    for key, scheme, number in db.session.execute(wanted.order_by(Identifier.id)):
        found[key].append((scheme, number))
    return found


def _places(applications: Iterable[int]) -> dict[int, list[tuple[str, str | None]]]:
    found = defaultdict(list)
    wanted = select(ApplicationPlace.application_id, Area.name, Area.code).join(
        Area, Area.id == ApplicationPlace.area_id
    )
    wanted = wanted.where(ApplicationPlace.application_id.in_(applications)).order_by(Area.name)
    for key, name, code in db.session.execute(wanted):
        found[key].append((name, code))
    return found


Totals = list[tuple[str, int]]


def totals_by_priority(awards: list[PublicAward]) -> Totals:
    """(priority, pence) for what was not withdrawn, the largest first."""
    return _totals((award.priority or "No priority", award.amount_pence) for award in _kept(awards))


def totals_by_form(awards: list[PublicAward], names: dict[str, str]) -> Totals:
    """(legal form, pence) for what was not withdrawn, the largest first."""
    return _totals((names.get(award.legal_form, award.legal_form), award.amount_pence) for award in _kept(awards))


def totals_by_place(awards: list[PublicAward]) -> Totals:
    """(place, pence), the largest first. A grant for several places is shared between them equally, so the sum is right."""
    return _totals(
        pair
        for award in _kept(awards)
        for pair in zip(
            award.places or ("No place named",), share(award.amount_pence, len(award.places) or 1), strict=True
        )
    )


def withdrawn_count(awards: list[PublicAward]) -> int:
    """How many were withdrawn after they were accepted: they stay in the lists, and in no sum."""
    return len(awards) - sum(1 for _ in _kept(awards))


def kept_pence(awards: list[PublicAward]) -> int:
    """What was awarded and not withdrawn."""
    return sum(award.amount_pence for award in _kept(awards))


def _kept(awards: list[PublicAward]) -> Iterator[PublicAward]:
    return (award for award in awards if award.status != APPLICATION.state("withdrawn").public)


def _totals(pairs: Iterable[tuple[str, int]]) -> Totals:
    sums: dict[str, int] = defaultdict(int)
    for name, pence in pairs:
        sums[name] += pence
    return sorted(sums.items(), key=lambda pair: (-pair[1], pair[0]))
