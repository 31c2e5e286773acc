"""Who may do what with returns and outcomes. Predicates are sentences; the rules below combine them."""

from sqlalchemy import exists, select

from applications.tables import Collaborator
from awards.tables import Award
from fund.core.database import db
from fund.core.permissions import rule
from fund.roles import is_evaluator, is_grant_manager, is_staff
from fund.tables import Membership

from .tables import MonitoringReturn, ReturnPeriod
from .workflow import RETURN


def award_of(thing) -> Award | None:
    if isinstance(thing, Award):
        return thing
    if isinstance(thing, ReturnPeriod):
        return thing.award
    return thing.period.award if isinstance(thing, MonitoringReturn) else None


def reports_for_the_award(person, thing) -> bool:
    """Belongs to the group that holds the award, or wrote its bid as lead or editor."""
    award = award_of(thing)
    if person is None or award is None:
        return False
    member = exists().where(
        Membership.organisation_id == award.organisation_id,
        Membership.person_id == person.id,
        Membership.left_at.is_(None),
    )
    writer = exists().where(
        Collaborator.application_id == award.application_id, Collaborator.person_id == person.id,
        Collaborator.removed_at.is_(None), Collaborator.role.in_(("lead", "editor")),
    )  # fmt: skip
    return bool(db.session.scalar(select(member | writer)))


RETURN.check("who", "reports_for_the_award")(reports_for_the_award)

rule("report_for_award", "people of the group that holds the award", reports_for_the_award)
rule("read_returns", "staff of the partnership", is_staff)
rule("read_returns_list", "staff of the partnership", is_staff)
rule("run_returns", "grant managers of the partnership", is_grant_manager)
rule("see_outcomes", "staff of the partnership", is_staff)
rule("read_indicators", "staff and evaluators", is_staff, is_evaluator)
rule("evaluate_round", "evaluators of the round or its partnership", is_evaluator)
rule("evaluate_rounds", "evaluators", is_evaluator)
