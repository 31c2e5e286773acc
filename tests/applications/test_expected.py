"""Each of the forty sample bids, put through the real acts, meets what the sample file expects of it."""

import pytest

from applications.sample.bidding import add_bidder, screen_bid, send_bid, write_bid
from applications.sample.reader import sample_bids
from applications.screening import machine_findings, recorded_checks
from fund.core import clock
from fund.strategies.places import areas
from tests.factories import applications as make_bid
from tests.factories import fund as make
from tests.kept import kept

BIDS = {bid.id: bid for bid in sample_bids()}


@pytest.fixture
@kept
def round(database):
    """A round with the sample bids' own window, and the places of County Durham and Darlington."""
    from applications.form_design import freeze_form
    from applications.standard_form import use_standard_form

    round = make.round(
        delivery_start_on=make.moment(2024, 1, 1).date(), delivery_end_on=make.moment(2025, 3, 31).date()
    )
    of = round.fund.partnership
    of.short_name = "County Durham and Darlington"
    strategy_priorities = {
        each.code for each in database.session.query(make.Priority).filter_by(strategy_id=round.strategy_id)
    }
    for code in {"1", "2", "3", "4"} - strategy_priorities:
        row = make.priority(round.strategy, code=code, position=int(code))
        database.session.add(make.RoundPriority(round_id=round.id, priority_id=row.id, position=int(code)))
    for place in areas("durham-darlington"):
        make.area(of, place.name)
    use_standard_form(round, by=None, now=clock.now())
    freeze_form(round, by=None, now=clock.now())
    return round


REFUSED = {
    "over cap": "Take off £",
    "incomplete": "Answer this question",
    "budget does not add up": "add",
}
INELIGIBLE = {"outside delivery window": "dates", "outside area": "area", "ineligible applicant": "legal_form"}


@pytest.mark.parametrize("key", sorted(BIDS))
def test_each_sample_bid_meets_what_is_expected_of_it(round, key):
    bid = BIDS[key]
    officer = make.staff("fund_officer", round)
    bidder = add_bidder(bid, officer=officer, now=clock.now())
    application = write_bid(bid, round, bidder, now=clock.now())
    refused = send_bid(application, bid, bidder, now=clock.now())
    if bid.expected in REFUSED:
        assert application.status == "draft"
        assert REFUSED[bid.expected] in refused
        for number in [flag for flag in bid.expected_flags if flag.startswith("missing")]:
            for question in [
                word.strip(" ,") for word in number.removeprefix("missing:").split(",") if word.strip().startswith("Q")
            ]:
                assert _text(application, question) in refused
        return
    assert refused is None
    found = machine_findings(application)
    if bid.expected in INELIGIBLE:
        assert found[INELIGIBLE[bid.expected]].answer == "fail"
    elif bid.expected.startswith("check:"):
        assert found["legal_form"].answer == "refer"
    else:
        assert {finding.answer for finding in found.values()} == {"pass"}
    screen_bid(application, officer=officer, now=clock.now())
    assert application.status == ("ineligible" if bid.expected in INELIGIBLE else "eligible")
    assert recorded_checks(application)["cap"].checked_by_id == officer.id
    if bid.expected == "eligible at cap":
        assert application.requested_pence == bid.cap_pence


def _text(application, key: str) -> str:
    from applications.forms import form_of

    return form_of(application).by_key[key].text.rstrip("?")


def test_over_the_cap_by_a_penny_says_so(round):
    bid = BIDS["VPF-2024-037"]
    bidder = add_bidder(bid, officer=make.staff("fund_officer", round), now=clock.now())
    application = write_bid(bid, round, bidder, now=clock.now())
    sentence = send_bid(application, bid, bidder, now=clock.now())
    assert (
        sentence
        == "You asked for £40,000.01. Registered organisations can ask for up to £40,000.00. Take off £0.01 to carry on."
    )


def test_the_factory_has_the_same_questions_as_the_sample_file(round):
    from applications.forms import asked_form, current_form
    from applications.sample.reader import sample_round

    asked = asked_form(current_form(round)).by_key
    for question in sample_round().questions:
        assert (asked[question.id].text, asked[question.id].word_limit) == (question.text, question.word_limit)
    assert make_bid.complete_values().keys() <= asked.keys()
