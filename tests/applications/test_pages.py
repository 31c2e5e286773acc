"""The whole bid through the pages as plain form posts, and what the pages say when a rule stands against it."""

import re

import pytest

from applications import submission
from applications.answers import answers_of, save_answer, values_of
from applications.applications import load_application
from applications.forms import form_of
from applications.packs.blocks import Words
from applications.packs.sheet import pack_of
from applications.tables import Application
from fund.core import clock
from fund.core.database import db
from tests.factories import applications as make_bid
from tests.factories import fund as make


def url(application, *rest):
    return "/".join((f"/applications/{application.id}", *rest))


def post(client, application, key, follow=True, **fields):
    seen = answers_of(application).get(key)
    return client.post(
        url(application, "questions", key),
        data={"version": seen.version if seen else 0, **fields},
        follow_redirects=follow,
    )


def text(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.text))


def test_five_questions_before_any_sign_in_end_in_yes_no_or_talk(client, database):
    round = make_bid.open_round()
    start = f"/rounds/{round.id}/can-you-apply"
    assert "Question 1 of 5" in text(client.get(start))
    assert "Choose yes or no" in client.get(f"{start}?so-far=&next=1").text
    answer = client.get(f"{start}?so-far=&answer=y")
    assert answer.location.endswith("so-far=y")
    assert "You can apply" in client.get(f"{start}?so-far=yyyyy").text
    no = text(client.get(f"{start}?so-far=yn"))
    assert "This fund is not the right one for you" in no
    assert "The National Lottery Community Fund" in no
    assert "Your local council for voluntary service" in no
    assert "01632 960000" in text(client.get(f"{start}?so-far=yyn"))


def test_a_round_in_preparation_shows_no_questions(client, database):
    round = make.round(published=False)
    assert client.get(f"/rounds/{round.id}/questions").status_code == 404
    assert client.get(f"/rounds/{round.id}/can-you-apply").status_code == 404


def test_all_questions_are_there_to_read(client, database):
    page = text(client.get(f"/rounds/{make_bid.open_round().id}/questions"))
    for words in (
        "Summarise your project",
        "Why is this good value, and what happens afterwards?",
        "Up to 250 words",
        "Show an example",
    ):
        assert words in page


def test_starting_a_bid_twice_with_one_click_makes_one(as_, lead):
    round, organisation = make_bid.open_round(bids_per_organisation=2), make.organisation(lead)
    client = as_(lead)
    fields = {"organisation": organisation.id, "once": "one-click"}
    first = client.post(f"/rounds/{round.id}/apply", data=fields)
    second = client.post(f"/rounds/{round.id}/apply", data=fields)
    assert first.location == second.location
    assert db.session.query(Application).count() == 1


def test_rule_1_on_the_page_one_penny_over_is_kept_with_the_sentence(as_, lead):
    application = make_bid.draft(lead, legal_form="unincorporated")
    client = as_(lead)
    page = post(client, application, "asked", value="5,000.01")
    assert (
        "You asked for £5,000.01. Groups that are not registered can ask for up to £5,000.00. Take off £0.01 to carry on."
        in text(page)
    )
    assert values_of(application)["asked"] == 500_001
    page = post(client, application, "asked", value="£5000.00")
    assert page.request.path.endswith("/questions/budget")
    assert values_of(application)["asked"] == 500_000


@pytest.mark.parametrize("typed", ["5000.004", "NaN", "-1", "1e3", "٥٠٠٠"])
def test_rule_1_what_is_not_pounds_and_pence_is_refused_and_stays_in_the_box(as_, lead, typed):
    application = make_bid.draft(lead)
    page = post(as_(lead), application, "asked", value=typed)
    assert "Enter pounds and pence" in page.text
    assert f'value="{typed}"' in page.text
    assert values_of(application) == {}


def test_rule_16_two_people_on_different_answers_both_keep_theirs(as_, draft, lead):
    dee = make.person("Dee")
    make_bid.collaborator(draft, dee, "editor")
    post(as_(lead), draft, "Q1", value="Ada wrote this.")
    post(as_(dee), draft, "Q2", value="Dee wrote that.")
    values = values_of(draft)
    assert (values["Q1"], values["Q2"]) == ("Ada wrote this.", "Dee wrote that.")


