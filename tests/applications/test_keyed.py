"""Bids on paper and by telephone: staff key them in, the mark stays, and the round's deadline rule holds."""

import io
from datetime import timedelta

import pytest

from applications.applications import leads_of, load_application
from applications.deadlines import extensions_of
from applications.keyed import keyed_bid_of, start_keyed_bid
from applications.submission import latest_submission, submit_application
from applications.tables import Application
from fund.core import clock
from fund.core.outbox import OutboxMessage
from fund.core.problems import Forbidden, Problem, WrongMoment
from tests.factories import applications as make_bid
from tests.factories import fund as make
from tests.kept import kept


@pytest.fixture
@kept
def round(database):
    return make_bid.open_round()


@pytest.fixture
@kept
def officer(round):
    return make.staff("fund_officer", round, name="Olive Officer")


@pytest.fixture
@kept
def group(round, lead):
    return make.organisation(lead, legal_form="unincorporated", name="Back Street Neighbours")


def key_in(round, group, lead, officer, **facts):
    given = {
        "came_by": "paper",
        "received_at": clock.now() - timedelta(hours=2),
        "by": officer,
        "now": clock.now(),
    } | facts
    return start_keyed_bid(round, group, lead, **given)


def test_an_officer_keys_in_a_paper_bid_through_the_pages_and_the_mark_stays(as_, round, officer, group, lead):
    client = as_(officer)
    assert "Key in a bid that came on paper" in client.get(f"/office/rounds/{round.id}/applications").text
    assert "Back Street Neighbours" in client.get(f"/office/rounds/{round.id}/key-in?q=back street").text
    started = client.post(
        f"/office/rounds/{round.id}/key-in/new?organisation={group.id}",
        data={
            "came_by": "paper", "day-day": "2", "day-month": "2", "day-year": "2026", "hour": "10:30", "contact": str(lead.id),
            "scan": (io.BytesIO(b"The letter as it came."), "letter.txt"),
        },
        content_type="multipart/form-data", follow_redirects=True,
    )  # fmt: skip
    assert "Monday 2 February 2026, 10:30am" in started.text
    application = Application.query.one()
    assert [person.id for person in leads_of(application)] == [lead.id]
    make_bid.answer(application, officer, **make_bid.complete_values(asked=450_000), **make_bid.GROUP)
    saved = client.post(f"/applications/{application.id}/questions/title", data={"value": "Chess club", "version": "1"})
    assert saved.status_code == 302
    assert "Continue to send it" in client.get(f"/applications/{application.id}/check").text
    sent = client.post(f"/applications/{application.id}/send", data={"declared_name": lead.name, "declared_role": "Chair", "agreed": "y"}, follow_redirects=True)  # fmt: skip
    assert "On paper, Monday 2 February 2026, 10:30am. Typed in by Olive Officer" in " ".join(sent.text.split())
    office = client.get(f"/office/applications/{application.id}").text
    assert "On paper, received Monday 2 February 2026, 10:30am, keyed in by Olive Officer" in office
    assert "on paper" in client.get(f"/office/rounds/{round.id}/applications").text
    assert "On paper" in client.get(f"/office/rounds/{round.id}/applications?format=csv").text
    assert client.get(f"/office/applications/{application.id}/scan").data == b"The letter as it came."
    assert client.get(f"/applications/{application.id}/receipt/pdf").status_code == 200
    assert {"keyed_in", "receipt"} <= {row.template for row in OutboxMessage.query}


def test_what_was_sent_says_how_it_came_and_a_bid_written_online_says_nothing(round, officer, group, lead):
    application = load_application(key_in(round, group, lead, officer).id)
    make_bid.answer(application, officer, **make_bid.complete_values(asked=450_000), **make_bid.GROUP)
    submit_application(application, lead.name, "Chair", by=officer, now=clock.now())
    snapshot = latest_submission(application).snapshot
    assert (
        '"keyed_in":{"came_by":"paper","keyed_by":"Olive Officer","received_at":"2026-02-03T10:00:00+00:00"}'
        in snapshot
    )
    assert "keyed_in" not in latest_submission(make_bid.submitted(make.person())).snapshot


