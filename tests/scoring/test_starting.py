"""Where panel members begin, and that their sessions end when idle."""

from fund.landing import home_of
from tests.factories import fund as make_fund
from tests.factories import scoring as make


def test_a_chair_begins_at_the_table_and_an_assessor_at_their_bids(database):
    round = make.round()
    assert home_of(make.seat(round, "chair").person) == "/panel"
    assert home_of(make.seat(round).person) == "/assessing"
    assert home_of(make_fund.person()) == "/organisations"


def test_an_idle_session_ends_for_a_panel_member_and_not_for_an_applicant(database, as_, time):
    seated, applicant = as_(make.seat(make.round()).person), as_(make_fund.person())
    assert seated.get("/assessing").status_code == 200
    time.move(hours=3)
    assert "/sign-in" in seated.get("/assessing").location
    assert applicant.get("/organisations").status_code == 200
