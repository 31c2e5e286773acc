"""Bids given by hand or by a list keep what members said; who is given a bid in the middle of scoring is told."""

import pytest

from fund.core import clock
from fund.core.outbox import OutboxMessage
from fund.core.problems import Problem
from scoring import assignments, giving, lists, opinions, wishes
from scoring.tables import Assignment, BidView
from tests.factories import fund as make_fund
from tests.factories import scoring as make


@pytest.fixture
def round(database):
    return make.round(assessors_per_bid=1, panel_quorum=1)


@pytest.fixture
def officer(round):
    return make_fund.staff("fund_officer", round)


def told(template: str) -> list[str]:
    query = OutboxMessage.query.filter_by(template=template).order_by(OutboxMessage.id)
    return [each.recipient for each in query]


def test_by_hand_nobody_is_given_what_they_cannot_read_or_more_than_they_can(round, officer, as_):
    wren, bids = make.seat(round, label="Wren"), [make.bid(round) for _ in range(3)]
    wren.bids_limit = 1
    wishes.wish(wren, {bids[0].id: "cannot"}, by=wren.person, now=clock.now())
    client, address = as_(officer), f"/office/rounds/{round.id}/assignments"
    give = {"do": "give", "seat": wren.id}
    refused = client.post(address, data=give | {"application": bids[0].id}).text
    assert f"Wren said that they cannot read {bids[0].reference}" in refused
    assert client.post(address, data=give | {"application": bids[1].id}).status_code == 302
    assert "Wren reads at most 1 bid" in client.post(address, data=give | {"application": bids[2].id}).text
    assert [row.application_id for row in Assignment.query] == [bids[1].id]


def test_by_hand_two_who_are_kept_apart_never_meet_on_a_bid(round, officer):
    wren, rowan, bid = make.seat(round, label="Wren"), make.seat(round, label="Rowan"), make.bid(round)
    row = wishes.keep_apart(wren, rowan, "They live together", by=officer, now=clock.now())
    giving.give_by_hand(bid, wren, by=officer, now=clock.now())
    with pytest.raises(Problem, match=f"Rowan is kept apart from Wren, who reads {bid.reference}"):
        giving.give_by_hand(bid, rowan, by=officer, now=clock.now())
    wishes.let_together(row, by=officer, now=clock.now())
    assert giving.give_by_hand(bid, rowan, by=officer, now=clock.now()).status == "assigned"


def test_a_list_that_goes_against_what_members_said_names_each_line(round, officer):
    wren, rowan = make.seat(round, label="Wren"), make.seat(round, label="Rowan")
    bids = [make.bid(round) for _ in range(3)]
    rowan.bids_limit = 1
    wishes.keep_apart(wren, rowan, "They live together", by=officer, now=clock.now())
    wishes.wish(wren, {bids[2].id: "cannot"}, by=wren.person, now=clock.now())
    lines = [(bids[0], "Wren"), (bids[0], "Rowan"), (bids[1], "Rowan"), (bids[2], "Wren")]
    text = "\n".join(f"{bid.reference},{label}" for bid, label in lines)
    found = lists.compare(round, text)
    assert found.wrong == [
        f"Line 1: Wren is kept apart from Rowan, who reads {bids[0].reference}",
        f"Line 2: Rowan is kept apart from Wren, who reads {bids[0].reference}",
        "Line 3: Rowan reads at most 1 bid",
        f"Line 4: Wren said that they cannot read {bids[2].reference}",
    ]


def test_a_list_may_swap_two_who_are_kept_apart(round, officer):
    wren, rowan, bid = make.seat(round, label="Wren"), make.seat(round, label="Rowan"), make.bid(round)
    wishes.keep_apart(wren, rowan, "They live together", by=officer, now=clock.now())
    make.reading(bid, wren)
    found = lists.compare(round, f"{bid.reference},Rowan")
    assert found.wrong == []
    assert (len(found.given), len(found.taken)) == (1, 1)


