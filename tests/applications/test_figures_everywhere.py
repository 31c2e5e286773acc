"""The figures of design rules 1 to 4 and 16 where the other files do not have them yet: in the page and through a pack.

Where each figure is held, by the name of its test:

rule  in the page                      on the server                      through an imported form pack
1     test_pages, here                 test_rules, fund/test_caps         test_packs (cap, and what is pounds and pence)
2     test_pages (to be checked), here test_rules, fund/test_caps         here
3     here                             test_rules                         test_packs
4     here, fund/test_rounds_office    test_rules, fund/test_rounds       here
16    test_pages, test_own_pages       test_together (forty pairs each)   test_packs (an answer changed meanwhile)
"""

from datetime import UTC, datetime

import pytest

from applications.answers import values_of
from fund.core import clock
from fund.core.database import db
from fund.tables import Identifier
from tests.factories import applications as make_bid
from tests.factories import fund as make
from tests.kept import kept

from .test_packs import confirm, pack_with, put_in
from .test_pages import post, text, url

SENT = {"declared_name": "Ada Lead", "declared_role": "Chair", "agreed": "y"}
IN_TIME, LATE = datetime(2024, 8, 30, 15, 59, 59, tzinfo=UTC), datetime(2024, 8, 30, 16, 0, tzinfo=UTC)
REMOVED = "You asked for £18,250.00. Groups that are not registered can ask for up to £5,000.00. Take off £13,250.00 to carry on."


def _remove_the_number(application) -> None:
    number = db.session.query(Identifier).filter_by(organisation_id=application.organisation_id).one()
    number.check_result = "removed"
    db.session.flush()


# Rule 1 -----------------------------------------------------------------------------------------------------------


def test_rule_1_in_the_page_a_registered_organisation_asks_for_40000_pounds_and_no_penny_more(as_, lead):
    application, client = make_bid.draft(lead), as_(lead)
    over = post(client, application, "asked", value="40,000.01")
    assert "You asked for £40,000.01. Registered organisations can ask for up to £40,000.00. Take off £0.01 to carry on." in text(over)  # fmt: skip
    assert values_of(application)["asked"] == 4_000_001, "the draft is kept"
    assert post(client, application, "asked", value="40,000.00").request.path.endswith("/questions/budget")


@pytest.mark.parametrize("typed", ["5,000", "£5000.00", "5000", "£5,000.00"])
def test_rule_1_in_the_page_five_thousand_pounds_however_it_is_typed(as_, lead, typed):
    application = make_bid.draft(lead, legal_form="unincorporated")
    assert post(as_(lead), application, "asked", value=typed).request.path.endswith("/questions/budget")
    assert values_of(application)["asked"] == 500_000


def test_rule_1_in_the_page_a_bid_over_the_cap_cannot_be_sent(as_, lead):
    application = make_bid.complete_draft(lead, legal_form="unincorporated", asked=500_001)
    client = as_(lead)
    assert "Take off £0.01 to carry on" in text(client.get(url(application, "check")))
    assert "Take off £0.01 to carry on" in text(client.post(url(application, "send"), data=SENT))
    assert application.status == "draft"


# Rule 2 -----------------------------------------------------------------------------------------------------------


def test_rule_2_in_the_page_an_unchecked_number_gives_the_registered_cap_for_now(as_, lead):
    organisation = make.organisation(lead, confirmed=None)
    application, client = make_bid.draft(lead, organisation=organisation), as_(lead)
    assert post(client, application, "asked", value="40,000").request.path.endswith("/questions/budget")
    assert "to be checked" in text(client.get(url(application)))


def test_rule_2_in_the_page_a_removed_number_marks_the_bid_over_by_the_difference(as_, lead):
    application, client = make_bid.complete_draft(lead, asked=1_825_000), as_(lead)
    _remove_the_number(application)
    page = text(client.get(url(application)))
    assert REMOVED in page
    assert "over by £13,250" in page
    assert values_of(application)["asked"] == 1_825_000, "the bid is kept"


