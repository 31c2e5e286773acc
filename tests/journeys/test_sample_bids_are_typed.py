"""Five of the forty sample bids, each typed by its own contact into the pages of the open round, meet what the file expects.

The other thirty-five go through the same acts in tests/applications/test_expected.py.
"""

import pytest
from flask import session
from sqlalchemy import select
from wtforms import FieldList, FormField

from applications.demonstration import _moved
from applications.forms import asked_form, current_form
from applications.question_types.places import OUTSIDE
from applications.sample.bidding import values_of_bid
from applications.screening import machine_findings
from applications.tables import Application
from fund import sessions
from fund.core import clock
from fund.core.database import db
from fund.core.look import field_kind
from fund.tables import Person, Round
from tests.checks.visitor import Visitor

from .story import main, says

pytestmark = pytest.mark.journey

OVER = "You asked for £40,000.01. Registered organisations can ask for up to £40,000.00. Take off £0.01 to carry on."
# Number of the bid, what the check page says against it, and what the machine finds after it is sent.
FIVE = [
    ("010", [], {}),  # eligible
    ("006", [], {}),  # eligible at cap: £40,000.00
    ("026", [], {"area": "fail"}),  # outside area
    ("037", [OVER], None),  # over cap by a penny
    (
        "033",
        ["How will you keep people and data safe", "What is your track record"],
        None,
    ),  # incomplete: two answers are missing
]


@pytest.fixture
def round_id(site):
    with site.app.app_context():
        return db.session.scalar(select(Round.id).order_by(Round.closes_at.desc()).limit(1))


@pytest.mark.parametrize(("number", "against", "found"), FIVE, ids=[row[0] for row in FIVE])
def test_a_sample_bid_typed_through_the_pages_meets_its_expected_value(site, visit, round_id, number, against, found):
    with site.app.app_context():
        round = db.session.get_one(Round, round_id)
        sample = _moved(round)[number]
        answers = what_to_type(round, sample)
        contact = _contact(sample)
        cookie = _cookie(site, contact)
        organisation, name = sample.organisation.name, contact.name
    visitor = visit()
    visitor.page.context.add_cookies([cookie])
    page = visitor.page
    page.set_default_timeout(30_000)
    page.goto(f"{site.address}/rounds/{round_id}/apply")
    page.get_by_label(organisation, exact=True).check()
    _press(visitor, "main form button")
    # What one asks for decides which form one sees, so it comes first, as the page of the bid proposes.
    address = page.url
    page.goto(f"{address}/questions/asked")
    page.fill("#value", answers["asked"][0]["value"])
    _press(visitor, "main button[value=return]")
    type_everything(visitor, f"{address}/questions/title", answers)
    if against:
        assert page.locator("a[href$='/send'].govuk-button").count() == 0, main(visitor)
        says(visitor, *against)
        return
    _press(visitor, "main a.govuk-button[href$='/send']")
    page.fill("#declared_name", name)
    page.fill("#declared_role", sample.organisation.contact_role)
    page.check("#agreed")
    _press(visitor, "main form button")
    says(visitor, "Bid sent", organisation)
    with site.app.app_context():
        bid = db.session.scalars(select(Application).order_by(Application.id.desc()).limit(1)).one()
        assert (bid.status, bid.requested_pence) == ("submitted", sample.requested_pence)
        given = {key: finding.answer for key, finding in machine_findings(bid).items() if finding.answer != "pass"}
        assert given == found
        assert (bid.requested_pence == sample.cap_pence) == (sample.expected == "eligible at cap")


def what_to_type(round: Round, sample) -> dict[str, list[dict[str, str | list[str]]]]:
    """What stands in each box when it is filled in, by question and line: the name of the control and its text."""
    asked = asked_form(current_form(round)).view_for(sample.organisation.legal_form, "full")
    outside = next(row[0] for row in asked.by_key["places"].settings["choices"] if row[0].startswith(OUTSIDE))
    values = values_of_bid(sample, round, outside)
    typed = {}
    for question in asked.questions:
        if question.key in values and question.kind != "documents":
            form = question.form_class(
                formdata=None, data=question.type.fill(values[question.key]), meta={"csrf": False}
            )
            typed[question.key] = [_boxes(fields) for fields in _lines(form)]
    return typed


def _lines(form):
    """The lines of a question of rows, or the one line that any other question is."""
    rows = next((each for each in form if isinstance(each, FieldList)), None)
    if rows is None:
        return [[each for each in form if field_kind(each) != "hidden"]]
    return [list(entry.form) for entry in rows if isinstance(entry, FormField)]


def _boxes(fields) -> dict:
    boxes: dict = {}
    for each in fields:
        kind = field_kind(each)
        if kind == "date":
            boxes |= {f"{each.name}-{part}": str(getattr(each, f"{part}_value")) for part in ("day", "month", "year")}
        elif kind in ("radios", "checkboxes", "select"):
            boxes[each.name] = each.data
        else:
            boxes[each.name] = each._value()
    return {name: text for name, text in boxes.items() if text not in (None, "", [])}


def type_everything(visitor: Visitor, first: str, answers: dict) -> None:
    """From the first question to the check page, each saved before the next is shown; what is not there is left empty."""
    page = visitor.page
    page.goto(first)
    for _ in range(40):
        key = page.url.partition("/questions/")[2].partition("?")[0]
        if not key:
            return
        for number, line in enumerate(answers.get(key, [])):
            if number and not page.locator(f"[name^='rows-{number}-']").count():
                _press(visitor, "main button[name=add]")
            for name, text in line.items():
                _put(page, name, text)
        _press(visitor, "main button[value=continue]")
        if "check=1" in page.url:
            page.goto(_next_address(page, answers))
    raise AssertionError(f"The questions do not end: {page.url}")


def _next_address(page, answers) -> str:
    """After a page that says what is wrong with a saved answer: the question behind it, as the list of questions has them."""
    here = page.url.partition("?")[0]
    order = list(answers)
    key = here.rpartition("/")[2]
    return f"{here.rpartition('/')[0]}/{order[order.index(key) + 1]}"


def _put(page, name: str, text) -> None:
    boxes = page.locator(f"[name='{name}']")
    kind = boxes.first.evaluate("box => box.type")
    if kind == "select-one":
        # An indicator of another partnership is not on this round's list: a person says it in words of their own.
        if boxes.first.locator(f'option[value="{text}"]').count():
            boxes.first.select_option(text)
    elif kind in ("radio", "checkbox"):
        for each in text if isinstance(text, list) else [text]:
            page.locator(f'[name="{name}"][value="{each}"]').check()
    else:
        boxes.first.fill(text)


def _press(visitor: Visitor, selector: str) -> None:
    with visitor.page.expect_navigation():
        visitor.page.locator(selector).first.click()


def _contact(sample) -> Person:
    """Who writes the bids of this organisation in the demonstration."""
    rows = select(Person).where(Person.email == sample.organisation.email)
    return db.session.scalars(rows).one()


def _cookie(site, person: Person) -> dict[str, str]:
    moment = clock.now()
    with site.app.test_request_context(method="POST"):
        session.update(token=sessions.begin(person, now=moment), seen=int(moment.timestamp()))
        db.session.commit()
        value = site.app.session_interface.get_signing_serializer(site.app).dumps(dict(session))
    return {"name": site.app.config["SESSION_COOKIE_NAME"], "value": value, "url": site.address}
