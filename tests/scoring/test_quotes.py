"""Quotes: a sentence of the bid beside a criterion, for its reader, then for the panel and the applicant."""

import pytest

from awards.feedback import feedback_words
from fund.core import clock
from fund.core.problems import Problem, WrongMoment
from scoring import criteria, quotes
from scoring.evidence import load_cards
from scoring.feedback import feedback_for
from scoring.moderation import agree_score
from scoring.tables import Quote
from tests.factories import scoring as make
from tests.kept import kept

SENTENCE = "Our ward has the most assaults."


@pytest.fixture
@kept
def rows(database):
    """Three readings of one bid in scoring that says one sentence about need."""
    load_cards(clock.now())
    round = make.round()
    bid = make.bid(round)
    found = [make.reading(bid, make.seat(round)) for _ in range(3)]
    make.start(bid)
    make.answer(bid, "Q2", f"We asked the police.\n\n{SENTENCE} And we went there.")
    return found


def first(row):
    return criteria.criteria_of(row.application.round_id)[0]


def add(row, words, key="Q2"):
    return quotes.add_quote(row, first(row), key, words, by=row.seat.person, now=clock.now())


def test_only_words_that_stand_in_the_bid_are_kept_and_once(rows):
    one = add(rows[0], "the  police.\nOur ward")
    assert one.words == "the police. Our ward"
    assert add(rows[0], "the police. Our ward").id == one.id
    assert add(rows[0], SENTENCE, key="").question_key == "Q2"
    for words in ("Our ward has the fewest assaults.", " ", "x" * 700):
        with pytest.raises(Problem):
            add(rows[0], words)
    assert Quote.query.count() == 2


def test_a_finished_reading_takes_no_more_quotes(rows):
    make.give(rows[0], make.MARKS_OF_62)
    with pytest.raises(WrongMoment):
        add(rows[0], SENTENCE)


def test_the_form_keeps_a_quote_without_a_script_and_removes_it(rows, as_):
    client, address = as_(rows[0].seat.person), f"/assessing/{rows[0].id}"
    key = first(rows[0]).id
    assert SENTENCE in client.get(f"{address}/quotes?criterion={key}").text
    wrong = client.post(f"{address}/quotes", data={"criterion": key, "words": "Not there"})
    assert "do not stand in the bid" in wrong.text
    assert client.post(f"{address}/quotes", data={"criterion": key, "words": SENTENCE}).status_code == 302
    assert f"<q>{SENTENCE}</q>" in client.get(address).text
    told = client.post(f"{address}/quotes", data={"criterion": key, "words": "Nope"}, headers={"Accept": "application/json"})  # fmt: skip
    assert told.status_code == 400
    assert "do not stand" in told.json["error"]
    typed = {f"mark-{key}": "4", f"reason-{key}": "Typed before.", f"version-{key}": "0"}
    assert client.post(f"{address}/quotes/{Quote.query.one().id}/remove", data=typed).status_code == 302
    assert Quote.query.count() == 0
    assert "Typed before." in client.get(address).text  # nothing typed is lost


def test_nobody_else_can_read_add_or_remove_them(rows, as_):
    row = add(rows[0], SENTENCE)
    for who in (rows[1].seat.person, make.make.person()):
        client = as_(who)
        assert client.get(f"/assessing/{rows[0].id}/quotes").status_code == 404
        assert client.post(f"/assessing/{rows[0].id}/quotes/{row.id}/remove").status_code == 404
    assert as_(rows[1].seat.person).post(f"/assessing/{rows[1].id}/quotes/{row.id}/remove").status_code == 404
    assert f"<q>{SENTENCE}</q>" not in as_(rows[1].seat.person).get(f"/assessing/{rows[1].id}").text


def test_the_panel_reads_quotes_of_finished_readings_and_the_applicant_those_of_agreed_criteria(rows, as_):
    round = rows[0].application.round
    chair = make.seat(round, "chair")
    add(rows[0], SENTENCE)
    address = f"/panel/bids/{rows[0].application_id}"
    assert f"<q>{SENTENCE}</q>" not in as_(chair.person).get(address).text
    for row in rows:
        make.give(row, make.MARKS_OF_62)
    assert f"<q>{SENTENCE}</q>" in as_(chair.person).get(address).text
    agree_score(rows[0].application, first(rows[0]), mark=3, reason="Shown.", by=chair.person, now=clock.now())
    make.make.db.session.flush()
    line = feedback_for(rows[0].application).criteria[0]
    assert line.quotes == (SENTENCE,)
    assert feedback_words(rows[0].application)["criteria"][0][2] == f"Shown. You wrote: “{SENTENCE}”"
