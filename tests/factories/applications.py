"""Forms, drafts and sent bids for tests."""

from datetime import date, timedelta
from typing import Any

from applications.answers import save_answer
from applications.applications import start_application
from applications.form_design import freeze_form
from applications.forms import asked_form, current_form, form_of, questions_of
from applications.standard_form import use_standard_form
from applications.submission import submit_application
from applications.tables import Application, Collaborator, Form, Question, Section
from fund.core import clock
from fund.core.database import db
from fund.tables import Organisation, Person, Round

from . import fund as make

# What the form asks of groups that no register holds.
GROUP = {
    "rules": True, "has-host": False,
    "signatories": [{"name": "Jo Bell", "role": "Treasurer"}, {"name": "Sam Reed", "role": "Chair"}],
}  # fmt: skip
WORDS = "We will run a club on two evenings a week for young people who are getting into fights."


def open_round(*, caps: Any = None, **facts) -> Round:
    """A published round with the frozen standard form and two places."""
    round = make.round(**facts)
    for name in ("Peterlee East", "Seaham"):
        make.area(round.fund.partnership, name)
    if current_form(round) is None:
        use_standard_form(round, by=None, now=clock.now())
    freeze_form(round, by=None, now=clock.now())
    return round


def allow_voice(round: Round, *keys: str) -> Round:
    """Let these questions of the round's form be answered by a voice note, and freeze it again."""
    form = current_form(round)
    for row in questions_of(form):
        if row.key in keys:
            row.settings = {**row.settings, "voice": True}
    form.frozen_at = form.content_sha256 = None
    db.session.flush()
    freeze_form(round, by=None, now=clock.now())
    return round


def form_with(round: Round, questions: int) -> Form:
    """A frozen form of this many long questions in sections of ten, instead of the standard form."""
    form = Form(round_id=round.id, number=9, created_at=clock.now(), elsewhere=[])
    db.session.add(form)
    db.session.flush()
    section = None
    for number in range(questions):
        if number % 10 == 0:
            section = Section(form_id=form.id, key=f"s{number}", title=f"Part {number // 10 + 1}", position=number)
            db.session.add(section)
            db.session.flush()
        db.session.add(Question(form_id=form.id, section_id=section.id, key=f"q{number}", kind="long_text", text=f"Question {number}?", why="We ask.", word_limit=150, required=True, settings={}, position=number))  # fmt: skip
    freeze_form(round, by=None, now=clock.now())
    return form


def draft(lead: Person | None = None, round: Round | None = None, organisation: Organisation | None = None, *, legal_form: str = "cio", **values) -> Application:  # fmt: skip
    """A draft of an organisation whose lead is `lead`, with these answers by question key."""
    lead = lead or make.person()
    round = round or open_round()
    organisation = organisation or make.organisation(lead, legal_form=legal_form)
    application = start_application(round, organisation, by=lead, now=clock.now())
    if (
        organisation.legal_form == "unincorporated"
        and "asked" in values
        and "signatories" in form_of(application).by_key
    ):
        values = GROUP | values
    answer(application, lead, **values)
    return application


def answer(application: Application, by: Person, **values) -> None:
    whole = asked_form(application.form)  # a test may answer what this bid is not asked
    for key, value in values.items():
        save_answer(application, whole.by_key[key], value, 0, by=by, now=clock.now())


def complete_values(asked: int = 486_000, **changes) -> dict[str, Any]:
    """A complete, valid set of answers to the standard form; `asked` in pence."""
    values: dict[str, Any] = {f"Q{number}": WORDS for number in range(1, 13)}
    values |= {
        "title": "Evening club", "priority": "1", "level": "secondary", "strand": "mentoring", "places": ["Peterlee East"],
        "dates": {"start": date(2026, 6, 1).isoformat(), "end": date(2027, 5, 31).isoformat()},
        "beneficiaries": {"total": 40, "age_band": "12-17", "sex_focus": "any", "split": {"female": 15, "male": 25}},
        "milestones": [{"text": "Staff ready", "due_on": "2026-06-30", "evidence": "staff list"}],
        "outcomes": [{"indicator": "OUT-UNI", "measure": "young people who come", "baseline": "0", "target": 40, "unit": "people"}],
        "asked": asked,
        "budget": [{"heading": "Activities", "description": "Sessions", "quantity": "1", "unit": "lump sum", "unit_cost_pence": asked, "amount_pence": asked}],
    }  # fmt: skip
    return values | changes


def complete_draft(lead: Person | None = None, round: Round | None = None, organisation: Organisation | None = None, *, legal_form: str = "cio", asked: int = 486_000, **changes) -> Application:  # fmt: skip
    return draft(lead, round, organisation, legal_form=legal_form, **complete_values(asked, **changes))


def submitted(lead: Person | None = None, round: Round | None = None, **facts) -> Application:
    """A bid that was sent by its lead."""
    lead = lead or make.person()
    application = complete_draft(lead, round, **facts)
    submit_application(application, lead.name, "Chair", by=lead, now=clock.now())
    return application


def collaborator(application: Application, person: Person, role: str) -> Collaborator:
    row = Collaborator(application_id=application.id, person_id=person.id, role=role, added_at=clock.now())
    db.session.add(row)
    db.session.flush()
    db.session.expire(application, ["collaborators"])
    return row


def days(count: int) -> timedelta:
    return timedelta(days=count)
