"""The office: the list of bids, screening with its reasons and letters, more time, and the form before it is frozen."""

import re

import pytest

from applications import screening
from applications.forms import asked_form, current_form
from applications.round_hooks import standing
from applications.standard_form import use_standard_form
from applications.tables import Application, Question
from applications.workflow import APPLICATION
from fund.core import clock
from fund.core.database import db
from fund.core.outbox import OutboxMessage
from fund.core.problems import Problem, WrongMoment
from fund.workflow import ROUND
from tests.factories import applications as make_bid
from tests.factories import fund as make
from tests.kept import kept


def text(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.text))


@pytest.fixture
@kept
def bid(lead):
    return make_bid.submitted(lead)


@pytest.fixture
@kept
def officer(bid):
    return make.staff("fund_officer", bid.round)


def test_the_list_is_found_sorted_filtered_and_taken_away_in_at_most_ten_statements(as_, bid, officer, statements):
    for _ in range(3):
        make_bid.submitted(make.person(), bid.round)
    make_bid.draft(make.person(), bid.round)
    client, here = as_(officer), f"/office/rounds/{bid.round_id}/applications"
    client.get(here)
    with statements() as seen:
        page = client.get(f"{here}?sort=-asked")
    assert len(seen) <= 10, "\n".join(seen)
    assert "5 bids" in page.text
    assert "1 bid" in client.get(f"{here}?q={bid.reference}").text
    assert "1 bid" in client.get(f"{here}?status=draft").text
    assert "No bid fits" in client.get(f"{here}?q=nothing%25like").text
    csv = client.get(f"{here}?format=csv").get_data(as_text=True)
    assert csv.count("\n") == 6
    assert "4860.00" in csv


def test_only_staff_of_the_partnership_see_bids(as_, bid, officer, lead):
    elsewhere, finance, stranger = (
        make.staff("fund_officer", make.partnership()),
        make.staff("finance_officer", bid.round),
        make.person(),
    )
    pages = (f"/office/rounds/{bid.round_id}/applications", f"/office/applications/{bid.id}")
    for page in pages:
        assert as_(officer).get(page).status_code == 200
        assert as_(finance).get(page).status_code == 200
        for person in (elsewhere, stranger, lead):
            assert as_(person).get(page).status_code == 404
    assert as_(finance).get(f"/office/applications/{bid.id}/screening").status_code == 403
    assert as_(stranger).get(f"/office/applications/{bid.id}/screening").status_code == 404


@pytest.mark.parametrize("status", ["submitted", "in_scoring"])
def test_a_bid_as_staff_read_it_takes_six_statements(as_, bid, officer, statements, status):
    make.put(bid, status, APPLICATION)
    client, here = as_(officer), f"/office/applications/{bid.id}"
    client.get(here)
    with statements() as seen:
        page = client.get(here)
    assert len(seen) <= 6, "\n".join(seen)
    for words in (make_bid.WORDS, "£4,860.00", "Peterlee East", "SHA-256"):
        assert words in text(page)


def test_every_check_is_answered_before_a_bid_is_eligible(as_, bid, officer):
    client, here = as_(officer), f"/office/applications/{bid.id}"
    page = client.post(f"{here}/eligible", follow_redirects=True)
    assert "“In the area” is not answered yet." in text(page)
    client.post(f"{here}/screening", data={check.key: "pass" for check in screening.CHECKS})
    page = client.post(f"{here}/eligible", follow_redirects=True)
    assert "It is eligible." in text(page)
    assert db.session.get(Application, bid.id).status == "eligible"


def test_differing_from_the_machine_needs_a_reason_and_keeps_what_was_typed(as_, bid, officer):
    here = f"/office/applications/{bid.id}/screening"
    page = as_(officer).post(here, data={"area": "fail", "dates": "pass"})
    assert "Give a reason: by the rules this is “pass”" in text(page)
    assert screening.recorded_checks(bid) == {}
    assert 'id="area-fail" name="area" value="fail" checked' in page.text


def test_an_ineligible_bid_is_told_the_reason_how_to_complain_and_where_else_to_ask(as_, bid, officer, lead):
    client, here = as_(officer), f"/office/applications/{bid.id}"
    refused = client.post(f"{here}/ineligible", data={"reason": "No"}, follow_redirects=True)
    assert "only when a check failed" in text(refused)
    client.post(f"{here}/screening", data={"area": "fail", "area_reason": "The work is in Thornaby."})
    assert "The work is in Thornaby." in client.get(f"{here}/screening").text
    client.post(f"{here}/ineligible", data={"reason": "The work is in Thornaby."})
    assert db.session.get(Application, bid.id).status == "ineligible"
    mail = db.session.query(OutboxMessage).filter_by(template="ineligible").one()
    assert mail.recipient == lead.email
    for words in (
        "The work is in Thornaby.",
        "If you think we are wrong",
        "fund@example.org",
        "The National Lottery Community Fund",
        "council for voluntary service",
    ):
        assert words in mail.body


def test_only_the_head_of_fund_reopens_after_a_complaint(as_, bid, officer):
    screening.record_check(bid, "area", "fail", "Thornaby", by=officer, now=clock.now())
    screening.find_ineligible(bid, "Thornaby", by=officer, now=clock.now())
    here = f"/office/applications/{bid.id}/reopen"
    assert as_(officer).post(here, data={"reason": "Upheld"}).status_code == 403
    head = make.staff("head_of_fund", bid.round)
    as_(head).post(here, data={"reason": "Upheld"})
    assert db.session.get(Application, bid.id).status == "submitted"


