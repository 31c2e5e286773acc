"""A form is frozen while its round is open; a correction is a new version that tells those with drafts, once."""

import pytest

from applications import corrections
from applications.answers import changes_of, save_answer, values_of
from applications.applications import load_application, role_of
from applications.form_design import add_question, change_question, remove_question
from applications.forms import asked_form, current_form, form_of, newest_form, questions_of
from applications.tables import Answer, Question
from fund.core import clock
from fund.core.database import db
from fund.core.outbox import OutboxMessage
from fund.core.problems import Problem, WrongMoment
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
    return make.staff("fund_officer", round)


def _row(round, key) -> Question:
    return next(row for row in questions_of(newest_form(round)) if row.key == key)


def _words(row, **changes):
    return {name: getattr(row, name) for name in ("text", "why", "help", "example", "word_limit", "required")} | changes


def _corrected(round, officer, key="Q2", **changes):
    corrections.start_correction(round, by=officer, now=clock.now())
    row = _row(round, key)
    change_question(row, by=officer, now=clock.now(), **_words(row, **changes))


def _publish(round, officer, note="The question about need was not clear."):
    return corrections.publish_correction(round, note, by=officer, now=clock.now())


def _messages():
    return [row.recipient for row in db.session.query(OutboxMessage).filter_by(template="form_corrected")]


def test_nobody_sees_a_correction_until_it_is_published(client, round, officer, lead):
    _corrected(round, officer, text="What do people need?")
    draft = make_bid.draft(lead, round)
    assert form_of(draft).by_key["Q2"].text == "What local need will you meet, and how do you know?"
    assert "What do people need?" not in client.get(f"/rounds/{round.id}/questions").text
    _publish(round, officer)
    assert "What do people need?" in client.get(f"/rounds/{round.id}/questions").text


def test_drafts_move_with_every_answer_and_its_history_and_sent_bids_stay(as_, time, round, officer, lead):
    draft, sent = make_bid.complete_draft(lead, round), make_bid.submitted(make.person("Bea"), round)
    save_answer(draft, form_of(draft).by_key["Q2"], "Second words.", 1, by=lead, now=clock.now())
    before = values_of(draft)
    time.move(hours=1)
    _corrected(round, officer, text="What do people need?", word_limit=250)
    form = _publish(round, officer)
    draft, sent = load_application(draft.id), load_application(sent.id)
    assert (draft.form_id, sent.form_id) == (form.id, form.id - 1)
    assert values_of(draft) == before
    assert [change.value for change, _who in changes_of(draft, form_of(draft).by_key["Q2"])] == [
        "Second words.",
        make_bid.WORDS,
    ]
    assert form_of(draft).by_key["Q2"].word_limit == 250
    assert form_of(sent).by_key["Q2"].word_limit == 200
    page = as_(lead).get(f"/applications/{draft.id}").text
    assert "The fund corrected the questions" in page
    changed = as_(lead).get(f"/applications/{draft.id}/corrections").text
    assert "What do people need?" in changed
    assert "The question about need was not clear." in changed


def test_everybody_who_writes_a_draft_is_told_once_and_nobody_else(round, officer, lead):
    draft = make_bid.draft(lead, round)
    editor, viewer, gone = make.person("Ed"), make.person("Vi"), make.person("Gone")
    make_bid.collaborator(draft, editor, "editor")
    make_bid.collaborator(draft, viewer, "viewer")
    make_bid.collaborator(draft, gone, "editor").removed_at = clock.now()
    sender = make.person("Bea")
    make_bid.submitted(sender, round)
    _corrected(round, officer, help="Use what you have seen.")
    _publish(round, officer)
    assert sorted(_messages()) == sorted([lead.email, editor.email])
    corrections._tell([draft], current_form(round), clock.now())
    assert len(_messages()) == 2


@pytest.mark.parametrize(
    ("key", "changes", "sentence"),
    [
        ("Q2", {"word_limit": 150}, "cannot get a shorter limit"),
        ("title", {"word_limit": 10}, "cannot get a shorter limit"),
        ("risks", {"required": True}, "cannot become required"),
    ],
)
def test_a_correction_makes_nothing_stricter(round, officer, key, changes, sentence):
    _corrected(round, officer, key, **changes)
    with pytest.raises(Problem, match=sentence):
        _publish(round, officer)


def test_a_correction_takes_nothing_out_and_adds_nothing_required(round, officer):
    corrections.start_correction(round, by=officer, now=clock.now())
    added = add_question(newest_form(round), "work", "long_text", "Anything else?", by=officer, now=clock.now())
    with pytest.raises(Problem, match="has to be one that people can leave out"):
        _publish(round, officer)
    change_question(added, by=officer, now=clock.now(), **_words(added, required=False))
    remove_question(_row(round, "Q11"), by=officer, now=clock.now())
    with pytest.raises(Problem, match="a correction cannot take it out"):
        _publish(round, officer)


def test_a_correction_needs_a_sentence_and_a_change(round, officer):
    corrections.start_correction(round, by=officer, now=clock.now())
    with pytest.raises(Problem, match="Nothing is changed yet"):
        _publish(round, officer)
    with pytest.raises(Problem, match="Say in a sentence"):
        _publish(round, officer, "  ")
    with pytest.raises(Problem, match="being written already"):
        corrections.start_correction(round, by=officer, now=clock.now())


def test_a_dropped_correction_leaves_the_form_as_it_was(round, officer):
    before = asked_form(current_form(round)).content_sha256
    _corrected(round, officer, text="Never seen")
    corrections.drop_correction(round, by=officer, now=clock.now())
    assert newest_form(round) is current_form(round)
    assert asked_form(current_form(round)).content_sha256 == before


def test_only_an_open_round_is_corrected(database, officer):
    draft_round = make.round(published=False)
    with pytest.raises(WrongMoment):
        corrections.start_correction(draft_round, by=officer, now=clock.now())


def test_an_answer_saved_to_the_version_before_is_refused_and_not_lost_out_of_sight(round, officer, lead):
    draft = make_bid.draft(lead, round, Q4="First words.")
    old = form_of(draft)
    _corrected(round, officer, text="What do people need?")
    # The colleague's request read the bid before the correction was published.
    seen = load_application(draft.id)
    stale_id, form_id = old.by_key["Q2"].id, seen.form_id
    _publish(round, officer)
    db.session.refresh(seen)
    assert role_of(lead, seen) == "lead"
    db.session.expunge(seen)
    seen.form_id = form_id
    with pytest.raises(Problem, match="not there any more"):
        save_answer(seen, old.by_key["Q2"], "Typed meanwhile.", 0, by=lead, now=clock.now())
    assert db.session.query(Answer).filter_by(application_id=draft.id, question_id=stale_id).count() == 0
    assert values_of(load_application(draft.id)) == {"Q4": "First words."}


def test_the_office_corrects_through_its_pages(as_, round, officer, lead):
    draft = make_bid.draft(lead, round, Q4="Words.")
    client, here = as_(officer), f"/office/rounds/{round.id}/form"
    assert "Correct the questions" in client.get(here).text
    client.post(f"{here}/correction/start")
    row = _row(round, "Q4")
    facts = {name: each or "" for name, each in _words(row, text="What will happen?", required="y").items()}
    client.post(f"{here}/questions/{row.id}", data=facts)
    assert "What will happen?" in client.get(f"{here}/correction").text
    assert client.post(f"{here}/correction", data={"note": "Q4 is clearer."}).status_code == 302
    assert "This is version 2: Q4 is clearer." in client.get(here).text
    assert form_of(load_application(draft.id)).by_key["Q4"].text == "What will happen?"