def test_rule_16_two_people_on_one_answer_see_both_texts_and_may_join_them(as_, draft, lead):
    dee = make.person("Dee")
    make_bid.collaborator(draft, dee, "editor")
    ada, other = as_(lead), as_(dee)
    address = url(draft, "questions", "Q1")
    other.post(address, data={"version": 1, "value": "Dee was first."})
    both = ada.post(address, data={"version": 1, "value": "Ada was second."})
    assert both.status_code == 409
    for words in ("Dee was first.", "Ada was second.", "Keep yours", "Keep Dee’s", "Or join them"):
        assert words in text(both)
    assert values_of(draft)["Q1"] == "Dee was first."
    joined = re.search(r'name="version" value="(\d+)"', both.text)[1]
    ada.post(address, data={"version": joined, "value": "Ada and Dee."})
    assert values_of(draft)["Q1"] == "Ada and Dee."
    told = text(ada.get(url(draft, "questions", "Q1", "history")))
    assert "Dee was first." in told
    assert "Ada and Dee." in told


def test_of_two_texts_the_other_was_chosen_and_ones_own_stays_in_the_history(as_, draft, lead):
    dee = make.person("Dee")
    make_bid.collaborator(draft, dee, "editor")
    ada, other = as_(lead), as_(dee)
    address = url(draft, "questions", "Q1")
    other.post(address, data={"version": 1, "value": "Dee was first."})
    seen = re.search(
        r'name="version" value="(\d+)"', ada.post(address, data={"version": 1, "value": "Ada was second."}).text
    )[1]
    chosen = {"version": seen, "value": "Ada was second.", "keep": "theirs"}
    other.post(address, data={"version": seen, "value": "Dee once more."})
    assert ada.post(address, data=chosen).status_code == 409  # she chose against words that stand no more
    assert values_of(draft)["Q1"] == "Dee once more."
    page = ada.post(address, data=chosen | {"version": str(int(seen) + 1)}, follow_redirects=True)
    assert "This text stands." in page.text
    assert values_of(draft)["Q1"] == "Dee once more."
    told = text(ada.get(url(draft, "questions", "Q1", "history")))
    for words in ("Dee was first.", "Ada was second.", "Dee once more."):
        assert words in told


def test_autosave_answers_json_with_the_new_version_and_refuses_a_stale_one(as_, draft, lead):
    client, address = as_(lead), url(draft, "questions", "Q1")
    json = {"Accept": "application/json"}
    saved = client.post(address, data={"version": 1, "value": "New words"}, headers=json)
    assert (saved.status_code, saved.json["version"]) == (200, 2)
    stale = client.post(address, data={"version": 1, "value": "Other words"}, headers=json)
    assert (stale.status_code, stale.json["stale"]) == (409, True)


def test_saving_the_same_again_makes_no_new_version(as_, draft, lead):
    client, address = as_(lead), url(draft, "questions", "Q1")
    client.post(address, data={"version": 1, "value": make_bid.WORDS})
    assert answers_of(draft)["Q1"].version == 1


def test_a_text_over_its_limit_and_ten_per_cent_is_kept_and_says_what_to_take_out(as_, draft, lead):
    client = as_(lead)
    page = post(client, draft, "Q1", value="word " * 165)
    assert page.request.path.endswith("/questions/priority")
    page = post(client, draft, "Q1", value="word " * 166)
    assert "You wrote 166 words. The most is 165 (150 and ten per cent). Take out 1 word." in text(page)
    assert len(values_of(draft)["Q1"].split()) == 166


def test_budget_lines_are_added_and_removed_by_plain_posts_that_lose_nothing(as_, draft, lead):
    client, address = as_(lead), url(draft, "questions", "budget")
    typed = {
        "version": 1,
        "rows-0-heading": "Travel",
        "rows-0-description": "Bus fares",
        "rows-0-quantity": "x",
        "rows-0-unit_cost": "2.50",
    }
    page = client.post(address, data={**typed, "add": "1"}).text
    assert 'value="Bus fares"' in page
    assert 'name="rows-1-description"' in page
    assert 'name="rows-0-quantity" type="text" inputmode="decimal" value="x"' in page
    page = client.post(address, data={**typed, "rows-1-description": "Tea", "remove": "0"}).text
    assert 'value="Tea"' in page
    assert "Bus fares" not in page


