"""Officers design a form without a developer: parts, questions of every kind, conditions, the short form, eligibility."""

import pytest

from applications.forms import asked_form, newest_form, questions_of, sections_of
from applications.question_types import TYPES
from applications.standard_form import use_standard_form
from applications.tables import EligibilityQuestion, Question
from fund.core import clock
from fund.core.database import db
from tests.factories import fund as make
from tests.kept import kept


@pytest.fixture
@kept
def round(database):
    row = make.round(published=False)
    make.area(row.fund.partnership, "Peterlee East")
    use_standard_form(row, by=None, now=clock.now(), two_tracks=True)
    return row


@pytest.fixture
def client(as_, round):
    return as_(make.staff("fund_officer", round))


@pytest.fixture
@kept
def here(round):
    return f"/office/rounds/{round.id}/form"


def _row(round, key):
    return next(row for row in questions_of(newest_form(round)) if row.key == key)


def _titles(round):
    return [section.title for section in sections_of(newest_form(round))]


def test_parts_are_added_named_moved_and_taken_out(client, round, here):
    client.post(f"{here}/parts", data={"title": "About safety"})
    part = sections_of(newest_form(round))[-1]
    assert part.title == "About safety"
    page = client.get(here).text
    assert "This part has no questions yet" in page
    client.post(f"{here}/parts/{part.id}", data={"title": "Staying safe"})
    client.post(f"{here}/parts/{part.id}/move", data={"step": "up"})
    assert _titles(round)[-2:] == ["Staying safe", "Papers"]
    first = sections_of(newest_form(round))[0]
    refused = client.post(f"{here}/parts/{first.id}/remove", follow_redirects=True).text
    assert "This part has questions." in refused
    client.post(f"{here}/parts/{part.id}/remove")
    assert "Staying safe" not in _titles(round)


@pytest.mark.parametrize("kind", sorted(kind for kind, each in TYPES.items() if each.officers_can_add))
def test_a_question_of_every_kind_is_added_and_seen_as_applicants_will(client, round, here, kind):
    posted = client.post(here, data={"text": f"A new {kind}?", "kind": kind, "section": "work", "choices": "One\nTwo"})
    assert posted.status_code == 302
    row = next(each for each in questions_of(newest_form(round)) if each.text == f"A new {kind}?")
    assert "This is a preview." in client.get(f"{here}/questions/{row.id}/preview").text
    assert f"A new {kind}?" in client.get(f"{here}/questions/{row.id}").text


def _facts(row, **changes):
    return {"text": row.text, "why": row.why or "", "help": row.help or "", "example": row.example or "", "required": "y", "word_limit": row.word_limit or "", **changes}  # fmt: skip


def test_a_condition_is_written_in_the_words_of_the_choices(client, round, here):
    row = _row(round, "Q5")
    posted = client.post(f"{here}/questions/{row.id}", data=_facts(
        row, section="evidence", track="full", when_question="level", when_verb="is_not",
        when_value="before anything happens\nWhen somebody is at risk", legal_forms=["cio", "clg"],
    ))  # fmt: skip
    assert posted.status_code == 302
    assert _row(round, "Q5").show_when == {
        "question": "level", "is_not": ["primary", "secondary"], "legal_forms": ["cio", "clg"],
    }  # fmt: skip
    page = client.get(here).text
    assert "is not “Before anything happens” or “When somebody is at risk”" in page
    again = client.get(f"{here}/questions/{row.id}").text
    assert "Before anything happens\nWhen somebody is at risk" in again.replace("\r", "")
    client.post(f"{here}/questions/{row.id}", data=_facts(row, track="full", when_question="", when_value=""))
    assert _row(round, "Q5").show_when is None


def test_a_condition_that_cannot_be_is_refused_beside_its_field_and_nothing_typed_is_lost(client, round, here):
    row = _row(round, "Q5")
    answer = client.post(f"{here}/questions/{row.id}", data=_facts(
        row, text="New words", track="full", when_question="level", when_verb="is", when_value="Whenever",
    ))  # fmt: skip
    assert answer.status_code == 200
    assert "Choose answers that" in answer.text
    assert "New words" in answer.text
    db.session.expire_all()
    assert _row(round, "Q5").text != "New words"


def test_a_question_moves_to_another_part_unless_something_waits_for_it(client, round, here):
    row, waiting = _row(round, "Q3"), _row(round, "Q6")
    client.post(f"{here}/questions/{row.id}", data=_facts(row, section="change", track="full"))
    assert asked_form(newest_form(round)).by_key["Q3"].section_key == "change"
    row = _row(round, "Q2")
    client.post(f"{here}/questions/{waiting.id}", data=_facts(waiting, track="both", when_question="Q2", when_verb="contains", when_value="knife"))  # fmt: skip
    refused = client.post(f"{here}/questions/{row.id}", data=_facts(row, section="money", track="both"))
    assert "so it has to come after it" in refused.text


