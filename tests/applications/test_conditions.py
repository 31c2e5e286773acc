"""Questions that are asked only when an earlier answer, the legal form or the track calls for them."""

import json
from io import BytesIO

import pytest
from docx import Document as Word

from applications.answers import save_answer, values_of
from applications.applications import load_application
from applications.completeness import facts_for, find_gaps, section_states
from applications.conditions import holds
from applications.form_design import freeze_form, set_condition
from applications.forms import asked_form, current_form, form_of, questions_of
from applications.standard_form import use_standard_form
from applications.submission import latest_submission, submit_application
from applications.tables import Answer
from fund.core import clock
from fund.core.database import db
from fund.core.problems import Problem, WrongMoment
from scoring.bid import answers_of
from tests.factories import applications as make_bid
from tests.factories import fund as make
from tests.kept import kept


@pytest.mark.parametrize(
    ("condition", "given", "asked"),
    [
        ({"is": "a"}, "a", True),
        ({"is": ["a", "b"]}, "b", True),
        ({"is": "a"}, "b", False),
        ({"is": "a"}, None, False),
        ({"is": False}, False, True),
        ({"is_not": "a"}, "b", True),
        ({"is_not": "a"}, "a", False),
        ({"is_not": "a"}, None, False),
        ({"contains": "Seaham"}, ["Peterlee East", "Seaham"], True),
        ({"contains": ["Seaham", "Elsewhere"]}, ["Peterlee East"], False),
        ({"contains": "knife"}, "About a Knife", True),
        ({"contains_not": "knife"}, "About boxing", True),
        ({"over": 500_000}, 500_001, True),
        ({"over": 500_000}, 500_000, False),
        ({"up_to": 500_000}, 500_000, True),
    ],
)
def test_a_condition_holds_or_not(condition, given, asked):
    assert holds({"question": "x", **condition}, {} if given is None else {"x": given}) is asked


@pytest.fixture
@kept
def designed(database):
    """A round with the standard form, where Q5 waits for the level, and its officer."""
    round = make.round()
    for name in ("Peterlee East", "Seaham"):
        make.area(round.fund.partnership, name)
    use_standard_form(round, by=None, now=clock.now())
    officer = make.staff("fund_officer", round)
    return round, officer


def _question(round, key):
    return next(row for row in questions_of(current_form(round)) if row.key == key)


def _set(round, officer, key, condition):
    set_condition(_question(round, key), condition, by=officer, now=clock.now())


@pytest.fixture
@kept
def waiting(designed):
    """A bid of a round where Q5 is asked when the level is not "secondary", and Q9 when Q5 says "toolkit"."""
    round, officer = designed
    _set(round, officer, "Q5", {"question": "level", "is_not": "secondary"})
    _set(round, officer, "Q9", {"question": "Q5", "contains": "toolkit"})
    freeze_form(round, by=officer, now=clock.now())
    lead = make.person("Ada Lead")
    draft = make_bid.complete_draft(lead, round, Q5="The toolkit says so.", asked=1_000_000)
    return lead, load_application(draft.id)


def test_an_answer_that_is_not_called_for_is_kept_and_neither_sent_nor_judged(as_, waiting):
    lead, draft = waiting
    client, here = as_(lead), f"/applications/{draft.id}"
    assert {"Q5", "Q9"}.isdisjoint(
        values_of(draft)
    )  # the level is secondary; what waits for a hidden question is hidden
    assert "What evidence supports" not in client.get(f"{here}/check").text
    states = {each.section.key: each for each in section_states(form_of(draft), facts_for(draft, values_of(draft)))}
    assert states["evidence"].asked == 1
    submission = submit_application(draft, "Ada Lead", "Chair", by=lead, now=clock.now())
    sent = {row["key"] for row in json.loads(submission.snapshot)["answers"]}
    assert "Q5" not in sent
    assert "Q4" in sent
    assert "Q5" not in {each.key for each in answers_of(draft)}
    assert latest_submission(draft) is submission
    kept = [row.value for row in db.session.query(Answer).filter_by(application_id=draft.id)]
    assert "The toolkit says so." in kept


def test_the_answer_comes_back_when_it_is_called_for_again(as_, waiting):
    lead, draft = waiting
    level = form_of(draft).by_key["level"]
    save_answer(draft, level, "primary", 1, by=lead, now=clock.now())
    assert values_of(draft)["Q5"] == "The toolkit says so."
    assert values_of(draft)["Q9"] == make_bid.WORDS
    page = as_(lead).get(f"/applications/{draft.id}/check").text
    assert "The toolkit says so." in page
    save_answer(draft, form_of(draft).by_key["Q5"], "We just think so.", 1, by=lead, now=clock.now())
    assert "Q9" not in values_of(draft)


def test_the_page_after_is_the_next_one_that_is_asked(as_, waiting):
    lead, draft = waiting
    client, here = as_(lead), f"/applications/{draft.id}/questions"
    answer = client.post(f"{here}/strand", data={"value": "mentoring", "version": "1", "go": "continue"})
    assert answer.location.endswith("/questions/Q6")
    answer = client.post(f"{here}/level", data={"value": "primary", "version": "1", "go": "continue"})
    answer = client.post(f"{here}/strand", data={"value": "mentoring", "version": "1", "go": "continue"})
    assert answer.location.endswith("/questions/Q5")