def test_an_empty_budget_says_what_its_lines_must_add_up_to(as_, lead):
    application = make_bid.complete_draft(lead, asked=486_000)
    save_answer(application, form_of(application).question("budget"), None, 1, by=lead, now=clock.now())
    page = text(as_(lead).get(url(application, "questions", "budget")))
    assert "Lines add up to £0.00 of the £4,860.00 that you ask for." in page
    assert "Lines add up" not in text(as_(lead).get(url(application, "questions", "asked")))


def test_a_budget_that_is_not_what_is_asked_for_says_the_difference(as_, lead):
    application = make_bid.complete_draft(lead, asked=486_000)
    line = {
        "rows-0-heading": "Travel",
        "rows-0-description": "Bus",
        "rows-0-quantity": "0.5",
        "rows-0-unit": "each",
        "rows-0-unit_cost": "9721.01",
    }
    page = post(as_(lead), application, "budget", **line)
    assert (
        "Your budget adds up to £4,860.51, but you ask for £4,860.00. Take off £0.51, or change what you ask for."
        in text(page)
    )
    assert values_of(application)["budget"][0]["amount_pence"] == 486_051


def test_the_whole_journey_from_check_to_receipt(as_, draft, lead, statements):
    client = as_(lead)
    assert "Continue to send it" in client.get(url(draft, "check")).text
    refused = client.post(url(draft, "send"), data={"declared_name": "Ada Lead", "declared_role": "Chair"})
    assert "Tick the box" in refused.text
    page = client.post(
        url(draft, "send"),
        data={"declared_name": "Ada Lead", "declared_role": "Chair", "agreed": "y"},
        follow_redirects=True,
    )
    sent = submission.latest_submission(draft)
    for words in (draft.reference, sent.sha256, "Tuesday 3 February 2026, midday (London time)", "£4,860.00"):
        assert words in text(page)
    from fund.core.outbox import OutboxMessage

    mail = db.session.query(OutboxMessage).filter_by(template="receipt").one()
    assert mail.recipient == lead.email
    assert draft.reference in mail.subject
    assert sent.sha256 in mail.body
    assert "Received" in text(client.get(url(draft)))
    page = client.post(url(draft, "take-back"), follow_redirects=True)
    assert "Your bid is a draft again" in text(page)
    assert client.get(url(draft, "receipt")).status_code == 404


def test_the_check_page_names_each_gap_with_its_link(as_, lead):
    application = make_bid.draft(lead, title="Evening club")
    page = as_(lead).get(url(application, "check"))
    assert "Summarise your project" in text(page)
    assert url(application, "questions", "Q1") in page.text
    assert "Continue to send it" not in page.text


def test_withdrawing_a_sent_bid_asks_for_a_reason(as_, lead):
    application = make_bid.submitted(lead)
    client = as_(lead)
    assert "Give a reason" in client.post(url(application, "withdraw"), data={"reason": ""}).text
    page = client.post(url(application, "withdraw"), data={"reason": "We found other money"}, follow_redirects=True)
    assert "You withdrew this bid" in text(page)
    assert db.session.get(Application, application.id).status == "withdrawn"


def test_strangers_see_no_bid_viewers_read_editors_write_and_the_lead_sends(as_, draft, lead):
    editor, viewer, stranger = make.person(), make.person(), make.person()
    make_bid.collaborator(draft, editor, "editor")
    make_bid.collaborator(draft, viewer, "viewer")
    pages = {
        "": (200, 200, 404),
        "/check": (200, 200, 404),
        "/questions/Q1": (200, 403, 404),
        "/send": (403, 403, 404),
        "/withdraw": (403, 403, 404),
    }
    for page, expected in pages.items():
        seen = tuple(as_(person).get(url(draft) + page).status_code for person in (editor, viewer, stranger))
        assert seen == expected, page
    for page in pages:
        assert as_(lead).get(url(draft) + page).status_code == 200, page
    assert as_(editor).post(url(draft, "take-back")).status_code == 403
    assert as_(stranger).post(url(draft, "questions", "Q1"), data={"value": "x"}).status_code == 404


