"""While a bid is checked, the fund asks for a change of one answer; both texts stay and readers see that it changed."""

import re
from datetime import timedelta

import pytest

from applications import change_requests
from applications.answers import save_answer, values_of
from applications.applications import load_application
from applications.forms import form_of
from applications.question_types.rows import MOST_ROWS
from applications.screening import checks_for, complaint_until, find_eligible, machine_findings, record_machine_findings
from applications.submission import latest_submission
from applications.tables import ChangeRequest
from fund.core import audit, clock
from fund.core.audit import AuditEvent
from fund.core.database import db
from fund.core.outbox import OutboxMessage
from fund.core.problems import Problem, WrongMoment
from scoring.papers import papers_of
from tests.factories import applications as make_bid
from tests.factories import fund as make
from tests.factories import scoring as make_judging
from tests.kept import kept

ASKED = "Say who at the school sends young people to you."


@pytest.fixture
@kept
def bid(lead):
    return make_bid.submitted(lead)


@pytest.fixture
@kept
def officer(bid):
    return make.staff("fund_officer", bid.round)


@pytest.fixture
@kept
def asked(bid, officer):
    return change_requests.ask_change(bid, "Q6", ASKED, clock.now() + timedelta(days=5), by=officer, now=clock.now())


def _answer(request, bid, lead, value="Ms Reed at the school does.", seen=1):
    change_requests.answer_change(request, bid, value, seen, by=lead, now=clock.now())


def test_that_one_answer_is_changed_and_both_texts_stay(bid, lead, asked):
    sent = latest_submission(bid).sha256
    _answer(asked, bid, lead)
    assert values_of(bid)["Q6"] == "Ms Reed at the school does."
    assert (asked.before, asked.after) == (make_bid.WORDS, "Ms Reed at the school does.")
    assert latest_submission(bid).sha256 == sent  # what was sent stays as it was sent
    assert bid.status == "submitted"
    with pytest.raises(WrongMoment):
        save_answer(bid, form_of(bid).by_key["Q4"], "Another answer.", 1, by=lead, now=clock.now())
    with pytest.raises(WrongMoment):
        _answer(asked, bid, lead, "Once more.", 2)


def test_a_late_change_is_refused_and_the_answer_stays(time, bid, lead, asked):
    time.move(days=5)
    with pytest.raises(WrongMoment, match="could be changed until"):
        _answer(asked, bid, lead)
    assert values_of(bid)["Q6"] == make_bid.WORDS


def test_a_second_before_the_moment_is_in_time(time, bid, lead, asked):
    time.move(days=5, seconds=-1)
    _answer(asked, bid, lead)
    assert asked.answered_at is not None


@pytest.mark.parametrize(
    ("key", "value", "sentence"),
    [
        ("Q6", None, "Answer this question"),
        ("Q6", "word " * 166, "The most is 165"),
        ("budget", [], "Answer this question"),
    ],
)
def test_a_change_leaves_no_hole(bid, lead, officer, key, value, sentence):
    request = change_requests.ask_change(bid, key, ASKED, clock.now() + timedelta(days=5), by=officer, now=clock.now())
    with pytest.raises(Problem, match=sentence):
        _answer(request, bid, lead, value)


def test_the_cap_speaks_the_same_sentence(bid, lead, officer):
    request = change_requests.ask_change(
        bid, "asked", ASKED, clock.now() + timedelta(days=5), by=officer, now=clock.now()
    )
    with pytest.raises(Problem, match=re.escape("can ask for up to £40,000.00. Take off £0.01 to carry on.")):
        _answer(request, bid, lead, 4_000_001)


def test_the_track_of_a_sent_bid_stays(lead):
    round = make_bid.open_round()
    application = make_bid.submitted(lead, round, asked=600_000)
    application.form.short_up_to_pence = 500_000
    officer = make.staff("fund_officer", round)
    request = change_requests.ask_change(application, "asked", ASKED, clock.now() + timedelta(days=5), by=officer, now=clock.now())  # fmt: skip
    _answer(request, application, lead, 400_000)
    assert application.track == "full"