def test_the_short_form_has_its_own_words_and_limit(client, round, here):
    row = _row(round, "Q12")
    client.post(f"{here}/questions/{row.id}", data=_facts(row, track="both", short_text="Why is it worth it?", short_word_limit="60"))  # fmt: skip
    short = asked_form(newest_form(round)).view_for("cio", "short").by_key["Q12"]
    assert (short.text, short.word_limit) == ("Why is it worth it?", 60)
    assert "Why is it worth it?" in client.get(f"{here}/questions/{row.id}/preview?track=short").text
    assert "Why is this good value" in client.get(f"{here}/questions/{row.id}/preview").text
    needed = _row(round, "asked")
    refused = client.post(f"{here}/questions/{needed.id}", data=_facts(needed, track="full"))
    assert "need this question in that form too" in refused.text


def test_the_limit_of_the_short_form_belongs_to_the_round(client, round, here):
    client.post(f"{here}/short", data={"short_up_to": "2,500"})
    assert newest_form(round).short_up_to_pence == 250_000
    assert (
        "Enter pounds and pence"
        in client.post(f"{here}/short", data={"short_up_to": "1e3"}, follow_redirects=True).text
    )
    client.post(f"{here}/short", data={"short_up_to": ""})
    assert newest_form(round).short_up_to_pence is None


def test_the_whole_form_is_previewed_as_any_kind_of_organisation_and_as_wide_as_a_phone(client, round, here):
    assert "Which two people will sign" not in client.get(f"{here}/preview").text
    group = client.get(f"{here}/preview?legal_form=unincorporated&track=short&width=phone")
    assert "Which two people will sign" in group.text
    assert "What evidence supports" not in group.text
    row = _row(round, "Q2")
    address = f"{here}/questions/{row.id}/preview?legal_form=unincorporated&track=short&width=phone"
    assert 'width="360"' in client.get(address).text
    framed = client.get(f"{address}&framed=1")
    assert "Why is this needed where you are?" in framed.text
    assert "frame-ancestors 'self'" in framed.headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in client.get(address).headers["Content-Security-Policy"]


def test_choices_that_stay_keep_their_keys(client, round, here):
    client.post(here, data={"text": "Who signs?", "kind": "radios", "section": "money", "choices": "Chair\nTreasurer"})
    row = _row(round, "who-signs")
    client.post(f"{here}/questions/{row.id}", data=_facts(row, track="both", choices="Secretary\nTreasurer\nChair"))
    assert [each[:2] for each in _row(round, "who-signs").settings["choices"]] == [
        ["c3", "Secretary"], ["c2", "Treasurer"], ["c1", "Chair"],
    ]  # fmt: skip


def test_eligibility_questions_are_written_in_the_same_place(client, round, here):
    given = {"text": "Are you ready?", "help": "", "good": "yes", "ends": "talk", "otherwise": "Talk to us first."}
    client.post(f"{here}/eligibility", data=given)
    row = db.session.query(EligibilityQuestion).filter_by(text="Are you ready?").one()
    client.post(f"{here}/eligibility/{row.id}", data={**given, "good": "no", "ends": "no"})
    client.post(f"{here}/eligibility/{row.id}/move", data={"step": "up"})
    checks = asked_form(newest_form(round)).eligibility
    assert [each["text"] for each in checks][-2] == "Are you ready?"
    assert (checks[-2]["good"], checks[-2]["ends"]) == (False, "no")
    assert "Enter what people read" in client.post(f"{here}/eligibility", data={**given, "otherwise": ""}).text
    client.post(f"{here}/eligibility/{row.id}/remove")
    assert "Are you ready?" not in client.get(f"{here}/eligibility").text


def test_other_peoples_forms_are_hidden(as_, round, here):
    row, part = _row(round, "Q5"), sections_of(newest_form(round))[0]
    stranger, elsewhere = as_(make.person()), as_(make.staff("fund_officer", make.partnership()))
    for client in (stranger, elsewhere):
        for address in ("", "/preview", "/eligibility", f"/questions/{row.id}", f"/parts/{part.id}", "/correction"):
            assert client.get(here + address).status_code == 404
        assert client.post(f"{here}/parts", data={"title": "Mine"}).status_code == 404
    assert as_(make.staff("auditor", round)).post(f"{here}/parts", data={"title": "Mine"}).status_code == 403
    other = make.round(published=False)
    use_standard_form(other, by=None, now=clock.now())
    officer = as_(make.staff("fund_officer", other))
    assert officer.get(f"/office/rounds/{other.id}/form/questions/{row.id}").status_code == 404
    assert db.session.get(Question, row.id) is not None
