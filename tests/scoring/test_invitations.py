"""Invitations to a panel: the link answers one invitation and signs nobody in; a no has its reason, a yes its terms."""

import re
from datetime import timedelta

import pytest

from fund.core import clock
from fund.core.outbox import OutboxMessage
from fund.core.problems import Problem, WrongMoment
from scoring import invitations
from scoring.panels import seat_in, seats_of
from scoring.tables import SeatInvitation
from tests.factories import fund as make_fund
from tests.factories import scoring as make
from tests.kept import kept


@pytest.fixture
@kept
def round(database):
    return make.round()


@pytest.fixture
@kept
def officer(round):
    return make_fund.staff("fund_officer", round)


def invited(round, officer, email="heron@example.org", **facts):
    given = {"kind": "assessor", "label": "Member Heron"} | facts
    row = invitations.invite(round, email, given.pop("kind"), given.pop("label"), by=officer, now=clock.now(), **given)
    mail = OutboxMessage.query.filter_by(recipient=email).order_by(OutboxMessage.id.desc()).first()
    return row, re.search(r"/panel-invitations/([0-9a-f]{64})", mail.body).group(0)


def test_an_officer_invites_and_the_person_signed_in_with_that_address_accepts(round, officer, as_):
    client = as_(officer)
    address = f"/office/rounds/{round.id}/panel/invitations"
    assert "Nobody was asked yet" in client.get(address).text
    data = {"email": "Heron@Example.org ", "label": "Member Heron", "kind": "assessor"}
    assert client.post(address, data=data).status_code == 302
    row = SeatInvitation.query.one()
    body = OutboxMessage.query.filter_by(recipient="heron@example.org").one().body
    link = re.search(r"/panel-invitations/([0-9a-f]{64})", body).group(0)
    assert row.token_hash not in body
    heron = make_fund.person(email="heron@example.org")
    visitor = as_(heron)
    assert "What you agree to" in visitor.get(link).text
    accept = f"{link}/accept"
    assert "Read the terms and tick the box" in visitor.post(accept, data={"expertise": "Schools"}).text
    assert visitor.post(accept, data={"expertise": "Schools", "bids_limit": "8", "terms": "y"}).status_code == 302
    seat = seat_in(heron, round.id)
    assert (seat.kind, seat.expertise, seat.bids_limit, seat.terms_agreed_at) == ("assessor", "Schools", 8, clock.now())
    assert "Accepted" in client.get(address).text
    assert visitor.get(link).status_code == 409
    assert visitor.post(accept, data={"terms": "y"}).status_code == 409


def test_the_link_signs_nobody_in_and_serves_nobody_else(round, officer, client, as_):
    _row, link = invited(round, officer)
    assert client.get(link).status_code == 200
    asked = client.get(f"{link}/accept")
    assert asked.location.startswith("/sign-in")
    assert client.get("/assessing").location.startswith("/sign-in")
    other = as_(make_fund.person())
    assert other.get(f"{link}/accept").status_code == 403
    assert other.post(f"{link}/accept", data={"terms": "y"}).status_code == 403
    assert seats_of(round) == []
    assert client.get(f"/panel-invitations/{'0' * 64}").status_code == 404


def test_reading_the_link_answers_nothing_and_declining_needs_a_reason_but_no_account(round, officer, client, as_):
    row, link = invited(round, officer)
    client.get(link)
    assert row.answer is None
    assert "Choose why" in client.post(link, data={}).text
    assert "Say in a few words why" in client.post(link, data={"reason": "other"}).text
    assert "You declined the seat" in client.post(link, data={"reason": "many", "words": "Exams"}).text
    assert (row.answer, row.reason, row.words, row.person_id) == ("declined", "many", "Exams", None)
    assert client.get(link).status_code == 409
    page = as_(officer).get(f"/office/rounds/{round.id}/panel/invitations").text
    assert "Declined: “I have too much to do”" in page
    assert "Exams" in page


def test_a_link_runs_out_and_can_be_taken_back(round, officer, client, as_, time):
    row, link = invited(round, officer)
    assert as_(officer).post(f"/office/panel-invitations/{row.id}/withdraw").status_code == 302
    assert "taken back" in client.get(link).text
    with pytest.raises(WrongMoment):
        invitations.withdraw(row, by=officer, now=clock.now())
    _row, second = invited(round, officer)
    time.move(days=14, seconds=1)
    assert "has run out" in client.get(second).text
    third, _ = invited(round, officer)
    assert third.expires_at - clock.now() == timedelta(days=14)


def test_nobody_is_asked_twice_and_one_chair_is_enough(round, officer):
    invited(round, officer, kind="chair", label="The chair")
    seat = make.seat(round, label="Member Wren")
    for email, kind, label, sentence in (
        ("heron@example.org", "assessor", "Member Owl", "waits for an answer"),
        (seat.person.email, "assessor", "Member Owl", "sits on the panel already"),
        ("owl@example.org", "assessor", "the CHAIR", "has this name"),
        ("owl@example.org", "chair", "Another", "has a chair"),
    ):
        with pytest.raises(Problem, match=sentence):
            invitations.invite(round, email, kind, label, by=officer, now=clock.now())


def test_terms_are_the_rounds_own(round, officer, client, as_):
    as_(officer).post(f"/office/rounds/{round.id}/panel/invitations", data={"do": "terms", "terms": "Be kind to bids."})
    _row, link = invited(round, officer)
    assert "Be kind to bids." in client.get(link).text


def test_strangers_and_officers_of_elsewhere_invite_nobody(round, officer, as_):
    row, _ = invited(round, officer)
    for who in (make_fund.person(), make_fund.staff("fund_officer", make.round()), make.seat(round, "chair").person):
        assert as_(who).get(f"/office/rounds/{round.id}/panel/invitations").status_code == 404
        assert as_(who).post(f"/office/panel-invitations/{row.id}/withdraw").status_code == 404


def test_a_secretary_reads_what_the_chair_reads_and_changes_nothing_and_an_observer_reads_no_scores(round, as_):
    secretary, observer = make.seat(round, "secretary"), make.seat(round, "observer")
    bid, _rows = make.scored_bid(round, make.MARKS_OF_62, make.MARKS_OF_71, make.MARKS_OF_74)
    reader = as_(secretary.person)
    assert bid.reference in reader.get(f"/panel/rounds/{round.id}").text
    assert reader.get(f"/panel/bids/{bid.id}").status_code == 200
    assert reader.post(f"/panel/bids/{bid.id}", data={"do": "save"}).status_code == 403
    watcher = as_(observer.person)
    assert watcher.get("/assessing").status_code == 200
    for address in (f"/panel/rounds/{round.id}", f"/panel/bids/{bid.id}", f"/office/rounds/{round.id}/ranking"):
        assert watcher.get(address).status_code == 404
    for seat in (secretary, observer):
        with pytest.raises(Problem, match="does not score"):
            make.reading(make.bid(round), seat)
