"""Young and lived-experience members: four pictures with a weight fixed beforehand, in every total and in no statistic."""

from decimal import Decimal

import pytest

from awards.feedback import feedback_words
from fund.core import clock
from fund.core.problems import Problem, WrongMoment
from fund.rounds import change_round
from scoring import conflicts, moderation, opinions
from scoring.agreement import agreement_in
from scoring.disagreement import bids_by_disagreement
from scoring.feedback import feedback_for
from scoring.pack.document import facts_of
from scoring.ranking import ranked_list
from scoring.tables import AgreedScore
from scoring.totals import ONE, with_views
from tests.factories import scoring as make
from tests.kept import kept


@pytest.fixture
@kept
def round(database):
    return make.round(view_weight=10)


def planned(round):
    return [(bid.id, seat.id) for bid, seat in opinions.plan_views(round)]


@pytest.fixture
@kept
def young(round):
    return make.seat(round, "youth", label="Member Plover")


def asked(bid, seat, *, declared=True):
    row = opinions.ask_for_view(bid, seat, by=None, now=clock.now())
    if declared:
        conflicts.declare_beside(seat, bid, False, None, by=seat.person, now=clock.now())
    return row


def said(bid, seat, answer=4, reason="My street needs this."):
    row = asked(bid, seat)
    return opinions.save_view(row, answer, reason, seen_version=None, by=seat.person, now=clock.now())


@pytest.mark.parametrize(
    ("total", "marks", "weight", "expected"),
    [
        ("72.50", [5], 10, "75.25"),  # 0.9 x 72.50 + 0.1 x 100
        ("72.50", [1], 10, "67.25"),  # 0.1 x 20
        ("72.50", [5, 2], 10, "72.25"),  # the mean of 100 and 40
        ("72.50", [], 10, "72.50"),  # nobody gave a view: nothing is taken away
        ("72.50", [5], None, "72.50"),
        ("0.00", [5], 50, "50.00"),
    ],
)
def test_a_view_enters_the_total_with_its_weight(total, marks, weight, expected):
    assert with_views(Decimal(total), marks, weight) == Decimal(expected)


def test_a_bid_that_no_member_has_scored_has_no_total_whatever_the_view():
    assert with_views(None, [5], 10) is None
    assert with_views(Decimal("72.5"), [4], 10, ONE) == Decimal("73.3")  # 73.25, halves up


def test_the_four_pictures_are_poor_weak_good_and_excellent():
    assert [each.mark for each in opinions.PICTURES] == [1, 2, 4, 5]


def test_every_total_has_it_and_no_statistic_does(round, young):
    bid, _rows = make.scored_bid(round, make.MARKS_OF_71, make.MARKS_OF_74)
    third = make.reading(bid, make.seat(round))
    make.give(third, make.MARKS_OF_74)
    before, spread = agreement_in(round), bids_by_disagreement(round, make.criteria.criteria_of(round))[0]
    assert spread.mean == Decimal("73.00")
    said(bid, young)
    mixed = Decimal("75.70")  # 0.9 x 73.00 + 0.1 x 100
    assert ranked_list(round)[0].total == ranked_list(round)[0].members_total == mixed
    assert ranked_list(round)[0].counted == 3
    row = bids_by_disagreement(round, make.criteria.criteria_of(round))[0]
    assert (row.mean, row.apart, row.widest, row.finished, row.expected) == (mixed, spread.apart, spread.widest, 3, 3)
    table = moderation.bids_on_the_table(round)[0]
    assert (table.mean, table.finished, table.expected) == (mixed, 3, 3)
    after = agreement_in(round)
    assert (after.alpha, after.single, after.readings, after.members) == (before.alpha, before.single, before.readings, before.members)  # fmt: skip
    facts = facts_of(round)["bids"][0]
    assert facts["mean"] == str(mixed)
    assert facts["views"][0]["seat"] == "Youth member"


def test_what_the_panel_agreed_has_it_too_and_the_applicant_reads_whose_view_it_is(round, young):
    bid, _ = make.scored_bid(round, make.MARKS_OF_71, make.MARKS_OF_71, make.MARKS_OF_71)
    said(bid, young, 2, "The bus does not run at night.")
    for each in make.criteria.criteria_of(round):
        row = AgreedScore(application_id=bid.id, criterion_id=each.id, mark=4, reason="Good.", agreed_at=clock.now(), agreed_by_id=young.person_id)  # fmt: skip
        make.db.session.add(row)
    make.make.put(bid, "moderated", None)
    assert ranked_list(round)[0].total == Decimal("76.0")  # 0.9 x 80.0 + 0.1 x 40
    told = feedback_for(bid)
    assert told.total == Decimal("76.0")
    assert [(each.whose, each.words) for each in told.views] == [("Youth member", "Not really")]
    assert feedback_words(bid)["views"] == [["Youth member", "Not really", "The bus does not run at night."]]
    assert young.label not in str(feedback_words(bid))
    assert young.person.name not in str(feedback_words(bid))


def test_a_round_without_a_weight_is_as_before(database):
    round = make.round()
    seat, bid = make.seat(round, "youth"), make.bid(round)
    with pytest.raises(Problem, match="gives no views in this round"):
        opinions.ask_for_view(bid, seat, by=None, now=clock.now())
    assert make.reading(bid, seat).status == "assigned"
    assert opinions.view_marks_in(round) == {}
    assert "views" not in feedback_words(bid)


def test_the_weight_is_frozen_when_the_round_is_published(round):
    officer = make.make.staff("fund_officer", round)
    with pytest.raises(WrongMoment, match="The round is published and people rely on this"):
        change_round(round, view_weight=20, by=officer, now=clock.now())
    assert round.view_weight == 10


