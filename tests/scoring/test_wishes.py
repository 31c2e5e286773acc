"""Wishes, limits and pairs kept apart: the best plan that is as even, every unmet wish explained, lists applied whole or not."""

from random import Random

import numpy
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp

from bench.assignment import READERS, UNSAID, case, timed
from fund.core import clock
from fund.core.problems import Problem, WrongMoment
from scoring import assignments, lists, wishes
from scoring.balance import share_out
from scoring.tables import Assignment, Wish
from tests.factories import fund as make_fund
from tests.factories import scoring as make
from tests.kept import kept


def cost_of(plan, costs):
    return sum(costs.get((bid, reader), UNSAID) for bid, given in plan.readers.items() for reader in given)


def least_cost(bids, readers, each, barred, costs, low, high):
    """The same question put to a solver: whole numbers, every bid its readers, every load between two bounds."""
    price = numpy.array([costs.get((b, r), UNSAID) for b in range(bids) for r in range(readers)])
    top = numpy.array([0 if (b, r) in barred else 1 for b in range(bids) for r in range(readers)])
    by_bid = numpy.kron(numpy.eye(bids), numpy.ones(readers))
    by_reader = numpy.kron(numpy.ones(bids), numpy.eye(readers))
    limits = [LinearConstraint(by_bid, each, each), LinearConstraint(by_reader, low, high)]
    return int(milp(price, constraints=limits, bounds=Bounds(0, top), integrality=numpy.ones(len(price))).fun + 0.5)


@pytest.mark.parametrize("seed", range(12))
def test_no_equally_even_plan_meets_more_wishes(seed):
    chance = Random(seed)
    bids, readers, each = chance.randint(8, 24), chance.randint(4, 8), chance.randint(1, 3)
    barred, costs, _ = case(bids, readers, 6, seed=seed)
    plan = share_out(range(bids), range(readers), each, barred=barred, costs=costs, usual_cost=UNSAID)
    assert (plan.unmet, plan.wished, plan.proven) == ({}, True, True)
    assert plan.gap <= 1
    low, high = bids * each // readers, -(-bids * each // readers)
    assert cost_of(plan, costs) == least_cost(bids, readers, each, barred, costs, low, high)


def test_five_hundred_bids_over_thirty_members_are_proven_best_in_under_a_second():
    seconds, plan, costs = timed(500, 30, 500)
    assert seconds < 1
    assert (plan.proven, plan.linked, plan.unmet, plan.gap) == (True, True, {}, 0)
    assert share_out(range(500), range(30), READERS, **facts_of()).readers == plan.readers
    assert sum(costs.get((bid, reader), 1) <= 0 for bid, given in plan.readers.items() for reader in given) > 1000


def facts_of():
    barred, costs, limits = case(500, 30, 500)
    return {"barred": barred, "costs": costs, "usual_cost": UNSAID, "limits": limits}


def test_limits_are_kept_by_moving_other_bids_out_of_the_way():
    plan = share_out("abc", ["x", "y"], 1, barred={("c", "y")}, limits={"x": 1})
    assert plan.readers == {"a": ["y"], "b": ["y"], "c": ["x"]}
    assert share_out("ab", ["x"], 1, limits={"x": 1}).unmet == {"b": 1}


def test_two_kept_apart_never_read_the_same_bid():
    costs = {(bid, reader): 0 for bid in range(12) for reader in (0, 1)}
    apart = [frozenset((0, 1))]
    plan = share_out(range(12), range(5), 2, costs=costs, usual_cost=UNSAID, apart=apart)
    assert not any({0, 1} <= set(given) for given in plan.readers.values())
    assert not plan.proven
    assert plan.gap <= 1


@pytest.fixture
@kept
def round(database):
    return make.round(assessors_per_bid=1)


@pytest.fixture
@kept
def officer(round):
    return make_fund.staff("fund_officer", round)


def test_members_say_what_they_wish_and_the_plan_follows_or_says_why_not(round, officer, as_):
    wren, rowan = make.seat(round, label="Wren"), make.seat(round, label="Rowan")
    bids = [make.bid(round) for _ in range(4)]
    address = f"/assessing/rounds/{round.id}/wishes"
    data = {f"wish-{bid.id}": "want" for bid in bids[:3]} | {f"wish-{bids[3].id}": "cannot"}
    assert all(bid.reference in as_(wren.person).get(address).text for bid in bids)
    assert as_(wren.person).post(address, data=data).status_code == 302
    as_(rowan.person).post(address, data={f"wish-{bids[0].id}": "want", f"wish-{bids[1].id}": ""})
    assert Wish.query.count() == 5
    page = as_(officer).get(f"/office/rounds/{round.id}/assignments").text
    assert f"Wren wanted {bids[0].reference}. All who read it wanted it too." in page
    assert "No plan that is as even meets more" in page
    plan, _bids, _seats = assignments.plan_for(round)
    assert plan.readers == {
        bids[0].id: [rowan.id],
        bids[1].id: [wren.id],
        bids[2].id: [wren.id],
        bids[3].id: [rowan.id],
    }
    as_(wren.person).post(address, data={f"wish-{bids[3].id}": ""})
    assert (wren.id in {each.seat_id for each in Wish.query}) is False