@pytest.mark.parametrize(
    ("facts", "field"),
    [({"question_key": "nothing"}, "question"), ({"question_key": "documents"}, "question"), ({"sentence": " "}, "sentence"), ({"days": 0}, "day")],
)  # fmt: skip
def test_what_is_asked_is_one_answer_with_a_sentence_and_a_moment(bid, officer, facts, field):
    given = {"question_key": "Q6", "sentence": ASKED, "days": 5} | facts
    with pytest.raises(Problem) as refused:
        change_requests.ask_change(
            bid,
            given["question_key"],
            given["sentence"],
            clock.now() + timedelta(days=given["days"]),
            by=officer,
            now=clock.now(),
        )
    assert refused.value.field == field


def test_nothing_is_asked_twice_or_of_a_draft(bid, officer, asked, draft):
    with pytest.raises(Problem, match="asked for already"):
        change_requests.ask_change(bid, "Q6", ASKED, clock.now() + timedelta(days=5), by=officer, now=clock.now())
    with pytest.raises(WrongMoment):
        change_requests.ask_change(draft, "Q6", ASKED, clock.now() + timedelta(days=5), by=officer, now=clock.now())


def test_a_bid_is_not_found_eligible_while_a_change_waits(bid, officer, asked):
    record_machine_findings(bid, by=officer, now=clock.now())
    with pytest.raises(Problem, match="Wait for it, or take the request back"):
        find_eligible(bid, by=officer, now=clock.now())
    change_requests.cancel_change(asked, bid, by=officer, now=clock.now())
    assert change_requests.open_requests(bid) == []


def test_both_sides_are_told_and_the_log_has_a_line_for_each_step(bid, lead, officer, asked):
    editor = make.person("Ed")
    make_bid.collaborator(bid, editor, "viewer")
    _answer(asked, bid, lead)
    told = [
        (row.template, row.recipient)
        for row in db.session.query(OutboxMessage).filter(OutboxMessage.template.like("change_%"))
    ]
    assert told == [("change_asked", lead.email), ("change_made", officer.email)]
    acts = [
        row.action
        for row in db.session.query(AuditEvent).filter(AuditEvent.action.like("change.%")).order_by(AuditEvent.id)
    ]
    assert acts == ["change.ask", "change.answer"]
    assert audit is not None


def test_the_whole_way_through_the_pages(as_, bid, lead, officer):
    office, here = as_(officer), f"/office/applications/{bid.id}"
    assert "No change was asked for." in office.get(f"{here}/screening").text
    given = {"question": "Q6", "sentence": ASKED, "day-day": "9", "day-month": "2", "day-year": "2026", "hour": "17:00"}
    assert "Say what should be changed" in office.post(f"{here}/changes/new", data={**given, "sentence": ""}).text
    empty = office.post(f"{here}/changes/new", data={"hour": "half past"}).text
    for words in ("Choose a question", "Say what should be changed", "Enter a day"):
        assert words in empty
    assert "like 5pm or 9:30am" in office.post(f"{here}/changes/new", data={**given, "hour": "half past"}).text
    assert office.post(f"{here}/changes/new", data={**given, "hour": "5pm"}).status_code == 302
    row = db.session.query(ChangeRequest).one()
    assert row.due_at == make.moment(2026, 2, 9, 17)
    applicant, mine = as_(lead), f"/applications/{bid.id}"
    assert "Please change one answer" in applicant.get("/applications").text
    assert ASKED in applicant.get(mine).text
    page = applicant.get(f"{mine}/changes/{row.id}").text
    assert make_bid.WORDS in page
    long = applicant.post(f"{mine}/changes/{row.id}", data={"value": "word " * 200, "version": "1"}).text
    assert "The most is 165" in long
    assert (
        applicant.post(f"{mine}/changes/{row.id}", data={"value": "Ms Reed does.", "version": "0"}).status_code == 302
    )
    assert ASKED not in applicant.get(mine).text
    staff = office.get(here).text
    assert "Changed since" in staff
    assert make_bid.WORDS in staff
    assert "Ms Reed does." in office.get(f"{here}/screening").text


