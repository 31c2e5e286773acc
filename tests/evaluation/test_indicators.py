"""The library of indicators: loaded once, listed for staff with the caveats of its owners."""

import pytest

from evaluation.indicators import is_rate, load_indicators
from evaluation.library import reader
from evaluation.provenance import in_one_line, origin, remark
from evaluation.tables import Indicator
from fund.core import clock
from tests.factories import fund as people

pytestmark = pytest.mark.usefixtures("letters_undrawn")


def test_loading_twice_changes_nothing(database):
    many = len(reader.indicators())
    assert load_indicators(clock.now()) == f"Indicators: {many} added, 0 changed, {many} in all."
    assert load_indicators(clock.now()) == f"Indicators: 0 added, 0 changed, {many} in all."
    assert database.session.query(Indicator).count() == many


def test_a_changed_indicator_is_brought_up_to_date(database):
    load_indicators(clock.now())
    row = database.session.query(Indicator).filter_by(code="SWEMWBS").one()
    row.title = "Something else"
    assert "1 changed" in load_indicators(clock.now())
    assert row.title == "Short Warwick-Edinburgh Mental Wellbeing Scale"


def test_units_are_averaged_or_added_up():
    assert [is_rate(unit) for unit in ("%", "% of leavers", "score 0-40 (20 items, each 0-2)", "people", "hours", "count")] == [
        True, True, True, False, False, False,
    ]  # fmt: skip


def test_staff_find_an_indicator_by_priority_and_read_its_caveat(as_, database):
    load_indicators(clock.now())
    client = as_(people.staff("fund_officer", people.round()))
    page = client.get("/office/indicators?priority=1&domain=participant+tool").text
    assert "SDQ-TOT" in page
    assert "Copyright." in page
    assert "DUR-2a" not in page
    assert "DUR-2a" in client.get("/office/indicators?q=night-time").text
    assert "Nothing found" in client.get("/office/indicators?q=zzz").text
    assert client.get("/office/indicators?format=csv&sort=title").text.count("\n") > 80
    assert as_(people.person()).get("/office/indicators").status_code == 403


def test_where_an_indicator_comes_from_is_said_in_words(as_, database):
    load_indicators(clock.now())
    client = as_(people.staff("fund_officer", people.round()))
    for address in ("/office/indicators?page=1", "/office/indicators?page=2", "/office/indicators?format=csv"):
        page = client.get(address).text
        assert "seed" not in page
        assert "derived from" not in page
    assert "Serious Violence Duty Update - Autumn 2023" in client.get("/office/indicators?q=DUR-2a").text


def test_the_words_of_a_source_name_its_document_and_drop_what_is_said_twice():
    kind, document, pages = origin("DUR-2a")
    assert (document, pages) == ("Serious Violence Duty Update - Autumn 2023, priorities", ())
    assert kind == "The document gives the outcome; how it is measured is ours."
    assert origin("SWEMWBS")[2][0].startswith("https://corc.uk.net/")
    assert in_one_line("OUT-REF") == "Our proposal, from common practice."
    assert remark("measure is ours; age on start date") == "Age on start date"
    assert remark("seed gives the outcome; unit and measure are ours") == ""
    assert remark("two-year horizon in the seed") == "Two-year horizon in the strategy"
    assert not [each.indicator_id for each in reader.indicators() if "seed" in in_one_line(each.indicator_id) + remark(each.note)]  # fmt: skip
