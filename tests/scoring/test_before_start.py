"""Before scoring starts one page says what will change; the button does just that, or nothing when it would be another by now."""

import pytest

from fund.core import clock
from fund.core.outbox import OutboxMessage
from scoring import before_start, wishes
from tests.factories import fund as make_fund
from tests.factories import scoring as make
from tests.kept import kept


@pytest.fixture
@kept
def ready(database):
    """A bid with three readers, of whom one has answered for conflicts, and one with a single reader; a member reads nothing."""
    round = make.round()
    seats = [make.seat(round, label=f"Reader {number}") for number in range(3)]
    idle = make.seat(round, label="Idle")
    bid, short = make.bid(round), make.bid(round)
    for number, seat in enumerate(seats):
        make.reading(bid, seat, declared=number == 0)
    make.reading(short, seats[0])
    return round, bid, short, seats, idle


@pytest.fixture
@kept
def officer(ready):
    return make_fund.staff("fund_officer", ready[0])


def address(round) -> str:
    return f"/office/rounds/{round.id}/assignments/start"


def test_the_page_says_which_bids_start_who_reads_what_waits_and_who_gets_mail(ready, officer, as_, database):
    round, bid, short, seats, idle = ready
    found = before_start.look_ahead(round, clock.now())
    assert found.starts == [bid]
    assert found.waits == {short: 1}
    assert [(each.seat, each.bids, each.unanswered, each.is_told) for each in found.readers] == [
        (seats[0], 1, 0, True),
        (seats[1], 1, 1, True),
        (seats[2], 1, 1, True),
    ]
    assert found.idle == [idle]
    page = as_(officer).get(address(round)).text
    for words in (
        "Start scoring 1 bid",
        f"{short.reference} {short.title}: 1",
        "Gets one message",
        "1 without a bid",
        "nobody has saved",
    ):
        assert words in page, words
    assert database.session.query(OutboxMessage).count() == 0, "looking sends nothing"
    assert bid.status == "eligible"


def test_the_button_starts_what_was_shown_and_mail_goes_to_whom_the_page_named(ready, officer, as_, database):
    round, bid, short, seats, _idle = ready
    client = as_(officer)
    client.get(address(round))
    found = before_start.look_ahead(round, clock.now())
    said = client.post(address(round), data={"seen": found.seen}, follow_redirects=True).text
    assert "Scoring of 1 bid has started" in said
    assert f"{short.reference} has 1 of the 3 assessors it needs" in said
    assert (bid.status, short.status) == ("in_scoring", "eligible")
    told = {each.recipient for each in database.session.query(OutboxMessage).filter_by(template="to_assess")}
    assert told == {each.seat.person.email for each in found.told} == {seat.person.email for seat in seats}


def test_whoever_had_mail_today_gets_no_second_one_and_the_page_says_so(ready, officer, as_, database):
    round, _bid, short, seats, idle = ready
    before_start.start(round, before_start.look_ahead(round, clock.now()).seen, by=officer, now=clock.now())
    for seat in (seats[1], idle):
        make.reading(short, seat, declared=False)
    found = before_start.look_ahead(round, clock.now())
    assert [(each.seat, each.is_told) for each in found.readers] == [(seats[0], False), (seats[1], False), (idle, True)]
    assert "Had it today" in as_(officer).get(address(round)).text
    before_start.start(round, found.seen, by=officer, now=clock.now())
    assert database.session.query(OutboxMessage).filter_by(template="to_assess").count() == 4


def test_when_a_reader_has_changed_since_nothing_starts(ready, officer, as_):
    round, bid, _short, _seats, idle = ready
    seen = before_start.look_ahead(round, clock.now()).seen
    make.reading(bid, idle)
    said = as_(officer).post(address(round), data={"seen": seen}).text
    assert "Bids or readers have changed since you looked" in said
    assert bid.status == "eligible"
    assert before_start.look_ahead(round, clock.now()).seen in said, "the next press is about what is shown now"


def test_unmet_wishes_and_hints_about_the_bids_that_start_are_named(ready, officer, as_):
    round, bid, short, seats, idle = ready
    wishes.wish(idle, {bid.id: "want", short.id: "can"}, by=idle.person, now=clock.now())
    make_fund.member(bid.organisation, seats[1].person)
    page = as_(officer).get(address(round)).text
    assert f"Idle wanted {bid.reference}." in page
    assert "1 hint about these bids waits" in page


def test_where_nothing_can_start_the_page_says_why_and_has_no_button(officer, ready, as_):
    round, bid, short, _seats, _idle = ready
    for each in (bid, short):
        make.make.put(each, "submitted", None)
    other = make.bid(round)
    page = as_(officer).get(address(round)).text
    assert "No bid can start now" in page
    assert f"{other.reference} {other.title}: 0, nobody reads it" in page
    assert 'name="seen"' not in page


def test_the_page_is_for_who_runs_the_panel_and_takes_no_more_statements_for_more_bids(ready, officer, as_, statements):
    round, *_rest, seats, _idle = ready
    for who in (make_fund.person(), seats[0].person, make_fund.staff("fund_officer", make.round())):
        assert as_(who).get(address(round)).status_code == 404
    client = as_(officer)
    client.get(address(round))
    with statements() as few:
        client.get(address(round))
    for _ in range(6):
        bid = make.bid(round)
        for seat in seats:
            make.reading(bid, seat, declared=False)
    with statements() as many:
        client.get(address(round))
    assert len(many) <= len(few)