def test_a_required_question_that_is_not_asked_stops_nothing(waiting):
    lead, draft = waiting
    save_answer(draft, asked_form(draft.form).by_key["Q5"], None, 1, by=lead, now=clock.now())
    assert not list(find_gaps(form_of(draft), facts_for(draft, values_of(draft))))
    save_answer(draft, form_of(draft).by_key["level"], "primary", 1, by=lead, now=clock.now())
    assert [gap.question.key for gap in find_gaps(form_of(draft), facts_for(draft, values_of(draft)))] == ["Q5"]


def test_readers_of_the_whole_form_are_told_the_condition(client, waiting):
    _lead, draft = waiting
    here = f"/rounds/{draft.round_id}/questions"
    words = "Only if the answer to “When does your work step in?” is not “When somebody is at risk”."
    assert words in client.get(here).text.replace("&#34;", '"')
    sheet = Word(BytesIO(client.get(f"{here}/word", follow_redirects=True).data))
    assert any(words in paragraph.text for paragraph in sheet.paragraphs)


@pytest.mark.parametrize(
    ("key", "condition", "sentence"),
    [
        ("Q5", {"question": "Q5", "contains": "x"}, "cannot wait for its own answer"),
        ("Q5", {"question": "Q12", "contains": "x"}, "comes later in the form"),
        ("Q5", {"question": "nothing", "is": "x"}, "Choose a question of this form"),
        ("Q5", {"question": "level", "over": 5}, "cannot be compared like that"),
        ("Q5", {"question": "level", "is": "quaternary"}, "Choose answers that"),
        ("Q5", {"question": "Q4", "contains": ""}, "Enter the answer to look for"),
        ("Q5", {"legal_forms": ["a club of sorts"]}, "Choose legal forms from the list"),
        ("asked", {"question": "level", "is": "primary"}, "lists and checks need this question"),
    ],
)
def test_a_condition_that_cannot_be_is_refused_with_a_sentence(designed, key, condition, sentence):
    round, officer = designed
    with pytest.raises(Problem, match=sentence):
        _set(round, officer, key, condition)


def test_two_questions_cannot_wait_for_each_other(designed):
    round, officer = designed
    _set(round, officer, "Q9", {"question": "Q5", "contains": "x"})
    _set(round, officer, "Q6", {"question": "Q9", "contains": "x"})
    with pytest.raises(Problem, match="cannot wait for each other"):
        _set(round, officer, "Q5", {"question": "Q6", "contains": "x"})


def test_a_question_is_not_moved_before_the_one_it_waits_for(designed):
    from applications.form_design import move_question, remove_question

    round, officer = designed
    _set(round, officer, "Q9", {"question": "Q5", "contains": "x"})
    with pytest.raises(Problem, match="has to come after it"):
        move_question(_question(round, "Q9"), -1, by=officer, now=clock.now())
    db.session.expire_all()
    with pytest.raises(Problem, match="waits for its answer"):
        remove_question(_question(round, "Q5"), by=officer, now=clock.now())


def test_no_condition_is_set_once_the_form_is_frozen(designed):
    round, officer = designed
    freeze_form(round, by=officer, now=clock.now())
    with pytest.raises(WrongMoment):
        _set(round, officer, "Q5", {"question": "level", "is": "primary"})


GROUP_ONLY = {"rules", "signatories", "has-host", "host"}


def test_a_group_is_asked_for_its_rules_two_signatories_and_a_host_and_a_charity_is_not(as_, database):
    lead = make.person("Ada Lead")
    charity = make_bid.draft(lead, legal_form="cio")
    group = make_bid.draft(lead, legal_form="unincorporated")
    assert GROUP_ONLY.isdisjoint(form_of(charity).by_key)
    assert set(form_of(group).by_key) >= GROUP_ONLY
    client, here = as_(lead), f"/applications/{group.id}"
    assert "Your group" in client.get(here).text
    assert "Your group" not in client.get(f"/applications/{charity.id}").text
    save_answer(group, form_of(group).by_key["has-host"], False, 0, by=lead, now=clock.now())
    assert client.post(f"{here}/questions/has-host", data={"value": "no", "version": "1"}).location.endswith(
        "/documents"
    )
    assert client.post(f"{here}/questions/has-host", data={"value": "yes", "version": "1"}).location.endswith("/host")


def test_two_signatories_are_two_people(as_, database):
    lead = make.person("Ada Lead")
    group = make_bid.draft(lead, legal_form="unincorporated")
    client, here = as_(lead), f"/applications/{group.id}/questions/signatories"
    assert client.get(here).text.count("Full name") == 2  # room for both, without a script
    typed = {"rows-0-name": "Jo Bell", "rows-0-role": "Chair", "rows-1-name": "jo  bell", "rows-1-role": "Treasurer"}
    again = client.post(here, data={**typed, "version": "0"}, follow_redirects=True).text
    assert "Name two different people who will sign for the money" in again
    typed |= {"rows-1-name": "Sam Reed", "version": "1"}
    assert client.post(here, data=typed).location.endswith("/has-host")
