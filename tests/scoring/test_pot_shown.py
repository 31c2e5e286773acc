"""Whoever stepped back from a bid sees the pot without it, is told so, and cannot work it out from any sum."""

import pytest
from flask import request

from fund import ledger
from fund.core import clock, withholding
from fund.core.money import pounds
from fund.pot_shown import WITHOUT
from scoring import conflicts
from tests.factories import evaluation as evaluating
from tests.factories import scoring as make
from tests.kept import kept
from tests.scoring.test_matrix import everything

SEEN, KEPT = 500_000, 1_873_100


@pytest.fixture
@kept
def scene(database):
    """Two awards; a member of staff with every role is recused from the second."""
    round = evaluating.round()
    evaluating.award(round, SEEN, budget=[("Rent", SEEN)])
    award = evaluating.award(round, KEPT, budget=[("Salaries", KEPT)])
    seat, bid = make.seat(round), award.application
    make.make.put(bid, "in_scoring", None)
    conflicts.declare_late(make.reading(bid, seat), "My sister works there", by=seat.person, now=clock.now())
    make.make.put(bid, "in_delivery", None)
    return round, everything(seat.person, round), ledger.pot_of(round)


PAGES = ("/office/rounds/{}", "/office/rounds/{}/pot", "/office/rounds/{}/money", "/office/rounds/{}/decisions")


@pytest.mark.parametrize("page", PAGES)
def test_every_page_with_the_pot_says_that_bids_are_left_out(page, scene, as_):
    round, person, pot = scene
    text = as_(person).get(page.format(round.id)).text
    assert WITHOUT in text
    for sum_of_all in (pot.room_pence, pot.committed_pence, pot.offered_pence + pot.committed_pence, pot.taken_pence):
        assert pounds(sum_of_all) not in text, pounds(sum_of_all)
    assert pounds(pot.total_pence - SEEN) in text, "the room as it would be without the bid"


@pytest.mark.parametrize("page", PAGES)
def test_everybody_else_sees_the_whole_pot(page, scene, as_):
    round, _, pot = scene
    other = everything(make.make.person(), round)
    text = as_(other).get(page.format(round.id)).text
    assert WITHOUT not in text
    assert pounds(pot.room_pence) in text


@pytest.mark.parametrize("page", ["/office", "/office/rounds", "/office/rounds?format=csv"])
def test_lists_of_rounds_leave_the_room_out(page, scene, as_):
    _round, person, pot = scene
    answer = as_(person).get(page)
    assert answer.status_code == 200
    for shown in (pounds(pot.room_pence), f"{pot.room_pence / 100:.2f}"):
        assert shown not in answer.text


def test_a_refusal_names_no_sum_either(scene, app):
    with app.test_request_context("/office"):
        assert "room left" in str(ledger.NoRoom(1, 2))
        request.__dict__["_left_out"] = frozenset({1})
        assert "room left" not in str(ledger.NoRoom(1, 2))
        with withholding.whole():
            assert "room left" not in str(ledger.NoRoom(1, 2))
            assert withholding.left_out() == frozenset()


def test_a_recusal_in_another_round_leaves_this_pot_whole(scene, as_):
    _, person, _ = scene
    other = evaluating.round()
    evaluating.award(other, SEEN, budget=[("Rent", SEEN)])
    text = as_(person).get(f"/office/rounds/{other.id}/pot").text
    assert WITHOUT not in text
    assert pounds(ledger.pot_of(other).room_pence) in text