def test_strangers_viewers_and_other_bids_change_nothing(as_, bid, lead, officer, asked):
    address = f"/applications/{bid.id}/changes/{asked.id}"
    assert as_(make.person()).get(address).status_code == 404
    viewer = make.person("Vi")
    make_bid.collaborator(bid, viewer, "viewer")
    assert as_(viewer).post(address, data={"value": "Mine."}).status_code == 403
    other = make_bid.submitted(make.person("Bea"), bid.round)
    assert as_(lead).get(f"/applications/{other.id}/changes/{asked.id}").status_code == 404
    elsewhere = as_(make.staff("fund_officer", make.partnership()))
    assert elsewhere.get(f"/office/applications/{bid.id}/changes/new").status_code == 404
    assert elsewhere.post(f"/office/applications/{bid.id}/changes/{asked.id}/cancel").status_code == 404
    as_(officer).post(f"/office/applications/{bid.id}/changes/{asked.id}/cancel")
    assert db.session.get(ChangeRequest, asked.id).cancelled_at is not None


def test_assessors_see_that_it_changed_and_what_it_said(as_, bid, lead, officer, asked):
    _answer(asked, bid, lead)
    make.put(bid, "in_scoring", None)
    who = make.person("Wren")
    reading = make_judging.reading(bid, make_judging.seat(bid.round, who=who))
    changed = papers_of(reading).changed
    assert changed["Q6"] == (ASKED, make_bid.WORDS)


def test_a_group_has_its_own_line_on_the_checklist(lead):
    charity = make_bid.submitted(lead)
    group = make_bid.submitted(make.person("Bea"), legal_form="unincorporated")
    assert "group" not in {check.key for check in checks_for(charity)}
    found = machine_findings(group)["group"]
    assert (found.answer, "Jo Bell and Sam Reed sign" in found.sentence) == ("pass", True)
    host = {"rules": False, "has-host": True, "host": "Town Trust"}
    other = make_bid.submitted(make.person("Cy"), legal_form="unincorporated", **host)
    assert machine_findings(other)["group"].answer == "refer"


def test_the_letter_of_an_ineligible_bid_is_a_page(as_, bid, lead, officer):
    client, here = as_(lead), f"/applications/{bid.id}/not-eligible"
    assert client.get(here).status_code == 404
    office = as_(officer)
    office.post(f"/office/applications/{bid.id}/screening", data={"area": "fail", "area_reason": "It is in Leeds."})
    office.post(f"/office/applications/{bid.id}/ineligible", data={"reason": "It is in Leeds."})
    page = client.get(here).text
    for words in (
        "It is in Leeds.",
        "Tell us before the end of 3 March 2026",
        "Other places to ask",
        "The National Lottery Community Fund",
    ):
        assert words in page
    assert here in client.get(f"/applications/{bid.id}").text
    assert as_(make.person()).get(here).status_code == 404
    assert complaint_until(make.moment(2026, 2, 6, 12)).isoformat() == "2026-03-06"
    assert load_application(bid.id).status == "ineligible"


def test_the_money_page_of_a_change_shows_the_room_left_and_says_when_there_are_no_more_lines(as_, bid, lead, officer):
    row = change_requests.ask_change(bid, "budget", ASKED, make.moment(2026, 2, 9, 17), by=officer, now=clock.now())
    db.session.commit()
    applicant, here = as_(lead), f"/applications/{bid.id}/changes/{row.id}"
    page = applicant.get(here).text
    assert "Room left" in page
    assert "Add another line" in page
    lines = {f"rows-{place}-description": f"Line {place}" for place in range(MOST_ROWS)}
    full = applicant.post(here, data={**lines, "remove": "999"}).text
    assert f"Line {MOST_ROWS - 1}" in full
    assert "Add another line" not in full
    assert "60 is the most" in full