def test_rule_2_through_a_pack_an_unchecked_number_gives_the_registered_cap_for_now(as_, lead):
    application = make_bid.draft(lead, organisation=make.organisation(lead, confirmed=None))
    assert "Take off" not in put_in(as_(lead), application, pack_with({"asked": 4_000_000}, application)).text
    over = put_in(as_(lead), application, pack_with({"asked": 4_000_001}, application)).text
    assert "can ask for up to £40,000.00. Take off £0.01 to carry on." in over


def test_rule_2_through_a_pack_a_removed_number_lowers_the_cap_at_once(as_, lead):
    application = make_bid.draft(lead)
    _remove_the_number(application)
    assert REMOVED in put_in(as_(lead), application, pack_with({"asked": 1_825_000}, application)).text


# Rule 3 -----------------------------------------------------------------------------------------------------------


def test_rule_3_in_the_page_two_bids_share_a_cap_and_a_penny_more_names_both(as_, lead):
    round = make_bid.open_round(bids_per_organisation=2, joint_cap_pence=4_000_000)
    organisation, client = make.organisation(lead), as_(lead)
    first = make_bid.submitted(lead, round, organisation=organisation, asked=2_250_000)
    second = make_bid.draft(lead, round, organisation)
    assert post(client, second, "asked", value="17,500.00").request.path.endswith("/questions/budget")
    over = text(post(client, second, "asked", value="17,500.01"))
    assert f"{first.reference} asks for £22,500.00, and this bid ({second.reference}) for £17,500.01: £40,000.01 together." in over  # fmt: skip
    assert "Take off £0.01 to carry on." in over
    assert values_of(second)["asked"] == 1_750_001


# Rule 4 -----------------------------------------------------------------------------------------------------------


@pytest.fixture
@kept
def closing(database):
    """(bid, its lead): a whole draft in a round that closes on Friday 30 August 2024 at 5pm in London."""
    with clock.stand_still(datetime(2024, 8, 1, 12, 0, tzinfo=UTC)):
        lead = make.person("Ada Lead")
        round = make_bid.open_round(closes_at=clock.london_moment(datetime(2024, 8, 30, 17, 0)))
        return make_bid.complete_draft(lead, round), lead


def test_rule_4_in_the_page_a_bid_received_at_15_59_59z_is_in(as_, closing):
    bid, lead = closing
    with clock.stand_still(IN_TIME):
        page = as_(lead).post(url(bid, "send"), data=SENT, follow_redirects=True)
    assert "Bid sent" in text(page)
    assert bid.submitted_at == IN_TIME


def test_rule_4_in_the_page_a_bid_received_at_16_00_00z_is_late_and_the_draft_is_kept(as_, closing):
    bid, lead = closing
    with clock.stand_still(LATE):
        client = as_(lead)
        page = text(client.post(url(bid, "send"), data=SENT))
        again = text(client.get(url(bid)))
    assert "This round closed on Friday 30 August 2024, 5pm. We have kept your draft." in page
    assert "ask for more time" in page
    assert "We have kept your draft" in again
    assert bid.status == "draft"


@pytest.mark.parametrize(("moment", "goes"), [(IN_TIME, True), (LATE, False)])
def test_rule_4_through_a_pack_the_same_second_decides(as_, closing, moment, goes):
    """What is in the pack is taken either way, so no word is lost; the bid is sent in time only."""
    bid, lead = closing
    with clock.stand_still(moment):
        client = as_(lead)
        page = put_in(client, bid, pack_with({"title": "From the pack"}, bid))
        confirm(client, bid, page.text, title="pack")
        sent = text(client.post(url(bid, "send"), data=SENT, follow_redirects=True))
    assert values_of(bid)["title"] == "From the pack"
    assert ("Bid sent" in sent) == goes
    assert ("This round closed on Friday 30 August 2024, 5pm." in sent) == (not goes)
    assert bid.status == ("submitted" if goes else "draft")
