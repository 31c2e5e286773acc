"""A member's bids: what is to be done comes first, a page stays light at 200 bids, and the whole list is searched and taken away."""

import pytest

from fund.core import clock
from scoring import assignments
from scoring.desk import FIRST, bids_by_round
from tests.factories import fund as make_fund
from tests.factories import scoring as make


@pytest.fixture
def round(database):
    return make.round(assessors_per_bid=1, panel_quorum=1)


@pytest.fixture
def wren(round):
    return make.seat(round, label="Wren")


def give(round, seat, count):
    officer = make_fund.staff("fund_officer", round)
    rows = []
    for _ in range(count):
        bid = make.bid(round)
        rows.append(make.reading(bid, seat))
        make.start(bid, officer)
    return rows


def test_what_is_to_be_done_stands_before_what_is_finished(round, wren, as_):
    rows = give(round, wren, 3)
    make.give(rows[0], make.MARKS_OF_74)
    make.give(rows[1], {"C1": 3}, sealed=False)
    [mine] = bids_by_round(wren.person)
    assert [each.assignment_id for each in mine.first] == [rows[1].id, rows[2].id, rows[0].id]
    assert [each.state for each in mine.first] == ["begun", "todo", "finished"]
    page = as_(wren.person).get("/assessing").text
    assert "1 mark given" in page
    assert page.index(rows[2].application.reference) < page.index(f"bid-{rows[0].id}")


def test_a_bid_that_the_panel_agreed_without_them_is_not_said_to_be_to_do(round, wren):
    [row] = give(round, wren, 1)
    make.make.put(row.application, "moderated", None)
    [mine] = bids_by_round(wren.person)
    assert mine.bids[0].state == "ended"


@pytest.mark.parametrize("count", [FIRST, FIRST + 30])
def test_the_first_page_shows_the_first_and_leads_to_all(round, wren, as_, count):
    rows = give(round, wren, count)
    page = as_(wren.person).get("/assessing").text
    assert page.count("govuk-task-list__item ") + page.count('govuk-task-list__item"') == FIRST
    assert (f"All {count} bids" in page) == (count > FIRST)
    assert f"0 of {count}" in page.replace("</strong>", "").replace("<strong>", "")
    assert len(page) < 40_000
    whole = as_(wren.person).get(f"/assessing/rounds/{round.id}/bids")
    assert f"{count} of {count} bids" in whole.text
    last = rows[-1].application.reference
    assert (last in whole.text) == (count <= 50)
    assert last in as_(wren.person).get(f"/assessing/rounds/{round.id}/bids?page={-(-count // 50)}").text


def test_the_list_is_searched_filtered_sorted_and_taken_away(round, wren, as_):
    rows = give(round, wren, 3)
    rows[0].application.title, rows[1].application.title, rows[2].application.title = "Boxing", "Late bus", "Art"
    rows[1].application.requested_pence = 99_000
    make.give(rows[0], make.MARKS_OF_74)
    client, address = as_(wren.person), f"/assessing/rounds/{round.id}/bids"

    def order(query: str) -> list[str]:
        text = client.get(f"{address}?{query}").text
        found = {each: text.find(each) for each in ("Boxing", "Late bus", "Art")}
        return sorted((each for each in found if found[each] >= 0), key=lambda each: found[each])

    assert order("") == ["Late bus", "Art", "Boxing"]
    assert order("sort=title") == ["Art", "Boxing", "Late bus"]
    assert order("sort=-asks")[-1] == "Late bus"
    assert order("q=BUS") == ["Late bus"]
    assert order("state=finished") == ["Boxing"]
    assert order("state=rubbish&sort=rubbish&page=99") == ["Late bus", "Art", "Boxing"]
    assert "No bid fits" in client.get(f"{address}?q=zzz").text
    csv = client.get(f"{address}?format=csv&state=finished").text
    assert csv.splitlines()[0].endswith("Bid,Title,Organisation,Asks,Marks given,State,Finished")
    assert "Boxing" in csv
    assert "Late bus" not in csv


def test_a_bid_with_a_conflict_is_in_no_list_and_an_excused_one_opens_nowhere(round, wren, as_):
    rows = give(round, wren, 3)
    make.conflicts.declare_late(rows[0], "A friend", by=wren.person, now=clock.now())
    assignments.excuse(rows[1], "Ill", by=make_fund.staff("fund_officer", round), now=clock.now())
    page = as_(wren.person).get(f"/assessing/rounds/{round.id}/bids").text
    assert rows[0].application.reference not in page
    assert "1 bid is closed to you" in page
    assert rows[1].application.reference in page
    assert f'/assessing/{rows[1].id}"' not in page
    assert f'/assessing/{rows[2].id}"' in page


def test_who_was_given_nothing_reads_that_and_strangers_have_no_page(round, wren, as_):
    assert "No bids yet" in as_(wren.person).get(f"/assessing/rounds/{round.id}/bids").text
    assert as_(make_fund.person()).get(f"/assessing/rounds/{round.id}/bids").status_code == 404


def test_a_blind_list_is_searched_by_what_it_shows(as_, database):
    round = make.round(hides_names=True, assessors_per_bid=1, panel_quorum=1)
    seat = make.seat(round)
    [row] = give(round, seat, 1)
    name = row.application.organisation.name
    page = as_(seat.person).get(f"/assessing/rounds/{round.id}/bids").text
    assert name not in page
    assert row.application.reference in page
    found = as_(seat.person).get(f"/assessing/rounds/{round.id}/bids", query_string={"q": name}).text
    assert "0 of 1 bid" in found
    assert name not in as_(seat.person).get(f"/assessing/rounds/{round.id}/bids?format=csv").text


def test_the_list_asks_few_statements_at_any_size(round, wren, as_, statements):
    client, address = as_(wren.person), f"/assessing/rounds/{round.id}/bids"
    give(round, wren, 5)
    client.get(address)
    with statements() as seen:
        client.get(address)
    assert len(seen) <= 6
