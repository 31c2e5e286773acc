"""Reads what came of a round: six statements whatever its size. Only accepted returns count towards the figures."""

from sqlalchemy import and_, func, select

from applications.tables import Application, ApplicationPlace
from applications.workflow import AWARDED
from awards.tables import Award, AwardVersion
from fund.core.database import db
from fund.tables import Area, Organisation, Priority, Round

from .outcomes import AwardRow, Facts, IndicatorRow, PeriodRow, Story
from .tables import CaseStudy, Indicator, Measurement, MonitoringReturn, Promise, ReturnPeriod


def facts_of(round: Round) -> Facts:
    """Read a round's facts in six statements."""
    awards = _awards(round)
    for award_id, place in db.session.execute(_places(round)):
        awards[award_id].places.append(place)
    periods = [PeriodRow(*row) for row in db.session.execute(_periods(round))]
    for period in periods:
        award = awards[period.award_id]
        award.promised += period.expected
        if period.is_accepted:
            award.reached += period.people or 0
            award.spent_pence += period.spent_pence or 0
    return Facts(round, list(awards.values()), periods, _indicators(round), _stories(round))


def _of_round(wanted, round: Round):
    """Awards of the round that were accepted, now or in the end."""
    return wanted.join(Application, Application.id == Award.application_id).where(
        Award.round_id == round.id, Application.status.in_(AWARDED)
    )


def newest_terms():
    """A condition that keeps the latest version of an award."""
    newest = select(func.max(AwardVersion.number)).where(AwardVersion.award_id == Award.id).correlate(Award)
    return and_(AwardVersion.award_id == Award.id, AwardVersion.number == newest.scalar_subquery())


def _awards(round: Round) -> dict[int, AwardRow]:
    wanted = (
        select(
            Award.id, Award.reference, func.coalesce(Application.title, ""), Organisation.name,
            func.coalesce(Priority.code, ""), func.coalesce(Priority.title, "No priority"), func.coalesce(Priority.position, 999),
            func.coalesce(Application.prevention_level, ""), func.coalesce(Application.strand_id, ""), AwardVersion.amount_pence,
        )
        .join(Organisation, Organisation.id == Award.organisation_id)
        .join(AwardVersion, newest_terms())
    )  # fmt: skip
    wanted = _of_round(wanted, round).outerjoin(Priority, Priority.id == Application.priority_id)
    return {row[0]: AwardRow(*row) for row in db.session.execute(wanted.order_by(Award.reference))}


def _places(round: Round):
    wanted = select(Award.id, Area.name).select_from(Award)
    return (
        _of_round(wanted, round)
        .join(ApplicationPlace, ApplicationPlace.application_id == Application.id)
        .join(Area, Area.id == ApplicationPlace.area_id)
        .order_by(Award.id, Area.name)
    )


def _periods(round: Round):
    """Each period with its return that the fund has: accepted, or sent and still to be read."""
    with_us = and_(MonitoringReturn.period_id == ReturnPeriod.id, MonitoringReturn.status.in_(("sent", "accepted")))
    wanted = select(
        Award.id, ReturnPeriod.number, ReturnPeriod.ends_on, ReturnPeriod.due_on,
        func.coalesce(ReturnPeriod.people_expected, 0), ReturnPeriod.profile_pence,
        MonitoringReturn.people_count, MonitoringReturn.spent_pence, MonitoringReturn.status,
    ).join(Award, Award.id == ReturnPeriod.award_id)  # fmt: skip
    return _of_round(wanted, round).outerjoin(MonitoringReturn, with_us).order_by(Award.id, ReturnPeriod.number)


def _indicators(round: Round) -> list[IndicatorRow]:
    wanted = (
        select(
            Promise.id, Promise.measure, Promise.unit, Promise.target, Promise.baseline, Indicator.code, Indicator.title,
            Indicator.direction, Indicator.position,
        )
        .select_from(Promise)
        .join(Award, Award.id == Promise.award_id)
        .outerjoin(Indicator, Indicator.id == Promise.indicator_id)
    )  # fmt: skip
    rows: dict[tuple, IndicatorRow] = {}
    by_promise: dict[int, IndicatorRow] = {}
    ordered = _of_round(wanted, round).order_by(Indicator.position.is_(None), Indicator.position, Promise.measure)
    for key, measure, unit, target, baseline, code, title, direction, _ in db.session.execute(ordered):
        name = (code or measure.lower(), unit)
        row = rows.setdefault(
            name, IndicatorRow(code or "", title or measure, measure, unit, direction or "higher_better")
        )
        row.awards += 1
        row.targets.append(float(target))
        if baseline is not None:
            row.baselines.append(float(baseline))
        by_promise[key] = row
    for promise_id, ends_on, value, asked, answered in db.session.execute(_measurements(round)):
        by_promise[promise_id].figures.append((ends_on, value, asked, answered))
    return list(rows.values())


def _measurements(round: Round):
    wanted = (
        select(
            Measurement.promise_id, ReturnPeriod.ends_on, Measurement.value, func.coalesce(Measurement.asked_count, 0),
            func.coalesce(Measurement.answered_count, 0),
        )
        .join(MonitoringReturn, MonitoringReturn.id == Measurement.return_id)
        .join(ReturnPeriod, ReturnPeriod.id == MonitoringReturn.period_id)
        .join(Award, Award.id == ReturnPeriod.award_id)
        .where(MonitoringReturn.status == "accepted")
    )  # fmt: skip
    return _of_round(wanted, round).order_by(ReturnPeriod.ends_on, Measurement.id)


def _stories(round: Round) -> list[Story]:
    wanted = (
        select(
            CaseStudy.text, Organisation.name, func.coalesce(Priority.title, ""), func.coalesce(Application.title, "")
        )
        .join(MonitoringReturn, MonitoringReturn.id == CaseStudy.return_id)
        .join(ReturnPeriod, ReturnPeriod.id == MonitoringReturn.period_id)
        .join(Award, Award.id == ReturnPeriod.award_id)
        .join(Organisation, Organisation.id == Award.organisation_id)
    )
    wanted = _of_round(wanted, round).outerjoin(Priority, Priority.id == Application.priority_id)
    wanted = wanted.where(CaseStudy.published_at.is_not(None)).order_by(CaseStudy.published_at.desc(), CaseStudy.id)
    return [Story(*row) for row in db.session.execute(wanted.limit(12))]
