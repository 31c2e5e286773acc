"""What a round taught: words and never counts by criterion, public only when all is decided and a person has signed."""

import pytest

from fund.core import clock
from fund.core.database import db
from fund.core.problems import Problem, WrongMoment
from scoring import learned, moderation
from scoring.criteria import criteria_of
from scoring.plain_words import remarks
from tests.factories import fund as make
from tests.factories import scoring as given
from tests.kept import kept

WORDS = "Many of you know your streets well. Say more about who will check that it works."


def decided_round(bids: int, funded: int):
    """A round whose bids all have agreed marks: everybody good on the first criterion, weak on the last."""
    of = given.round(closes_at=clock.now())
    chair = given.seat(of, "chair").person
    criteria = criteria_of(of)
    for number in range(bids):
        bid = given.bid(of, status="in_scoring")
        for place, each in enumerate(criteria):
            mark = 5 if place == 0 else 1 if place == len(criteria) - 1 else 3
            moderation.agree_score(bid, each, mark=mark, reason="So.", by=chair, now=clock.now())
        make.put(bid, "offered" if number < funded else "unsuccessful", None)
    db.session.commit()
    return of


@pytest.fixture
@kept
def round(database):
    return decided_round(12, 6)


def test_it_says_strengths_and_gaps_in_words(round):
    found = learned.learned_from(round)
    criteria = criteria_of(round)
    assert found.strengths[0].title == criteria[0].title
    assert (found.strengths[0].strong, found.strengths[0].weak) == ("nearly all", "few or none")
    assert found.gaps[0].title == criteria[-1].title
    assert found.gaps[0].better == criteria[-1].descriptors[4]
    assert found.counts == [
        ("Bids that came in", "12"),
        ("Bids that the panel judged", "12"),
        ("Bids offered money", "6"),
    ]


def test_fewer_than_ten_bids_say_nothing_part_by_part_and_small_steps_between_counts_are_hidden(database):
    found = learned.learned_from(decided_round(9, 7))
    assert found.criteria == []
    assert found.counts == [("Bids that came in", "7 or a few more"), ("Bids offered money", "7")]


def test_it_is_public_only_when_signed_and_decided(round, as_, client):
    public = f"/rounds/{round.id}/what-we-learned"
    office, page = as_(make.staff("fund_officer", round)), f"/office/rounds/{round.id}/what-we-learned"
    assert "We are still deciding" in client.get(public).text
    assert "Write between 40" in office.post(page, data={"words": "Short.", "do": "save"}).text
    assert office.post(page, data={"words": WORDS, "do": "save"}).status_code == 302
    assert WORDS not in client.get(public).text
    assert "Enter what you sign as" in office.post(page, data={"words": WORDS, "do": "sign"}).text
    office.post(page, data={"words": WORDS, "role": "fund officer", "do": "sign"})
    shown = client.get(public).text
    assert WORDS in shown
    assert "fund officer" in shown
    assert "nearly all" in shown
    office.post(page, data={"words": WORDS + " And more.", "do": "save"})
    assert "And more." not in client.get(public).text
    assert as_(make.person()).get(page).status_code == 404
    assert client.get(f"/rounds/{given.round().id}/what-we-learned").status_code == 404


def test_nobody_signs_before_everything_is_decided(round):
    officer = make.staff("fund_officer", round)
    learned.write_note(round, WORDS, seen_version=None, by=officer, now=clock.now())
    given.bid(round, status="moderated")
    with pytest.raises(WrongMoment, match="not decided yet"):
        learned.sign_note(round, "officer", by=officer, now=clock.now())
    with pytest.raises(Problem, match="between 40"):
        learned.write_note(round, "Short.", seen_version=None, by=officer, now=clock.now())


def test_jargon_and_a_high_reading_age_are_pointed_at_and_plain_words_are_not():
    assert remarks("You know your streets. Say more about who will come.") == []
    said = remarks("The stakeholders should leverage a holistic methodology to operationalise deliverables.")
    assert said[0].startswith("Reading age ")
    assert "“stakeholders”: try “people it matters to”." in said
    assert remarks("Say it to a stakeholder. The Stakeholder knows.")[0].count("takeholder") == 1
    assert remarks(None) == []


def test_the_chair_sees_what_could_be_plainer_beside_the_words(database, as_):
    of = given.round()
    chair = given.seat(of, "chair").person
    bid, _ = given.scored_bid(of, given.MARKS_OF_62, given.MARKS_OF_71, given.MARKS_OF_74)
    moderation.agree_score(bid, criteria_of(of)[0], mark=3, reason="The cohort is clear.", by=chair, now=clock.now())
    moderation.save_words(bid, strengths="Robust partners.", improvements="", note="", by=chair, now=clock.now())
    db.session.commit()
    shown = as_(chair).get(f"/panel/bids/{bid.id}").text
    assert "“cohort”: try “group of people”." in shown
    assert "“Robust”: try “strong”." in shown
