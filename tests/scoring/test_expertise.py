"""What members know well: a soft preference in the plan, below every wish, and below evenness and linkage."""

import pytest

from fund.core import clock
from fund.core.problems import Problem
from scoring import assignments, expertise, wishes
from scoring.balance import share_out
from scoring.evidence import load_cards
from scoring.expertise import KNOWN, WISHED
from tests.factories import scoring as make
from tests.kept import kept


@pytest.fixture
@kept
def round(database):
    load_cards(clock.now())
    return make.round(assessors_per_bid=1, panel_quorum=1)


def know(seat, *fields):
    expertise.say_what_i_know(seat, fields, by=seat.person, now=clock.now())


def test_bids_go_to_who_knows_their_field_while_loads_stay_even(round):
    bids = [make.bid(round, strand_id="mentoring" if n % 2 else "sports-programmes") for n in range(8)]
    mentor, coach = make.seat(round), make.seat(round)
    know(mentor, "strand:mentoring")
    know(coach, "strand:sports-programmes")
    found = assignments.share(round, [mentor, coach])
    assert found.plan.gap == 0
    known = [(bid.id, found.plan.readers[bid.id][0]) in found.knows for bid in bids]
    # Eight of eight would leave two members who share no bid; with one reader each they never do, so nothing is lost.
    assert sum(known) == 8


def test_evenness_comes_first(round):
    [make.bid(round) for _ in range(8)]
    expert, other = make.seat(round), make.seat(round)
    know(expert, "strand:mentoring")
    plan = assignments.share(round, [expert, other]).plan
    assert plan.loads == {expert.id: 4, other.id: 4}


def test_any_wish_outweighs_every_field(round):
    bids = [make.bid(round) for _ in range(2)]
    expert, keen = make.seat(round), make.seat(round)
    know(expert, "strand:mentoring", "priority:1")
    wishes.wish(keen, {bids[0].id: "want"}, by=keen.person, now=clock.now())
    plan = assignments.share(round, [expert, keen]).plan
    assert plan.readers[bids[0].id] == [keen.id]
    assert WISHED > 500 * 3 * KNOWN


def test_linkage_comes_first():
    """Following every field would part the panel in two; then fields are left aside, and the plan says so."""
    costs = {(bid, reader): 3 * WISHED - KNOWN for bid in range(4) for reader in ((0, 1) if bid < 2 else (2, 3))}
    plan = share_out(range(4), range(4), 2, costs=costs, usual_cost=3 * WISHED)
    assert plan.linked
    assert plan.gap == 0


def test_the_page_keeps_it_and_the_plan_shows_it(round, as_):
    bid, seat = make.bid(round), make.seat(round)
    address = f"/assessing/rounds/{round.id}/wishes"
    client = as_(seat.person)
    assert "What you know well" in client.get(address).text
    done = client.post(address, data={"do": "know", "knows": ["priority:1", "strand:mentoring"]}, follow_redirects=True)
    assert "What you know well is kept." in done.text
    assert seat.knows == ["priority:1", "strand:mentoring"]
    assert "Choose fields from the list." in client.post(address, data={"do": "know", "knows": "strand:magic"}, follow_redirects=True).text  # fmt: skip
    officer = make.make.staff("fund_officer", round)
    assert "(knows this field)" in as_(officer).get(f"/office/rounds/{round.id}/assignments").text
    assert expertise.fields_of(bid) >= {"priority:1", "strand:mentoring"}
    with pytest.raises(Problem):
        know(seat, "priority:99")
