"""Evidence cards change as new versions, with their source; a bid keeps the version that it is judged with."""

from datetime import timedelta

import pytest

from applications.tables import ApplicationPlace
from fund.core import clock
from fund.core.problems import Problem, WrongMoment
from scoring import evidence
from scoring.card_versions import revise_card, versions_of
from scoring.funding import fundable_bids
from scoring.papers import sheet_of
from scoring.tables import EvidenceCard, JudgedCard
from tests.factories import scoring as make
from tests.kept import kept

SOURCE = {"source_url": "https://example.org/mentoring", "source_date": "January 2026"}


@pytest.fixture
@kept
def card(database):
    evidence.load_cards(clock.now())
    return evidence.card_for("mentoring")


@pytest.fixture
@kept
def officer(card):
    return make.make.staff("fund_officer", make.round())


def revise(card, officer, **facts):
    return revise_card(card, SOURCE | {"snapshot_on": clock.now().date()} | facts, by=officer, now=clock.now())


def test_a_bid_keeps_the_version_its_scoring_began_with(card, officer):
    round = make.round()
    old_bid, rows = make.scored_bid(round, make.MARKS_OF_71, make.MARKS_OF_71, make.MARKS_OF_71)
    new_bid = make.bid(round)
    seat = rows[0].seat
    new = revise(card, officer, impact="low")
    assert (new.number, card.superseded_at is not None) == (2, True)
    assert sheet_of(rows[0]).card.impact == "moderate"
    later = make.reading(new_bid, seat)
    make.make.put(new_bid, "in_scoring", None)
    assert sheet_of(later).card.impact == "low"
    third = revise(new, officer, impact="high")
    assert sheet_of(rows[0]).card.number == 1
    assert sheet_of(later).card.number == 2
    assert [each.number for each in versions_of(third)] == [3, 2, 1]
    found = {each.key: each.kinds["evidence"] for each in fundable_bids(round, 10**9, None)}
    assert found[old_bid.reference] == ("Moderate",)


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"source_url": ""}, "address of the source"),
        ({"source_url": "http://example.org"}, "beginning with https"),
        ({"source_date": ""}, "how old the source is"),
        ({"snapshot_on": None}, "day on which you read"),
        ({"snapshot_on": (clock.now() + timedelta(days=40_000)).date()}, "day on which you read"),
        ({"name": ""}, "a name"),
    ],
)
def test_a_version_needs_its_source_and_dates(card, officer, facts, words):
    with pytest.raises(Problem, match=words):
        revise(card, officer, impact="low", **facts)
    assert evidence.card_for("mentoring").number == 1


def test_nothing_changed_is_no_version_and_an_old_one_is_not_changed(card, officer):
    new = revise(card, officer, impact="low")
    with pytest.raises(Problem, match="Nothing has changed"):
        revise(new, officer, impact="low")
    with pytest.raises(WrongMoment, match="older version"):
        revise(card, officer, impact="high")


def test_the_shipped_copy_does_not_write_over_what_an_officer_read_later(card, officer):
    new = (
        revise(card, officer, impact="low", snapshot_on=card.snapshot_on)
        if card.snapshot_on <= clock.now().date()
        else None
    )
    if new is None:
        new = revise(card, officer, impact="low")
        new.snapshot_on = card.snapshot_on
    evidence.load_cards(clock.now())
    assert evidence.card_for("mentoring").id == new.id
    new.snapshot_on = card.snapshot_on - timedelta(days=1)
    evidence.load_cards(clock.now())
    assert evidence.card_for("mentoring").number == 3, "a newer copy is read again"


def test_officers_edit_on_a_page_and_others_do_not(card, officer, as_):
    address = f"/office/evidence/{card.id}"
    client = as_(officer)
    assert "Write a new version of this card" in client.get(f"/evidence/{card.id}").text
    day = clock.now().date()
    data = {
        "name": card.name, "impact": "low", "flag": "harmful", **SOURCE, "snapshot_on-day": day.day,
        "snapshot_on-month": day.month, "snapshot_on-year": day.year,
    }  # fmt: skip
    wrong = client.post(address, data=data | {"source_date": ""}).text
    assert "Say how old the source is" in wrong
    done = client.post(address, data=data, follow_redirects=True).text
    assert "Version 2 is in force" in done
    assert "Harmful" in done
    assert "Version 1" in done
    assert as_(make.make.person()).get(address).status_code in (403, 404)
    assert "Write a new version" not in as_(make.make.person()).get(f"/evidence/{card.id}").text
    assert JudgedCard.query.count() == 0
    assert EvidenceCard.query.filter_by(strand_id="mentoring", toolkit="yef").count() == 2


def test_the_card_beside_the_bid_has_cost_and_for_whom_it_works_in_our_own_words(card, officer, as_):
    round = make.round()
    row = make.reading(make.bid(round), make.seat(round))
    new = revise(card, officer, cost=2, what_it_is="A grown-up who keeps coming.", where_it_works="Ages 10 to 17.", how_to_do_it="Weekly, for a year.", source_date="2025-09-25")  # fmt: skip
    make.make.put(row.application, "in_scoring", None)
    for address in (f"/assessing/{row.id}", f"/evidence/{new.id}"):
        text = as_(row.seat.person).get(address).text
        for words in ("<dt>Cost</dt><dd>moderate</dd>", "A grown-up who keeps coming.", "Ages 10 to 17.", "Weekly, for a year.", "source: 25 September 2025"):  # fmt: skip
            assert text.count(words) == 1, (address, words)


def test_a_copy_older_than_six_months_is_flagged(card):
    assert not evidence.is_stale(card, card.snapshot_on + timedelta(days=180))
    assert evidence.is_stale(card, card.snapshot_on + timedelta(days=185))


def test_beside_the_card_stand_the_four_comparisons_and_without_one_what_to_ask(card, as_):
    round = make.round()
    bid, bare = make.bid(round), make.bid(round, strand_id=None)
    seats = [make.seat(round) for _ in range(3)]
    rows = [make.reading(bid, each) for each in seats] + [make.reading(bare, each) for each in seats]
    for each in (bid, bare):
        make.make.put(each, "in_scoring", None)
    text = as_(seats[0].person).get(f"/assessing/{rows[0].id}").text
    for about in ("Dose", "Age", "Setting", "Reach"):
        assert f"<dt>{about}</dt>" in text
    text = as_(seats[0].person).get(f"/assessing/{rows[3].id}").text
    assert "No toolkit strand is claimed." in text
    for about in ("night-time economy", "domestic abuse", "work with adults"):
        assert f"What to ask: {about}" in text


def test_beside_the_needs_stands_how_many_other_awards_are_there(card):
    from scoring.papers import papers_of

    round = make.round()
    bids = [make.bid(round) for _ in range(4)]
    area = make.make.area(round.fund.partnership)
    for each in bids[:3]:
        make.db.session.add(ApplicationPlace(application_id=each.id, area_id=area.id))
    for each in bids[1:]:
        make.make.put(each, "accepted", None)
    make.db.session.flush()
    row = make.reading(bids[0], make.seat(round))
    assert papers_of(row).funded == {area.name: 2, "": 3}