def test_a_list_shows_loads_linkage_and_who_is_short_before_it_is_applied(round, officer, as_):
    make.seat(round, label="Wren"), make.seat(round, label="Rowan"), make.seat(round, "chair", label="Chair")
    bids = [make.bid(round) for _ in range(3)]
    text = f"{bids[0].reference},Wren\n{bids[1].reference},Wren"
    found = lists.compare(round, text).afterwards
    assert (found.least, found.most, found.linked, found.short) == (0, 2, False, [(bids[2].reference, 1)])
    page = as_(officer).post(f"/office/rounds/{round.id}/assignments/list", data={"lines": text}).text
    assert "Members have from 0 to 2 bids each" in page
    assert "The panel is not linked" in page
    assert f"{bids[2].reference}: 1 too few" in page
    linked = lists.compare(round, f"{bids[0].reference},Wren\n{bids[0].reference},Rowan").afterwards
    assert linked.linked is True


def test_a_line_without_a_member_is_not_passed_over(round):
    make.seat(round, label="Wren")
    bids = [make.bid(round) for _ in range(2)]
    found = lists.compare(round, f"Bid,Member\n{bids[0].reference},Wren\n{bids[1].reference},\n,,\n,Wren")
    missing = "give the reference of a bid and the name of a member"
    assert found.wrong == [f"Line 3: {missing}", f"Line 5: {missing}"]


def test_a_list_gives_no_marks_to_who_gives_views(round):
    round.view_weight = 10
    make.seat(round, "youth", label="Lark")
    found = lists.compare(round, f"{make.bid(round).reference},Lark")
    assert found.wrong == ["Line 1: nobody called Lark gives marks on this panel"]


def test_a_bid_taken_off_by_mistake_is_given_again_with_what_was_written(round, officer):
    wren, bid = make.seat(round, label="Wren"), make.bid(round)
    row = make.reading(bid, wren)
    make.start(bid, officer)
    make.give(row, {"C1": 4}, sealed=False)
    assignments.excuse(row, "taken off by a list", by=officer, now=clock.now())
    text = f"{bid.reference},Wren"
    seen = lists.compare(round, text)
    assert [(each.id, seat.id) for each, seat in seen.given] == [(bid.id, wren.id)]
    lists.apply(round, text, seen.fingerprint, by=officer, now=clock.now())
    assert row.status == "assigned"
    assert make.scores.marks_of(row) == {"C1": 4}
    assert Assignment.query.count() == 1


def test_who_is_given_a_bid_in_the_middle_of_scoring_is_told_once_a_day(round, officer, time):
    wren, rowan = make.seat(round, label="Wren"), make.seat(round, label="Rowan")
    bids = [make.bid(round) for _ in range(3)]
    for bid in bids[:2]:
        make.reading(bid, wren)
        make.start(bid, officer)
    assert told("to_assess") == [wren.person.email]
    assignments.drop_out(wren, "Ill", by=officer, now=clock.now())
    plan, _bids, _seats = assignments.plan_for(round)
    assignments.save_plan(round, plan.added, by=officer, now=clock.now())
    assert told("to_assess") == [wren.person.email, rowan.person.email]
    time.move(days=1)
    assert Assignment.query.filter_by(seat_id=rowan.id, application_id=bids[2].id).count() == 1
    make.start(bids[2], officer)
    assert told("to_assess").count(rowan.person.email) == 2


def test_before_scoring_starts_nobody_is_told(round, officer):
    giving.give_by_hand(make.bid(round), make.seat(round), by=officer, now=clock.now())
    assert told("to_assess") == []