def test_a_sent_bid_cannot_be_changed_by_its_question_page(as_, lead):
    application = make_bid.submitted(lead)
    client = as_(lead)
    assert client.get(url(application, "questions", "Q1")).status_code == 302
    assert client.post(url(application, "questions", "Q1"), data={"version": 1, "value": "Sneaky"}).status_code == 409


def test_question_page_saving_and_task_list_take_six_statements_and_as_many_for_20_questions_as_for_200(
    as_, lead, statements
):
    """GET, POST of a changed, a first, an unchanged and one's own newer answer, autosave, and the task list."""
    taken = {}
    client = as_(lead)
    for count in (20, 200):
        round = make.round()
        make_bid.form_with(round, count)
        application = make_bid.draft(lead, round, **{f"q{n}": "Words" for n in range(0, count, 2)})
        here, page = url(application), {"page": "page-on-the-phone"}
        client.get(f"{here}/questions/q0")
        for name, method, where, data, headers in (
            ("open", "get", "/questions/q2", None, {}),
            ("change", "post", "/questions/q2", {"version": 1, "value": "New"}, {}),
            ("begin", "post", "/questions/q3", {"version": 0, "value": "New"} | page, {}),
            ("save the same", "post", "/questions/q3", {"version": 1, "value": "New"}, {}),
            ("save by itself", "post", "/questions/q4", {"version": 1, "value": "New"}, {"Accept": "application/json"}),
            ("task list", "get", "", None, {}),
        ):
            with statements() as seen:
                response = getattr(client, method)(here + where, headers=headers, **({"data": data} if data else {}))
            assert response.status_code in (200, 302)
            assert len(seen) <= 6, "\n".join([name, *seen])
            taken.setdefault(name, []).append(len(seen))
    assert all(few == many for few, many in taken.values()), taken


@pytest.mark.parametrize("joint_cap", [None, 4_000_000])
def test_the_money_pages_take_six_statements_too(as_, draft, lead, statements, joint_cap):
    draft.round.joint_cap_pence = joint_cap
    client = as_(lead)
    client.get(url(draft, "questions", "asked"))
    for method, page, data in (
        ("get", ("questions", "asked"), None),
        ("get", ("questions", "budget"), None),
        ("get", ("check",), None),
        ("get", (), None),
        ("post", ("questions", "asked"), {"version": 1, "value": "4,000"}),
    ):
        here = url(draft, *page)
        with statements() as seen:
            response = getattr(client, method)(here, **({"data": data} if data else {}))
        assert response.status_code in (200, 302)
        assert len(seen) <= 6, "\n".join(seen)


def test_hostile_keys_and_versions_are_no_server_errors(as_, draft, lead):
    client = as_(lead)
    assert client.get(url(draft, "questions", "nonsense")).status_code == 404
    for version in ("", "x", "-1", "9" * 30):
        assert client.post(url(draft, "questions", "Q1"), data={"version": version, "value": "x"}).status_code in (
            302,
            409,
        )
    assert client.post(url(draft, "questions", "places"), data={"version": 1, "value": ["Nowhere"]}).status_code == 200
    assert client.post(url(draft, "questions", "priority"), data={"version": 1, "value": "99"}).status_code == 200


def test_colleagues_are_invited_by_mail_and_the_last_lead_stays(as_, draft, lead):
    client = as_(lead)
    page = client.post(
        url(draft, "colleagues"),
        data={"email": "new@example.org", "name": "Newcomer", "role": "viewer"},
        follow_redirects=True,
    )
    assert "Newcomer" in page.text
    row = next(each for each in load_application(draft.id).collaborators if each.role == "lead")
    page = client.post(url(draft, "colleagues", str(row.id), "remove"), follow_redirects=True)
    assert "A bid needs a lead" in page.text


def test_late_drafts_say_how_to_ask_for_more_time(as_, draft, lead, time):
    time.move(days=28)
    page = text(as_(lead).get(url(draft)))
    assert "This bid was not sent in time. We have kept your draft." in page
    assert "01632 960000" in page
    refused = text(as_(lead).post(url(draft, "send"), data={"declared_name": "A", "declared_role": "B", "agreed": "y"}))
    assert "This round closed on" in refused
    assert clock.now() >= draft.round.closes_at


