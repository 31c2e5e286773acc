"""Spending over £500 and the yearly list of grants to organisations: what the transparency rules ask commissioners and councils
to publish (domain guide, section 13). Each list is one projection: what is not in it is not public."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from fund.core.clock import today
from fund.core.database import db
from fund.core.years import year_of
from fund.tables import Fund, Organisation, Partnership, Round

from .register import PublicAward
from .tables import Award, Payment, Tranche

OVER_PENCE = 50_000  # "over £500": £500.00 itself is not listed


@dataclass(frozen=True)
class Spent:
    """One payment of more than £500.00, in pence. The recipient is an organisation, never a person."""

    paid_on: date
    recipient: str
    purpose: str
    pence: int
    reference: str
    funder: str
    category: str = "Grant"


def spending() -> list[Spent]:
    """Every released payment over £500.00, the latest first."""
    query = (
        select(
            Payment.released_at, Organisation.name, Round.title, Payment.amount_pence, Payment.reference, Partnership.funder_name
        )
        .join(Tranche, Tranche.id == Payment.tranche_id)
        .join(Award, Award.id == Tranche.award_id)
        .join(Organisation, Organisation.id == Award.organisation_id)
        .join(Round, Round.id == Award.round_id)
        .join(Fund, Fund.id == Round.fund_id)
        .join(Partnership, Partnership.id == Fund.partnership_id)
        .where(Payment.released_at.isnot(None), Payment.amount_pence > OVER_PENCE)
        .order_by(Payment.released_at.desc(), Payment.id.desc())
    )  # fmt: skip
    return [
        Spent(today(moment), name, f"Grant: {round}", pence, reference, funder)
        for moment, name, round, pence, reference, funder in db.session.execute(query)
    ]


@dataclass(frozen=True)
class Listed:
    """One line of the yearly list of grants to the voluntary and community sector."""

    awarded_on: date
    period: str
    department: str
    beneficiary: str
    registration: str
    purpose: str
    pence: int
    status: str


def listed(awards: list[PublicAward]) -> list[Listed]:
    """The columns that the transparency code names, from the public register."""
    return [
        Listed(
            award.awarded_on, f"{award.starts_on:%d/%m/%Y} to {award.ends_on:%d/%m/%Y}", award.funder, award.recipient,
            ", ".join(number for _scheme, number in award.identifiers) or "not registered", award.title, award.amount_pence,
            award.status,
        )
        for award in awards
    ]  # fmt: skip


def years_in(days: list[date]) -> list[int]:
    """The financial years (by the year they begin) in which these days lie, the latest first."""
    return sorted({year_of(day) for day in days}, reverse=True)