def test_young_members_are_told_when_there_is_a_bid_to_say_something_about(round, officer):
    round.view_weight = 10
    lark, wren = make.seat(round, "youth", label="Lark"), make.seat(round, label="Wren")
    before, after = make.bid(round), make.bid(round)
    opinions.ask_for_view(before, lark, by=officer, now=clock.now())
    assert told("to_view") == []
    make.reading(before, wren)
    make.start(before, officer)
    assert told("to_view") == [lark.person.email]
    make.reading(after, wren)
    make.start(after, officer)
    opinions.ask_for_view(after, lark, by=officer, now=clock.now())
    assert told("to_view") == [lark.person.email]
    body = OutboxMessage.query.filter_by(template="to_view").one().body
    assert "/assessing" in body


def test_a_young_member_is_not_asked_about_a_bid_they_cannot_read(round, officer):
    round.view_weight = 10
    lark, bid = make.seat(round, "youth", label="Lark"), make.bid(round)
    wishes.wish(lark, {bid.id: "cannot"}, by=lark.person, now=clock.now())
    assert opinions.plan_views(round) == []
    assert opinions.ask_for_views(round, [], by=officer, now=clock.now()) == 0
    assert BidView.query.count() == 0


def test_an_officer_changes_a_seat_and_the_plan_keeps_the_new_limit(round, officer, as_):
    wren, rowan = make.seat(round, label="Wren"), make.seat(round, label="Rowan")
    [make.bid(round) for _ in range(4)]
    client, address = as_(officer), f"/office/seats/{wren.id}"
    data = {"label": "Wren", "perspective": "police", "expertise": "knife crime", "bids_limit": "1"}
    assert "Another member has this name" in client.post(address, data=data | {"label": "rowan"}).text
    assert "bids_limit" in client.post(address, data=data | {"bids_limit": "0"}).text
    assert client.post(address, data=data).status_code == 302
    page = client.get(f"/office/rounds/{round.id}/panel").text
    assert "at most 1 bids" not in page
    assert "at most 1 bid" in page
    plan, _bids, _seats = assignments.plan_for(round)
    assert (plan.loads[wren.id], plan.loads[rowan.id]) == (1, 3)
    for stranger in (make_fund.person(), wren.person):
        assert as_(stranger).get(address).status_code == 404


def test_a_member_says_how_many_they_can_read(round, as_):
    wren = make.seat(round, label="Wren")
    make.bid(round)
    client, address = as_(wren.person), f"/assessing/rounds/{round.id}/wishes"
    assert "Say what you wish to read" in client.get("/assessing").text
    assert client.post(address, data={"do": "limit", "bids_limit": "7"}).status_code == 302
    assert wren.bids_limit == 7
    assert 'value="7"' in client.get(address).text
    assert "There is a problem" in client.post(address, data={"do": "limit", "bids_limit": "many"}).text
    assert wren.bids_limit == 7
    client.post(address, data={"do": "limit", "bids_limit": ""})
    assert wren.bids_limit is None
    observer = make.seat(round, "observer")
    as_(observer.person).post(address, data={"do": "limit", "bids_limit": "7"})
    assert observer.bids_limit is None


def test_when_a_young_member_goes_the_bids_they_said_nothing_about_are_asked_of_another(round, officer, as_):
    round.view_weight = 10
    lark, plover = make.seat(round, "youth", label="Lark"), make.seat(round, "youth", label="Plover")
    said, silent = make.bid(round), make.bid(round)
    for bid in (said, silent):
        row = opinions.ask_for_view(bid, lark, by=officer, now=clock.now())
        make.make.put(bid, "in_scoring", None)
        if bid is said:
            opinions.save_view(row, 4, "It would help.", seen_version=None, by=lark.person, now=clock.now())
    assert opinions.plan_views(round) == []
    page = as_(officer).get(f"/office/rounds/{round.id}/panel").text
    assert f"/office/seats/{lark.id}/drop-out" in page, "a view to give is something to do"
    assert as_(officer).post(f"/office/seats/{lark.id}/drop-out", data={"reason": "Moved away"}).status_code == 302
    assert "1 bids need" not in as_(officer).get(f"/office/rounds/{round.id}/assignments").text
    assert opinions.plan_views(round) == [(silent, plover)]