def test_a_new_organisation_comes_with_its_contact_who_leads_it(as_, round, officer):
    data = {
        "came_by": "telephone", "day-day": "3", "day-month": "2", "day-year": "2026", "hour": "09:00", "name": "Seaham Singers",
        "legal_form": "unincorporated", "town": "Seaham", "postcode": "SR7 7AA", "contact": "Maud Alto",
    }  # fmt: skip
    client = as_(officer)
    refused = client.post(f"/office/rounds/{round.id}/key-in/new", data=data).text
    assert "Enter an email address of the contact" in refused
    assert "Seaham Singers" in refused
    client.post(f"/office/rounds/{round.id}/key-in/new", data=data | {"email": "maud@example.org"})
    application = Application.query.one()
    assert application.source == "telephone"
    assert [person.name for person in leads_of(application)] == ["Maud Alto"]


def test_only_officers_of_the_partnership_key_in(as_, round, officer, group, lead):
    application = key_in(round, group, lead, officer)
    finance, elsewhere = make.staff("finance_officer", round), make.staff("fund_officer", make.partnership())
    for person, status in ((finance, 403), (elsewhere, 404), (lead, 404), (make.person(), 404)):
        assert as_(person).get(f"/office/rounds/{round.id}/key-in").status_code == status
    for stranger in (finance, elsewhere, make.person()):
        assert as_(stranger).get(f"/applications/{application.id}").status_code == 404
    online = make_bid.draft(make.person(), round)
    assert as_(officer).get(f"/applications/{online.id}").status_code == 404
    assert as_(officer).get(f"/applications/{application.id}/withdraw").status_code == 404
    assert as_(lead).get(f"/applications/{application.id}").status_code == 200


def test_an_officer_keys_in_nothing_for_an_organisation_of_their_own(round, officer, group, lead):
    make.member(group, officer)
    with pytest.raises(Forbidden, match="a colleague has to key in"):
        key_in(round, group, lead, officer)


def test_the_contact_of_a_known_organisation_is_one_of_its_people(round, officer, group):
    with pytest.raises(Problem, match="belongs to the organisation"):
        key_in(round, group, make.person(), officer)


@pytest.mark.parametrize(
    ("received", "sentence"),
    [({"minutes": 1}, "not in the future"), ({"days": -8}, "This round opens on")],
)
def test_the_moment_it_was_received_has_to_be_possible(round, officer, group, lead, received, sentence):
    with pytest.raises(Problem, match=sentence):
        key_in(round, group, lead, officer, received_at=clock.now() + timedelta(**received))


def test_after_the_closing_a_bid_that_came_in_time_needs_a_reason_and_gets_three_days(
    time, round, officer, group, lead
):
    """Design rule 4: received a second before the closing is in; keyed later it takes the recorded extension."""
    in_time = round.closes_at - timedelta(seconds=1)
    time.move(days=29)
    with pytest.raises(Problem, match="It came in time, but the round closed"):
        key_in(round, group, lead, officer, received_at=in_time)
    application = load_application(
        key_in(round, group, lead, officer, received_at=in_time, late_reason="The post was slow").id
    )
    assert [row.reason for row in extensions_of(application)] == ["The post was slow"]
    assert keyed_bid_of(application).late_reason == "The post was slow"
    make_bid.answer(application, officer, **make_bid.complete_values(asked=450_000), **make_bid.GROUP)
    time.move(days=3)
    with pytest.raises(WrongMoment, match="This round closed on"):
        submit_application(application, lead.name, "Chair", by=officer, now=clock.now())
    time.move(seconds=-1)
    submit_application(application, lead.name, "Chair", by=officer, now=clock.now())
    assert application.status == "submitted"


def test_a_bid_received_at_the_closing_moment_is_late_and_needs_a_reason_for_more_time(
    time, round, officer, group, lead
):
    """Design rule 4: the closing moment itself is late."""
    time.move(days=29)
    with pytest.raises(Problem, match="It came in late"):
        key_in(round, group, lead, officer, received_at=round.closes_at)


def test_a_round_that_takes_no_bids_takes_none_on_paper_either(officer, group, lead):
    with pytest.raises(WrongMoment, match="not taking bids"):
        key_in(make.round(published=False), group, lead, officer)


def test_a_double_click_starts_one_bid(round, officer, group, lead):
    first = key_in(round, group, lead, officer, once="the-same-click")
    assert key_in(round, group, lead, officer, once="the-same-click").id == first.id