def test_wishes_are_for_bids_of_the_round_and_for_members_of_its_panel(round, as_):
    seat, elsewhere = make.seat(round), make.bid(make.round())
    with pytest.raises(Problem, match="cannot be wished for"):
        wishes.wish(seat, {elsewhere.id: "want"}, by=seat.person, now=clock.now())
    assert as_(make_fund.person()).get(f"/assessing/rounds/{round.id}/wishes").status_code == 404
    observer = make.seat(round, "observer")
    assert "No bids to wish for" in as_(observer.person).get(f"/assessing/rounds/{round.id}/wishes").text


def test_pairs_are_kept_apart_with_a_reason_and_let_together_again(round, officer, as_):
    first, second = make.seat(round), make.seat(round)
    make.bid(round)
    client, address = as_(officer), f"/office/rounds/{round.id}/assignments"
    data = {"do": "apart", "first": second.id, "second": first.id, "why": "They live together"}
    assert "Say why" in client.post(address, data=data | {"why": ""}).text
    assert "Choose two different members" in client.post(address, data=data | {"second": second.id}).text
    assert client.post(address, data=data).status_code == 302
    assert "They live together" in client.get(address).text
    assert "apart already" in client.post(address, data=data).text
    [row] = wishes.kept_apart_in(round)
    client.post(address, data={"do": "together", "apart": row.id})
    assert wishes.kept_apart_in(round) == []


def test_when_a_member_drops_out_only_their_unfinished_bids_move(round, officer, as_):
    seats, bids = [make.seat(round) for _ in range(3)], [make.bid(round) for _ in range(6)]
    plan, _b, _s = assignments.plan_for(round)
    assignments.save_plan(round, plan.added, by=officer, now=clock.now())
    before = {(row.application_id, row.seat_id) for row in Assignment.query}
    done = as_(officer).post(f"/office/seats/{seats[0].id}/drop-out", data={"reason": "Ill"})
    assert done.status_code == 302
    after, _b, _s = assignments.plan_for(round)
    mine = {pair for pair in before if pair[1] == seats[0].id}
    assert {bid for bid, _ in after.added} == {bid for bid, _ in mine}
    assert before - mine <= {(bid, seat) for bid, given in after.readers.items() for seat in given}
    assert after.gap <= 1
    assert len(bids) == 6


def test_a_list_is_shown_as_a_difference_and_applied_whole(round, officer, as_):
    wren, rowan = make.seat(round, label="Wren"), make.seat(round, label="Rowan")
    bids = [make.bid(round) for _ in range(3)]
    make.reading(bids[0], wren)
    make.reading(bids[1], wren)
    client, address = as_(officer), f"/office/rounds/{round.id}/assignments"
    assert client.get(f"{address}?format=csv").text.split() == ["\ufeffBid,Member", f"{bids[0].reference},Wren", f"{bids[1].reference},Wren"]  # fmt: skip
    text = f"Bid,Member\n{bids[0].reference},Rowan\n{bids[2].reference},Wren\n"
    shown = client.post(f"{address}/list", data={"lines": text}).text
    assert f"{bids[0].reference} to Rowan" in shown
    assert f"{bids[0].reference} from Wren" in shown
    assert bids[1].reference not in shown
    assert Assignment.query.count() == 2
    seen = lists.compare(round, text).fingerprint
    assert client.post(f"{address}/list", data={"lines": text, "do": "apply", "seen": seen}).status_code == 302
    assert list(lists.lines_of(round)) == [(bids[0].reference, "Rowan"), (bids[1].reference, "Wren"), (bids[2].reference, "Wren")]  # fmt: skip
    assert rowan.id


def test_a_list_with_one_wrong_line_changes_nothing(round, officer, as_):
    wren, rowan = make.seat(round, label="Wren"), make.seat(round, label="Rowan")
    bid, other = make.bid(round), make.bid(round)
    make.conflicts.declare(make.reading(other, rowan, declared=False), True, "Friend", by=rowan.person, now=clock.now())
    text = f"{bid.reference};Wren\nT-NONE;Wren\n{bid.reference};Nobody\n{bid.reference};wren\n{other.reference};Rowan"
    found = lists.compare(round, text)
    assert [line.partition(":")[0] for line in found.wrong] == ["Line 2", "Line 3", "Line 4", "Line 5"]
    with pytest.raises(Problem, match="Nothing was changed"):
        lists.apply(round, text, found.fingerprint, by=officer, now=clock.now())
    with pytest.raises(WrongMoment, match="have changed since"):
        lists.apply(round, f"{bid.reference},Wren", "another", by=officer, now=clock.now())
    for rubbish in ("", "just one column", "a\x01b"):
        with pytest.raises(Problem):
            lists.compare(round, rubbish)
    assert wren.id
    assert Assignment.query.count() == 1
