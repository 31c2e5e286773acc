"""Lists: a page of rows, a sort that only takes offered columns, links that keep the filter, exports no spreadsheet runs."""

import csv
import io

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from fund.core.database import db
from fund.core.pages import as_csv, link_with, no_formula, page_from, page_of, sort_from
from fund.tables import Person
from tests.factories import fund as make

COLUMNS = {"name": Person.name, "email": Person.email}


@pytest.fixture
def people(database):
    for number in range(25):
        make.person(f"Person {number:02d}")
    return select(Person.name).where(Person.name.like("Person __")).order_by(Person.name)


def at(app, address):
    return app.test_request_context(address)


def test_a_page_and_its_neighbours(app, people, statements):
    with at(app, "/people?page=2"), statements() as seen:
        page = page_from(people, per_page=10)
        assert [row.name for row in page.rows][:2] == ["Person 10", "Person 11"]
        assert (page.number, page.pages, page.total, page.first, page.last) == (2, 3, 25, 11, 20)
    assert len(seen) == 2


def test_a_list_that_fits_needs_one_statement(app, people, statements):
    with at(app, "/people"), statements() as seen:
        assert page_from(people, per_page=25).total == 25
    assert len(seen) == 1


def test_rows_that_are_known_already_come_in_pages_too(app):
    rows = list(range(25))
    with at(app, "/people?page=3"):
        page = page_of(rows, per_page=10)
        assert (page.rows, page.number, page.pages, page.total) == ([20, 21, 22, 23, 24], 3, 3, 25)
    with at(app, "/people?page=9"):
        assert page_of(rows, per_page=10).number == 3
        assert page_of([], per_page=10).pages == 1


@pytest.mark.parametrize(
    ("asked", "number"),
    [("0", 1), ("-1", 1), ("x", 1), ("", 1), ("1e3", 1), ("9" * 20, 1), ("٢", 1), ("4", 3), ("999999", 3), ("3", 3)],
)
def test_a_page_that_is_not_there_becomes_one_that_is(app, people, asked, number):
    with at(app, f"/people?page={asked}"):
        page = page_from(people, per_page=10)
    assert page.number == number
    assert page.rows


def test_an_empty_list_is_one_empty_page(app, people):
    with at(app, "/people?page=7"):
        page = page_from(people.where(Person.name == "nobody"))
    assert (page.number, page.pages, page.total, page.first, page.last, list(page.rows)) == (1, 1, 0, 0, 0, [])


@pytest.mark.parametrize(
    ("asked", "key", "down"),
    [
        ("email", "email", False),
        ("-email", "email", True),
        ("", "name", False),
        ("id", "name", False),
        ("--name", "name", False),
        ("name;drop table person", "name", False),
    ],
)
def test_only_offered_columns_sort(app, asked, key, down):
    with at(app, f"/people?sort={asked}"):
        sort = sort_from(COLUMNS, "name")
    assert (sort.key, sort.descending) == (key, down)
    assert sort.aria(key) == ("descending" if down else "ascending")
    assert sort.aria("other") == "none"


def test_sorting_puts_what_is_missing_last(app, people):
    with at(app, "/people?sort=-name"):
        names = [
            row.name for row in db.session.execute(sort_from(COLUMNS, "name").apply(select(Person.name), Person.id))
        ]
    assert names == sorted(names, reverse=True)


def test_links_keep_the_filter_and_turn_the_sort(app):
    with at(app, "/people?sort=name&status=open&status=late&page=3"):
        sort = sort_from(COLUMNS, "name")
        assert sort.link("name") == "/people?status=open&status=late&sort=-name"
        assert sort.link("email") == "/people?status=open&status=late&sort=email"
        assert link_with(page=2) == "/people?sort=name&status=open&status=late&page=2"


@pytest.mark.parametrize(
    "query",
    ["_external=1&_scheme=javascript", "endpoint=x", "_anchor=x", "_method=POST", "values=1", "_host=evil.example"],
)
def test_an_address_cannot_bend_its_own_links(app, query):
    """Names that the framework's own link maker listens to are plain words in a query."""
    with at(app, f"/people?{query}"):
        assert link_with(page=2).startswith("/people?")


@pytest.mark.parametrize(
    "bad", ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1", "  =1", "\u00a0=1", "\n=1", "＝1", "\u200b@x", "\ufeff=1", " ＋1"]
)
def test_no_cell_starts_a_formula(bad):
    assert no_formula(bad) == f"'{bad}"


@pytest.mark.parametrize("good", [0, -5, 3.5, True, "Amina", "a=b", "5-6", "£5", "'quoted"])
def test_other_cells_are_left_alone(good):
    assert no_formula(good) == good
    assert no_formula(None) == ""


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=8), min_size=2, max_size=2), max_size=5
    )
)
def test_an_export_reads_back(app, rows):
    with app.app_context():
        answer = as_csv("list", ["A", "B"], rows)
    read = list(csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig"), newline="")))
    assert read[0] == ["A", "B"]
    assert [[cell.removeprefix("'") for cell in row] for row in read[1:]] == [
        [cell.removeprefix("'") for cell in row] for row in rows
    ]
    assert not [cell for row in read for cell in row if cell.lstrip()[:1] in ("=", "+", "-", "@")]


@pytest.mark.parametrize("bad", ["\x1f@sum", "\x00=1", " \u200b\x1f =1+1"])
def test_no_invisible_sign_hides_a_formula(bad):
    assert no_formula(bad) == f"'{bad}"


def test_an_export_is_a_download(app):
    with app.app_context():
        answer = as_csv("bids", ["A"], [["Ŵyn"]])
    assert answer.headers["Content-Disposition"] == "attachment; filename=bids.csv"
    assert answer.mimetype == "text/csv"
    assert answer.get_data().startswith(b"\xef\xbb\xbf")