def test_the_task_list_says_how_far_each_part_is(as_, lead):
    application = make_bid.draft(
        lead,
        **{key: value for key, value in make_bid.complete_values().items() if key in ("places", "Q2", "Q4", "asked")},
    )
    page = text(as_(lead).get(url(application)))
    assert "1 of 8 parts done" in page
    for words in (
        "The need 2 of 2 answered Done",
        "What you will do 1 of 3 answered Started",
        "Your project 0 of 5 answered Not started",
    ):
        assert words in page
    assert "£4,860 of £40,000, room left £35,140" in page


def test_an_unchecked_number_says_to_be_checked(as_, lead):
    application = make_bid.draft(lead, organisation=make.organisation(lead, confirmed=None))
    assert "Your number is to be checked" in text(as_(lead).get(url(application)))


def test_one_answer_changed_from_the_check_page_leads_back_to_it(as_, draft, lead):
    client = as_(lead)
    assert f"{url(draft, 'questions', 'title')}?go=check" in client.get(url(draft, "check")).text
    page = client.get(f"{url(draft, 'questions', 'title')}?go=check")
    assert "Save and check your answers" in page.text
    answer = post(client, draft, "title", follow=False, value="Evening club", go="check")
    assert answer.location.endswith(url(draft, "check"))
    answer = post(
        client, draft, "asked", follow=False, value="40000.01", go="check"
    )  # says first what stands against it
    assert "Save and check your answers" in client.get(answer.location).text


def test_everything_missing_in_the_declaration_is_said_at_once(as_, draft, lead):
    refused = as_(lead).post(url(draft, "send"), data={"declared_name": "", "declared_role": ""}).text
    for words in ("Enter your name", "Enter your role in the organisation", "Tick the box"):
        assert words in refused


def test_what_is_missing_stands_beside_its_box(as_, lead):
    application = make_bid.draft(lead)
    people = {"total": "20", "age_band": "14-18", "sex_focus": "all", "female": "15", "male": "15"}
    page = post(as_(lead), application, "beneficiaries", **people).text
    assert 'href="#total">Girls or women and boys or men together are more' in page
    page = post(as_(lead), application, "dates", **{"start-day": "1", "start-month": "6", "start-year": "2026"}).text
    assert 'href="#end-day">Enter when the work ends' in page


def test_whoever_is_asked_for_dates_reads_between_which(client, as_, lead):
    application = make_bid.draft(lead)
    round = application.round
    window = f"This round is for work from {clock.speak_day(round.delivery_start_on)} to"
    assert window in text(as_(lead).get(url(application, "questions", "dates")))
    assert window in text(client.get(f"/rounds/{round.id}/questions"))
    words = [each.text for each in pack_of(round, form_of(application)).blocks if isinstance(each, Words)]
    assert any(window in each for each in words)


def test_the_only_organisation_is_chosen_already(as_, lead):
    round = make_bid.open_round()
    organisation = make.organisation()
    make.member(organisation, lead)
    page = as_(lead).get(f"/rounds/{round.id}/apply").text
    assert re.search(rf'value="{organisation.id}"[^>]* checked', page)
    make.member(make.organisation(name="Another"), lead)
    assert " checked" not in as_(lead).get(f"/rounds/{round.id}/apply").text


def test_withdrawing_says_what_it_means_for_a_draft_and_a_sent_bid(as_, lead):
    draft, sent = make_bid.draft(lead), make_bid.submitted(lead)
    assert "(optional)" in as_(lead).get(url(draft, "withdraw")).text
    page = text(as_(lead).get(url(sent, "withdraw")))
    assert "Take it back to change it" in page
    assert "(optional)" not in page
    as_(lead).post(url(draft, "withdraw"), data={"reason": ""})
    assert "Sent Not sent" in text(as_(lead).get(url(draft)))


def test_a_decision_that_is_late_is_not_promised_for_a_day_that_has_gone(as_, lead, time):
    application = make_bid.submitted(lead)
    application.round.decisions_by = clock.today(clock.now())
    db.session.commit()
    assert "You will hear from us by" in text(as_(lead).get(url(application)))
    time.move(days=1)
    assert "and we are late" in text(as_(lead).get(url(application)))