def test_an_unchecked_number_is_referred_and_does_not_stop_screening(lead):
    organisation = make.organisation(lead, confirmed=None)
    application = make_bid.submitted(lead, organisation=organisation)
    officer = make.staff("fund_officer", application.round)
    found = screening.machine_findings(application)["identifier"]
    assert (found.answer, found.sentence) == (
        "refer",
        "To be checked: a register has to confirm the number before an award.",
    )
    screening.record_machine_findings(application, by=officer, now=clock.now())
    screening.find_eligible(application, by=officer, now=clock.now())
    assert application.status == "eligible"


def test_rule_4_more_time_asks_which_half_past_one_is_meant(as_, lead):
    application = make_bid.draft(lead)
    officer = make.staff("fund_officer", application.round)
    client, here = as_(officer), f"/office/applications/{application.id}/more-time"
    given = {"day-day": "25", "day-month": "10", "day-year": "2026", "hour": "01:30", "reason": "Flood"}
    assert "happens twice, because the clocks go back" in text(client.post(here, data=given))
    given |= {"day-day": "29", "day-month": "3"}
    assert "does not exist: the clocks go forward" in text(client.post(here, data=given))
    given |= {"hour": "17:00"}
    assert client.post(here, data=given).status_code == 302
    assert db.session.get(Application, application.id).late_until == make.moment(2026, 3, 29, 16)
    assert "Flood" in client.get(here).text


def test_a_form_is_changed_before_the_round_is_published_and_frozen_after(as_, database):
    round = make.round(published=False)
    officer = make.staff("fund_officer", round)
    client, here = as_(officer), f"/office/rounds/{round.id}/form"
    assert "This round has no questions yet" in client.get(here).text
    client.post(f"{here}/standard")
    question = db.session.query(Question).filter_by(key="Q1").one()
    client.post(
        f"{here}/questions/{question.id}",
        data={
            "text": "Tell us about it",
            "word_limit": "100",
            "required": "y",
            "help": "Short.",
            "why": "",
            "example": "",
        },
    )
    assert "Tell us about it" in client.get(here).text
    assert "Tell us about it" in client.get(f"{here}/questions/{question.id}/preview").text
    client.post(here, data={"text": "Who signs?", "kind": "radios", "section": "money", "choices": "Chair\nTreasurer"})
    added = asked_form(current_form(round)).by_key["who-signs"]
    assert [row[1] for row in added.settings["choices"]] == ["Chair", "Treasurer"]
    ROUND.tells["form_frozen"](round, by=officer, now=clock.now(), reason=None)
    db.session.commit()
    assert "The form is frozen" in client.get(here).text
    assert client.post(f"{here}/questions/{question.id}", data={"text": "Too late", "required": "y"}).status_code == 200
    assert asked_form(current_form(round)).by_key["Q1"].text == "Tell us about it"


def test_strangers_and_other_partnerships_see_no_form(as_, database):
    round = make.round(published=False)
    use_standard_form(round, by=None, now=clock.now())
    here = f"/office/rounds/{round.id}/form"
    assert as_(make.person()).get(here).status_code == 404
    assert as_(make.staff("fund_officer", make.partnership())).get(here).status_code == 404
    assert as_(make.staff("auditor", round)).get(here).status_code == 200
    assert as_(make.staff("auditor", round)).post(f"{here}/standard").status_code == 403


def test_questions_that_the_fund_needs_stay(database):
    from applications.form_design import freeze_form, remove_question

    round = make.round(published=False)
    form = use_standard_form(round, by=None, now=clock.now())
    officer = make.staff("fund_officer", round)
    asked = db.session.query(Question).filter_by(form_id=form.id, key="asked").one()
    with pytest.raises(Problem, match="lists and checks need this question"):
        remove_question(asked, by=officer, now=clock.now())
    other = db.session.query(Question).filter_by(form_id=form.id, key="Q12").one()
    remove_question(other, by=officer, now=clock.now())
    freeze_form(round, by=officer, now=clock.now())
    with pytest.raises(WrongMoment):
        remove_question(
            db.session.query(Question).filter_by(form_id=form.id, key="Q11").one(), by=officer, now=clock.now()
        )


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ({"draft": 3}, "none yet"),
        ({"moderated": 14, "in_scoring": 12, "draft": 2}, "12 in scoring, 14 to decide"),
        ({"unsuccessful": 4, "closed": 9}, "all settled"),
        ({"unsuccessful": 4, "in_delivery": 9}, "9 in delivery"),
    ],
)
def test_the_page_of_a_round_says_how_far_its_bids_are(counts, said):
    assert standing(counts) == said


def test_cloning_a_round_clones_its_form_open_for_changes(database):
    from applications.form_design import clone_form

    old, new = make_bid.open_round(), make.round(published=False)
    copy = clone_form(old, new, by=None, now=clock.now())
    assert copy.frozen_at is None
    one, other = asked_form(current_form(old)), asked_form(copy)
    assert [question.key for question in one.questions] == [question.key for question in other.questions]
    assert other.by_key["priority"].settings["choices"] == "live"
    assert len(other.eligibility) == 5


def test_the_office_is_told_which_bids_wait_to_be_checked(app, bid, officer):
    from applications.waiting import bids_to_check

    elsewhere = make.staff("fund_officer", make.partnership())
    with app.test_request_context():
        told = bids_to_check(officer, clock.now())
        assert [(each.text, each.about) for each in told] == [("Check 1 bid", bid.round.title)]
        assert bids_to_check(elsewhere, clock.now()) == []
