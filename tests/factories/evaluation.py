"""Awards in delivery with promises and periods, and returns at each point of their life."""

from datetime import date, datetime, timedelta

from applications.forms import current_form, form_of
from applications.standard_form import use_standard_form
from applications.tables import Answer, ApplicationPlace
from applications.workflow import APPLICATION
from awards.tables import Award
from evaluation.indicators import load_indicators
from evaluation.periods import load_award, load_period
from evaluation.returns import Measured, Report, accept_return, save_return, send_back_return, send_return
from evaluation.tables import MonitoringReturn, Promise, ReturnPeriod
from fund.core import clock
from fund.core.database import db
from fund.tables import Area, Round

from . import awards as awarding
from . import fund as make

OUTCOMES = [
    {"indicator": "OUT-COMP", "measure": "completing the full offer", "baseline": "0", "target": 30, "unit": "people"},
    {"indicator": "SWEMWBS", "measure": "with improved wellbeing at exit", "baseline": "40", "target": 60, "unit": "%"},
]
BUDGET = [("Salaries", 1_200_000), ("Travel", 600_000)]


def round(**facts) -> Round:
    """A finished call whose delivery began a year ago, with the library of indicators and a standard form."""
    load_indicators(clock.now())
    given = {
        "opens_at": clock.now() - timedelta(days=500), "closes_at": clock.now() - timedelta(days=470),
        "delivery_start_on": date(2025, 1, 1), "delivery_end_on": date(2025, 12, 31),
    }  # fmt: skip
    row = make.round(**given | facts)
    if current_form(row) is None:
        use_standard_form(row, by=None, now=clock.now())
    return row


def award(of: Round | None = None, amount_pence: int = 1_800_000, *, people: int = 42, places=(), outcomes=None, budget=None, status: str = "in_delivery", **facts) -> Award:  # fmt: skip
    """An award of nine months (three quarters from 1 January 2025) with its promises made."""
    of = of or round()
    given = {"starts_on": date(2025, 1, 1), "ends_on": date(2025, 9, 30), "beneficiaries_count": people, "prevention_level": "secondary", "strand_id": "mentoring"}  # fmt: skip
    application = awarding.bid(of, asked_pence=amount_pence, **given | facts)
    _answers(application, OUTCOMES if outcomes is None else outcomes, BUDGET if budget is None else budget, people)
    for name in places:
        place = db.session.query(Area).filter_by(name=name).first() or make.area(of.fund.partnership, name)
        make._add(ApplicationPlace(application_id=application.id, area_id=place.id))
    awarding.decided(application)
    found = db.session.query(Award).filter_by(application_id=application.id).one()
    awarding.sign(found, awarding.lead(application))
    if status != "accepted":
        make.put(application, status, APPLICATION)
    return load_award(found.id)


def _answers(application, outcomes, budget, people) -> None:
    lines = [
        {"heading": heading, "description": heading, "quantity": "1", "unit": "sum", "unit_cost_pence": pence, "amount_pence": pence}
        for heading, pence in budget
    ]  # fmt: skip
    form = form_of(application)
    values = {"outcomes": outcomes, "budget": lines, "beneficiaries": {"total": people, "age_band": "12-17", "sex_focus": "any", "split": {}}}  # fmt: skip
    for key, value in values.items():
        make._add(Answer(application_id=application.id, question_id=form.by_key[key].id, value=value, digest="", version=1, saved_at=clock.now(), saved_by_id=application.created_by_id))  # fmt: skip


def period(of: Award, number: int = 1) -> ReturnPeriod:
    key = db.session.query(ReturnPeriod.id).filter_by(award_id=of.id, number=number).scalar()
    return load_period(key)


def lead(of: Award):
    return awarding.lead(of.application)


def report(of: ReturnPeriod, **changes) -> Report:
    """A report exactly as planned, with both measures, that can be sent."""
    spent = changes.pop("spent_pence", of.profile_pence)
    promises = db.session.query(Promise).filter_by(award_id=of.award_id).order_by(Promise.position).all()
    measured = {each.id: Measured(60, 10, 8) if each.unit == "%" else Measured(10) for each in promises}
    given = {
        "people_count": of.people_expected, "sessions_count": 12, "spent_pence": spent,
        "spend": {"Salaries": (spent or 0) - (spent or 0) // 3, "Travel": (spent or 0) // 3}, "measured": measured,
    }  # fmt: skip
    return Report(**given | changes)


def draft(of: ReturnPeriod, **changes) -> MonitoringReturn:
    return save_return(of, report(of, **changes), by=lead(of.award), now=clock.now())


def sent(of: ReturnPeriod, **changes) -> MonitoringReturn:
    return send_return(draft(of, **changes), by=lead(of.award), now=clock.now())


def accepted(of: ReturnPeriod, by=None, **changes) -> MonitoringReturn:
    row = sent(of, **changes)
    return accept_return(row, by=by or make.staff("grant_manager", of.award.round), now=clock.now())


def sent_back(of: ReturnPeriod, why: str = "Say how the trip was paid.", **changes) -> MonitoringReturn:
    return send_back_return(sent(of, **changes), why, by=make.staff("grant_manager", of.award.round), now=clock.now())


def on(*parts: int) -> datetime:
    return datetime(*parts, 12, tzinfo=clock.UTC)
