"""Rule 6 in every list: whoever has yet to score a bid, or is recused from it, finds no mark, mean or place of it anywhere."""

import pytest

from fund.core import clock
from scoring import panels
from tests.factories import fund as make_fund
from tests.factories import scoring as make
from tests.kept import kept


@pytest.fixture
@kept
def round(database):
    return make.round()


def test_a_chair_who_has_yet_to_score_a_bid_finds_it_in_no_list(round, as_):
    chair = make.seat(round, "chair").person
    bid, _ = make.scored_bid(round, *[make.MARKS_OF_71] * 3)
    row = make.reading(bid, panels.seat_in(chair, round.id))
    client = as_(chair)
    lists = [f"/panel/rounds/{round.id}", f"/panel/rounds/{round.id}/agreement", f"/office/rounds/{round.id}/ranking", f"/office/rounds/{round.id}/ranking?format=csv"]  # fmt: skip
    for address in lists:
        page = client.get(address).text
        assert bid.reference not in page, address
        assert "71.0" not in page, address
    make.give(row, make.MARKS_OF_62)
    for address in (lists[0], lists[2], lists[3]):
        assert bid.reference in client.get(address).text, address


def test_an_officer_who_also_assesses_sees_no_mean_before_their_own(round, as_):
    officer = make_fund.staff("fund_officer", round)
    bid, _ = make.scored_bid(round, *[make.MARKS_OF_71] * 3)
    row = make.reading(bid, make.seat(round, who=officer))
    address = f"/office/rounds/{round.id}/ranking"
    assert bid.reference not in as_(officer).get(address).text
    make.conflicts.declare_late(row, "My sister works there", by=officer, now=clock.now())
    assert bid.reference not in as_(officer).get(address).text
    assert bid.reference in as_(make_fund.staff("fund_officer", round)).get(address).text


def test_the_agreement_page_adjusts_only_what_five_bids_allow(round, as_):
    chair = make.seat(round, "chair").person
    make.scored_bid(round, make.MARKS_OF_62, make.MARKS_OF_71, make.MARKS_OF_74)
    page = as_(chair).get(f"/panel/rounds/{round.id}/agreement").text
    assert "finished 1 of at least 5 bids. The raw totals count." in page
    for _ in range(4):
        make.scored_bid(round, make.MARKS_OF_62, make.MARKS_OF_71, make.MARKS_OF_74)
    page = as_(chair).get(f"/panel/rounds/{round.id}/agreement").text
    assert "7.0 points stricter" in page
    assert "5.0 points milder" in page
    assert as_(make_fund.person()).get(f"/panel/rounds/{round.id}/agreement").status_code == 404
