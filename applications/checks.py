"""What the lives of applications and rounds ask of this package: who may move, what a move needs, whom it tells."""

from fund import roles
from fund.core import outbox
from fund.core.database import db
from fund.core.problems import Problem
from fund.workflow import ROUND

from .answers import values_of
from .applications import is_lead_of, leads_of
from .caps import check_caps
from .change_requests import check_none_waits
from .completeness import facts_for, find_gaps
from .deadlines import check_in_time
from .form_design import check_form, freeze_form
from .forms import current_form, form_of
from .keyed import keyed_bid_of
from .permissions import keys_it_in
from .screening import BY_KEY, checks_for, recorded_checks
from .signals.answering import check_nothing_held
from .submission import latest_submission
from .tables import Form
from .tables.packs import CAME_BY
from .workflow import APPLICATION, OPEN_TO_APPLICANT

# Who --------------------------------------------------------------------------------------------------------------


@APPLICATION.check("who", "is_lead")
def is_lead(person, application) -> bool:
    return is_lead_of(person, application)


@APPLICATION.check("who", "is_lead_or_keys_it_in")
def is_lead_or_keys_it_in(person, application) -> bool:
    return is_lead_of(person, application) or keys_it_in(person, application)


@APPLICATION.check("who", "is_fund_officer")
def is_fund_officer(person, application) -> bool:
    return roles.is_fund_officer(person, application)


@APPLICATION.check("who", "is_head_of_fund")
def is_head_of_fund(person, application) -> bool:
    return roles.is_head_of_fund(person, application)


@APPLICATION.check("who", "is_grant_manager")
def is_grant_manager(person, application) -> bool:
    return roles.is_grant_manager(person, application)


@APPLICATION.check("who", "is_the_clock")
def is_the_clock(person, application) -> bool:
    return person is None


# Needs ------------------------------------------------------------------------------------------------------------


@APPLICATION.check("needs", "round_open")
def round_open(application, *, by, now, **_facts) -> None:
    check_in_time(application, now)


@APPLICATION.check("needs", "before_deadline")
def before_deadline(application, *, by, now, **_facts) -> None:
    check_in_time(application, now)


@APPLICATION.check("needs", "every_required_answer")
def every_required_answer(application, *, by, now, **_facts) -> None:
    facts = facts_for(application, values_of(application))
    gaps = list(find_gaps(form_of(application), facts))
    if gaps:
        listed = "; ".join(f"{gap.question.text.rstrip('?')}: {gap.sentence}" for gap in gaps)
        raise Problem(f"Your bid is not ready to send. {listed}.")


@APPLICATION.check("needs", "within_caps")
def within_caps(application, *, by, now, **_facts) -> None:
    check_caps(application, application.requested_pence or 0)


@APPLICATION.check("needs", "declared")
def declared(application, *, by, now, declared: bool = False, **_facts) -> None:
    if not declared:
        raise Problem("Tick the box to say that the bid is true and that you may send it", "agreed")


@APPLICATION.check("needs", "every_check_passed")
def every_check_passed(application, *, by, now, **_facts) -> None:
    check_none_waits(application)
    rows = recorded_checks(application)
    for check in checks_for(application):
        row = rows.get(check.key)
        if row is None:
            raise Problem(f"“{check.title}” is not answered yet.")
        if row.answer == "fail" or (row.answer == "refer" and not check.may_stay_referred):
            raise Problem(f"“{check.title}” is not passed: {row.reason or 'it is referred'}")


@APPLICATION.check("needs", "nothing_held")
def nothing_held(application, *, by, now, **_facts) -> None:
    """No signal holds the bid: an account or a listed name that nobody answered, or what an officer held (rule 3)."""
    check_nothing_held(application)


@APPLICATION.check("needs", "a_check_failed")
def a_check_failed(application, *, by, now, **_facts) -> None:
    if not any(row.answer == "fail" and row.key in BY_KEY for row in recorded_checks(application).values()):
        raise Problem("A bid can be found ineligible only when a check failed. Record which one first.")


@APPLICATION.check("needs", "reason_once_submitted")
def reason_once_submitted(application, *, by, now, reason_given: bool = False, **_facts) -> None:
    if application.status not in OPEN_TO_APPLICANT and not reason_given:
        raise Problem("Give a reason", "reason")


# Tells ------------------------------------------------------------------------------------------------------------


def _tell_leads(template: str, application, now, once: str | None = None, **context) -> None:
    for person in leads_of(application):
        outbox.queue(
            template,
            person.email,
            now=now,
            once=f"{once}-{person.id}" if once else None,
            application=application,
            person=person,
            **context,
        )


@APPLICATION.check("tells", "receipt")
def receipt(application, *, by, now, **_facts) -> None:
    submission = latest_submission(application)
    _tell_leads(
        "receipt", application, now, f"receipt-{application.id}-{submission.number}", submission=submission,
        keyed=keyed_bid_of(application), ways=CAME_BY,
    )  # fmt: skip


@APPLICATION.check("tells", "receipt_withdrawn")
def receipt_withdrawn(application, *, by, now, **_facts) -> None:
    submission = latest_submission(application)
    submission.taken_back_at = now
    _tell_leads(
        "taken_back", application, now, f"taken-back-{application.id}-{submission.number}", submission=submission
    )


@APPLICATION.check("tells", "ineligible")
def ineligible(application, *, by, now, reason, **_facts) -> None:
    elsewhere = db.session.get_one(Form, application.form_id).elsewhere
    _tell_leads("ineligible", application, now, reason=reason, elsewhere=elsewhere)


@APPLICATION.check("tells", "reopened")
def reopened(application, *, by, now, reason, **_facts) -> None:
    _tell_leads("reopened", application, now, reason=reason)


@APPLICATION.check("tells", "withdrawn")
def withdrawn(application, *, by, now, reason, **_facts) -> None:
    _tell_leads("withdrawn", application, now, f"withdrawn-{application.id}", reason=reason)
    if application.submitted_at is not None:
        partnership = application.round.fund.partnership
        outbox.queue(
            "withdrawn_officer",
            partnership.email,
            now=now,
            once=f"withdrawn-office-{application.id}",
            application=application,
            reason=reason,
        )


# Rounds -----------------------------------------------------------------------------------------------------------


@ROUND.check("needs", "form_ready")
def form_ready(round, *, by, now, **_facts) -> None:
    form = current_form(round)
    if form is None:
        raise Problem("This round has no form yet. Choose the standard form or write one.")
    check_form(form)


@ROUND.check("tells", "form_frozen")
def form_frozen(round, *, by, now, reason, **_facts) -> None:
    freeze_form(round, by=by, now=now)
