"""Forms take what people write, refuse what no database can keep, and say so in a sentence beside the field."""

from datetime import date

import pytest
from werkzeug.datastructures import MultiDict

from fund.core.forms import BaseForm, DateField3, Email, LongText, MoneyField, Required, Text, Whole, unkeepable
from fund.core.problems import Problem


class Form(BaseForm):
    name = Text("Name", [Required("Enter your name")])
    story = LongText("Story")
    email = Email("Email")
    asked = MoneyField("How much")
    born = DateField3("Date")
    count = Whole("How many", least=1, most=500)


@pytest.fixture
def fill(app):
    def fill(**typed):
        with app.test_request_context(method="POST", data=MultiDict(typed)):
            form = Form()
            form.validate()
            return form

    return fill


def when(day, month, year):
    return {"born-day": day, "born-month": month, "born-year": year}


def test_a_good_form_passes(fill):
    form = fill(
        name=" Amina ",
        story="one\r\ntwo\rthree ",
        email="a@b.org",
        asked="£5,000.01",
        count="1,0",
        **when("27", "3", "2027"),
    )
    assert form.errors == {}
    assert (form.name.data, form.story.data, form.asked.data, form.count.data) == (
        "Amina",
        "one\ntwo\nthree",
        500_001,
        10,
    )
    assert form.born.data == date(2027, 3, 27)


@pytest.mark.parametrize("typed", ["", "   ", "\n\t "])
def test_what_is_wanted_is_asked_for(fill, typed):
    assert fill(name=typed).errors == {"name": ["Enter your name"]}


@pytest.mark.parametrize("bad", ["a\x00b", "a\x08b", "\x1b[31m", "a\x7fb", "\x0c", "a\ud800b"])
def test_what_no_database_keeps_is_refused(app, bad):
    assert unkeepable(bad)
    with app.test_request_context(method="POST"):
        form = Form(formdata=MultiDict({"name": f"x{bad}y", "story": f"x{bad}y"}))
        form.validate()
    assert (
        form.errors["name"] == form.errors["story"] == ["Remove the characters that are not letters, numbers or signs"]
    )


@pytest.mark.parametrize(
    "good",
    [
        "Zażółć",
        "Ŵyn",
        "日本",
        "🙂",
        "‏עברית",
        "a\tb",
        "a\nb",
        "’“”",
        "e\u0301",
        "\u202eabc",
        "' or 1=1 --",
        "{{ 7*7 }}",
        "<b>",
    ],
)
def test_what_people_write_is_kept_as_it_is(app, good):
    with app.test_request_context(method="POST"):
        form = Form(formdata=MultiDict({"name": good}))
        form.validate()
    assert form.errors == {}
    assert form.name.data == good


def test_long_texts_are_refused_whole_with_their_limit(fill):
    form = fill(name="x" * 501, story="y" * 60_001)
    assert form.errors == {
        "name": ["Shorten this to 500 characters or fewer"],
        "story": ["Shorten this to 60,000 characters or fewer"],
    }
    assert fill(name="x" * 500, story="y" * 60_000).errors == {}


@pytest.mark.parametrize("typed", ["5000.004", "NaN", "-1", "1e3", "9" * 5000])
def test_money_that_is_not_pounds_and_pence_is_shown_again(fill, typed):
    form = fill(name="A", asked=typed)
    (sentence,) = form.errors["asked"]
    assert sentence.startswith("Enter ")
    assert form.asked.data is None
    assert form.asked._value() == typed


NO_DAYS = [
    ("31", "2", "2025"), ("0", "1", "2025"), ("1", "13", "2025"), ("1", "1", "25"), ("a", "1", "2025"), ("1", "", "2025"), ("1", "1", ""),
    ("٣", "1", "2025"), ("1", "1", "20255"), ("-1", "1", "2025"), ("29", "2", "2023"), ("1", "1", "0000"), ("1e0", "1", "2025"),
    ("9" * 20, "1", "2025"),
]  # fmt: skip


@pytest.mark.parametrize("typed", NO_DAYS, ids=lambda typed: "-".join(typed)[:16].encode("unicode_escape").decode())
def test_a_day_that_is_not_one_is_refused_and_shown_again(fill, typed):
    form = fill(name="A", **when(*typed))
    assert form.errors == {"born": ["Enter a real date, like 27 3 2027"]}
    assert (form.born.day_value, form.born.month_value, form.born.year_value) == tuple(part.strip() for part in typed)


def test_a_day_left_out_is_no_day(fill):
    form = fill(name="A", **when("", "", ""))
    assert (form.errors, form.born.data) == ({}, None)


@pytest.mark.parametrize("typed", ["0", "501", "-3", "1.5", "ten", "9" * 20, "1e2", "٣", "0x1", "1_0", "\x001"])
def test_numbers_out_of_range_are_refused(fill, typed):
    assert list(fill(name="A", count=typed).errors) == ["count"]


@pytest.mark.parametrize(
    "typed",
    ["a", "a@b", "a@b.", "@b.org", "a b@c.org", "a@b.org\nBcc: c@d.org", "a@b.org,c@d.org", "<a@b.org>", "a@@b.org"],
)
def test_addresses_that_are_not_are_refused(fill, typed):
    assert list(fill(name="A", email=typed).errors) == ["email"]


def test_fields_that_are_not_there_have_no_effect(fill):
    """Extra fields in a request change nothing."""
    form = fill(name="A", status="offered", id="1", is_admin="1")
    assert set(form.data) == {"name", "story", "email", "asked", "born", "count", "version"}


@pytest.mark.parametrize(
    ("sent", "seen"), [("3", 3), ("", None), ("x", None), ("-1", None), ("9" * 20, None), ("1.0", None)]
)
def test_the_version_travels(fill, sent, seen):
    assert fill(name="A", version=sent).seen_version == seen


def test_what_an_act_refuses_stands_beside_its_field(fill):
    form = fill(name="A")
    form.refuse(Problem("You asked for too much.", "asked"))
    form.refuse(Problem("The round is closed."))
    form.refuse(Problem("Nowhere to put this.", "no_such_field"))
    assert form.asked.errors[-1] == "You asked for too much."
    listed = form.error_list()
    assert {"text": "You asked for too much.", "href": "#asked"} in listed
    assert {"text": "The round is closed.", "href": None} in listed
    assert {"text": "Nowhere to put this.", "href": None} in listed
