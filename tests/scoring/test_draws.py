"""The recorded draw (rule 9): the seed first, two different people, and the same order on any computer."""

import hashlib

import pytest

from fund.core import clock
from fund.core.problems import Forbidden, Problem, WrongMoment
from scoring import draws
from scoring.ranking import ranked_list
from scoring.tables import Conflict, Draw
from tests.factories import fund as make_fund
from tests.factories import scoring as make
from tests.kept import kept

SEED = "4 11 23 31 38 52"


@pytest.fixture
@kept
def tie(database):
    """A pot for two of three bids that have the same marks, under one bid that has better ones."""
    round = make.round(pot_pence=3_000_000)
    best, _ = make.scored_bid(round, make.MARKS_OF_74, make.MARKS_OF_74, make.MARKS_OF_74)
    tied = [make.scored_bid(round, make.MARKS_OF_71, make.MARKS_OF_71, make.MARKS_OF_71)[0] for _ in range(3)]
    return round, best, tied


@pytest.fixture
@kept
def people(tie):
    return [make_fund.staff("fund_officer", tie[0]), make_fund.staff("head_of_fund", tie[0])]


def test_the_draw_is_held_with_the_seed_published_before_and_counts_when_a_second_person_signs(tie, people):
    round, best, tied = tie
    one, other = people
    row = draws.publish_seed(round, SEED, {}, by=one, now=clock.now())
    draws.hold_draw(row, round, by=one, now=clock.now())
    drawn = [each["reference"] for each in row.result]
    numbers = {bid.reference: hashlib.sha256(f"{SEED}:{bid.reference}".encode()).hexdigest() for bid in tied}
    assert drawn[0] == min(numbers, key=numbers.get)
    assert [each.reference for each in ranked_list(round)] == sorted(each.reference for each in (best, *tied))
    with pytest.raises(Forbidden, match="Somebody else must sign"):
        draws.sign_draw(row, round, by=one, now=clock.now())
    draws.sign_draw(row, round, by=other, now=clock.now())
    assert [each.reference for each in ranked_list(round)] == [best.reference, *drawn]
    assert [each.above_line for each in ranked_list(round)] == [True, True, True, False]


def test_a_floor_goes_before_the_draw(tie, people):
    round, _, tied = tie
    tied[2].priority_id = (
        make.db.session.query(make.Priority).filter_by(strategy_id=round.strategy_id, code="2").one().id
    )
    row = draws.publish_seed(round, SEED, {"2": 1}, by=people[0], now=clock.now())
    draws.hold_draw(row, round, by=people[0], now=clock.now())
    assert row.result[0]["reference"] == tied[2].reference
    assert row.result[0]["why"] == "Priority 2 has 0 of at least 1 bids"


def test_nothing_is_drawn_twice_without_a_tie_or_with_a_seed_that_says_nothing(tie, people):
    round, _, tied = tie
    with pytest.raises(Problem, match="Enter a seed"):
        draws.publish_seed(round, "7", {}, by=people[0], now=clock.now())
    row = draws.publish_seed(round, SEED, {}, by=people[0], now=clock.now())
    with pytest.raises(WrongMoment, match="published already"):
        draws.publish_seed(round, "another seed", {}, by=people[1], now=clock.now())
    for bid in tied:
        bid.requested_pence = 100
    with pytest.raises(WrongMoment, match="nothing to draw"):
        draws.hold_draw(row, round, by=people[0], now=clock.now())


def test_the_page_leads_through_seed_draw_and_signature(tie, people, as_):
    round = tie[0]
    address, (one, other) = f"/office/rounds/{round.id}/draw", map(as_, people)
    assert "3 bids have" in one.get(address).text
    assert "Write floors like" in one.post(address, data={"do": "publish", "seed": SEED, "floor_words": "many"}).text
    assert one.post(address, data={"do": "publish", "seed": SEED, "floor_words": "2: 1"}).status_code == 302
    key = Draw.query.one().id
    assert one.post(address, data={"do": "hold", "draw": key}).status_code == 302
    assert "Sign this draw" not in one.get(address).text
    assert one.post(address, data={"do": "sign", "draw": key}).status_code in (200, 403)
    assert Draw.query.one().signed_at is None
    assert other.post(address, data={"do": "sign", "draw": key}).status_code == 302
    page = one.get(address).text
    assert "it counts" in page
    assert f"{SEED}:" in page


def test_strangers_do_not_see_it_and_a_recused_person_sees_no_draw_and_cannot_act(tie, people, as_):
    round, _, tied = tie
    address = f"/office/rounds/{round.id}/draw"
    assert as_(make_fund.person()).get(address).status_code in (403, 404)
    assert as_(make.panels.seats_of(round)[0].person).get(address).status_code in (403, 404)
    row = draws.publish_seed(round, SEED, {}, by=people[0], now=clock.now())
    draws.hold_draw(row, round, by=people[0], now=clock.now())
    seat = make.seat(round, "chair", who=people[1])
    make.db.session.add(Conflict(application_id=tied[0].id, seat_id=seat.id, conflicted=True, reason="Trustee", declared_at=clock.now()))  # fmt: skip
    make.db.session.flush()
    page = as_(people[1]).get(address).text
    assert tied[0].reference not in page
    assert SEED not in page
    with pytest.raises(Forbidden):
        draws.sign_draw(row, round, by=people[1], now=clock.now())