def test_the_plan_of_marks_leaves_them_out_and_asks_one_of_them_about_each_bid(round, young):
    bids = [make.bid(round) for _ in range(6)]
    [make.seat(round) for _ in range(3)]
    other = make.seat(round, "lived_experience", label="Member Hazel")
    plan, _, seats = make.assignments.plan_for(round)
    assert young.id not in seats
    assert other.id not in plan.loads
    with pytest.raises(Problem, match="gives a view in pictures"):
        make.assignments.assign(bids[0], young, by=None, now=clock.now())
    conflicts.declare_beside(young, bids[0], True, "My cousin runs it", by=young.person, now=clock.now())
    officer = make.make.staff("fund_officer", round)
    assert opinions.ask_for_views(round, planned(round), by=officer, now=clock.now()) == 6
    with pytest.raises(WrongMoment, match="Look at the new plan"):
        opinions.ask_for_views(round, [(bids[0].id, other.id)], by=officer, now=clock.now())
    pairs = [(row.application_id, row.seat_id) for row in opinions.BidView.query]
    assert (bids[0].id, other.id) in pairs
    assert (bids[0].id, young.id) not in pairs
    assert sum(seat == young.id for _, seat in pairs) == 3
    assert opinions.ask_for_views(round, planned(round), by=officer, now=clock.now()) == 0


def test_one_page_in_plain_words_without_names(round, young, as_):
    bid = make.bid(round, title="Boxing")
    name = bid.organisation.name
    make.answer(bid, "Q1", f"{name} knows that young people are afraid.")
    row, client = asked(bid, young, declared=False), as_(young.person)
    assert client.get(f"/assessing/views/{row.id}").location.endswith(f"/assessing/rounds/{round.id}/conflicts")
    assert name in client.get(f"/assessing/rounds/{round.id}/conflicts").text
    client.post(f"/assessing/rounds/{round.id}/conflicts", data={f"conflict-bid-{bid.id}": "no"})
    assert client.get(f"/assessing/views/{row.id}").status_code == 409
    make.make.put(bid, "in_scoring", None)
    page = client.get(f"/assessing/views/{row.id}").text
    assert "[hidden] knows that young people are afraid." in page
    assert name not in page
    assert bid.organisation.postcode not in page
    assert page.count('type="radio"') == 4
    assert page.count("<svg") >= 4
    assert "counts for 10 of 100" in page
    wrong = client.post(f"/assessing/views/{row.id}", data={"reason": "Needed here", "version": "1"}).text
    assert "Choose one of the four pictures" in wrong
    assert "Needed here" in wrong
    wrong = client.post(f"/assessing/views/{row.id}", data={"version": "1"}).text
    assert "Choose one of the four pictures" in wrong
    assert "Say why in a sentence" in wrong
    wrong = client.post(f"/assessing/views/{row.id}", data={"answer": "4", "version": "1"}).text
    assert "Say why in a sentence" in wrong
    assert 'value="4" checked' in wrong
    client.post(f"/assessing/views/{row.id}", data={"answer": "4", "reason": "Needed here", "version": "1"})
    assert (row.answer, row.reason, row.finished_at is not None) == (4, "Needed here", True)
    both = client.post(
        f"/assessing/views/{row.id}", data={"answer": "1", "reason": "Not at night", "version": "1"}
    ).text
    assert "Yes, it would help a lot. “Needed here”" in both
    assert "Not at night" in both
    assert 'name="version" value="2"' in both
    assert row.reason == "Needed here"
    make.make.put(bid, "moderated", None)
    assert client.post(f"/assessing/views/{row.id}", data={"answer": "1", "reason": "No", "version": "2"}).status_code == 409  # fmt: skip


def test_a_conflict_closes_the_page_and_takes_the_view_out_of_the_total(round, young, as_):
    bid, _ = make.scored_bid(round, make.MARKS_OF_71, make.MARKS_OF_71, make.MARKS_OF_71)
    row = said(bid, young)
    assert ranked_list(round)[0].total == Decimal("73.90")
    client = as_(young.person)
    client.post(f"/assessing/views/{row.id}/conflict", data={"reason": "My cousin runs it"})
    for address in (f"/assessing/views/{row.id}", f"/assessing/views/{row.id}/conflict"):
        assert client.get(address).status_code == client.post(address).status_code == 403
    assert ranked_list(round)[0].total == Decimal("71.00")
    assert opinions.views_about(bid) == []
    assert make.assignments.has_assessed(young.person, bid)


def test_nobody_else_opens_the_page(round, young, as_):
    row = asked(make.bid(round), young)
    for who in (make.seat(round).person, make.seat(round, "youth").person, make.make.person()):
        assert as_(who).get(f"/assessing/views/{row.id}").status_code == 404


def test_a_view_needs_scoring_to_be_on(round, young):
    row = asked(make.bid(round), young)
    with pytest.raises(WrongMoment):
        opinions.save_view(row, 4, "Yes", seen_version=None, by=young.person, now=clock.now())


def test_the_chair_reads_the_views_and_the_public_reads_the_weight(round, young, as_, client):
    bid, _ = make.scored_bid(round, make.MARKS_OF_71, make.MARKS_OF_71, make.MARKS_OF_71)
    said(bid, young)
    chair = make.seat(round, "chair")
    page = as_(chair.person).get(f"/panel/bids/{bid.id}").text
    assert "Views of young and lived-experience members" in page
    assert "My street needs this." in page
    assert "73.90" in page
    assert "counts for 10 of 100" in client.get(f"/rounds/{round.id}/criteria").text
