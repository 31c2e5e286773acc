"""The chair's table: disagreement first, agreed marks with reasons, and the members' own marks stay."""

from decimal import Decimal

import pytest

from applications.workflow import APPLICATION
from fund.core import clock
from fund.core.problems import Problem
from scoring import criteria, moderation, scores
from scoring.feedback import feedback_for
from scoring.ranking import ranked_list
from tests.factories import scoring as make
from tests.kept import kept


@pytest.fixture
@kept
def round(database):
    return make.round()


@pytest.fixture
@kept
def chair(round):
    return make.seat(round, "chair").person


def agreed(round, mark="4", **changes):
    data = {}
    for each in criteria.criteria_of(round):
        data |= {f"mark-{each.id}": mark, f"reason-{each.id}": f"The panel on {each.code}.", f"version-{each.id}": "0"}
    return (
        data
        | {"strengths": "Close to the place.", "improvements": "Say who measures.", "note": "Short talk."}
        | changes
    )


def test_bids_are_sorted_by_disagreement_and_only_finished_readings_are_shown(round, chair, as_):
    calm, _ = make.scored_bid(round, make.MARKS_OF_71, make.MARKS_OF_71, make.MARKS_OF_71)
    apart, rows = make.scored_bid(round, make.MARKS_OF_62, make.MARKS_OF_71, {**make.MARKS_OF_74, "C1": 0})
    page = as_(chair).get(f"/panel/rounds/{round.id}").text
    assert page.index(apart.reference) < page.index(calm.reference)
    [first, _] = moderation.bids_on_the_table(round)
    assert (first.widest, first.talk_about) == (4, ["C1", "C7"])
    scores.unseal(rows[0], "A slip", by=chair, now=clock.now())
    page = as_(chair).get(f"/panel/bids/{apart.id}").text
    assert "not finished" in page
    assert "62.0" not in page


def test_the_chair_agrees_marks_and_the_applicant_gets_the_panels_words(round, chair, as_):
    bid, rows = make.scored_bid(round, make.MARKS_OF_62, make.MARKS_OF_71, make.MARKS_OF_74)
    client = as_(chair)
    first = criteria.criteria_of(round)[0]
    missing = client.post(f"/panel/bids/{bid.id}", data=agreed(round, do="moderate") | {f"reason-{first.id}": ""})
    assert "Give the panel&#39;s reason for “Local need, evidenced”" in missing.text
    taken = agreed(round, do="moderate") | {f"reason-{first.id}": "", f"take-{first.id}": str(rows[2].id)}
    taken |= {f"version-{each.id}": "1" for each in criteria.criteria_of(round)}
    assert client.post(f"/panel/bids/{bid.id}", data=taken | {"words-version": "1"}).status_code == 302
    assert bid.status == "moderated"
    told = feedback_for(bid)
    assert (told.total, told.strengths) == (Decimal("80.0"), "Close to the place.")
    assert told.criteria[0].reason == "Because of C1."
    assert told.criteria[0].descriptor == first.descriptors[4]
    [row] = ranked_list(round)
    assert (row.total, row.members_total, row.is_agreed) == (Decimal("80.0"), Decimal("69.00"), True)
    assert [scores.marks_of(each)["C1"] for each in rows] == [3, 4, 4]


def test_moderation_waits_for_everybody_who_is_not_recused_or_excused(round, chair):
    bid, rows = make.scored_bid(round, *[make.MARKS_OF_71] * 4)
    scores.unseal(rows[0], "A slip", by=chair, now=clock.now())
    with pytest.raises(Problem, match="3 of 4 members have finished"):
        APPLICATION.move(bid, "moderate", by=chair, now=clock.now())
    make.assignments.excuse(rows[0], "Ill", by=chair, now=clock.now())
    with pytest.raises(Problem, match="Agree a mark"):
        APPLICATION.move(bid, "moderate", by=chair, now=clock.now())


def test_every_criterion_that_is_not_agreed_is_named_at_once(round, chair, as_):
    bid, _ = make.scored_bid(round, *[make.MARKS_OF_71] * 3)
    first, second, *others = criteria.criteria_of(round)
    data = {"do": "moderate", f"mark-{first.id}": "4", f"reason-{first.id}": "Close.", f"mark-{second.id}": "3"}
    page = as_(chair).post(f"/panel/bids/{bid.id}", data=data).text
    assert f"Agree a mark for “{first.title}”" not in page
    assert f"Give the panel&#39;s reason for “{second.title}”" in page
    assert all(f"Agree a mark for “{each.title}”" in page for each in others)
    assert bid.status == "in_scoring"


def test_the_quorum_is_counted_without_the_recused(round, chair):
    bid, rows = make.scored_bid(round, *[make.MARKS_OF_71] * 3)
    make.conflicts.declare_late(rows[0], "My sister", by=rows[0].seat.person, now=clock.now())
    with pytest.raises(Problem, match="2 members' scores without those recused; the panel needs 3"):
        APPLICATION.move(bid, "moderate", by=chair, now=clock.now())


def test_a_conflicted_chair_gets_403_and_the_list_says_only_that_one_is_missing(round, chair, as_):
    bid, _ = make.scored_bid(round, *[make.MARKS_OF_71] * 3)
    from scoring.conflicts import declare_beside
    from scoring.panels import seat_in

    declare_beside(seat_in(chair, round.id), bid, True, "I chair their board.", by=chair, now=clock.now())
    client = as_(chair)
    for address in (f"/panel/bids/{bid.id}", f"/panel/bids/{bid.id}/return"):
        assert client.get(address).status_code == 403
    assert bid.reference not in client.get(f"/panel/rounds/{round.id}").text
    assert bid.reference not in client.get(f"/office/rounds/{round.id}/ranking").text
    assert bid.reference not in client.get(f"/office/rounds/{round.id}/ranking?format=csv").text


def test_a_chair_who_also_scores_gives_their_own_marks_first(round, chair, as_):
    from scoring.panels import seat_in

    bid, _ = make.scored_bid(round, *[make.MARKS_OF_71] * 3)
    row = make.reading(bid, seat_in(chair, round.id))
    assert as_(chair).get(f"/panel/bids/{bid.id}").status_code == 403
    make.give(row, make.MARKS_OF_62)
    assert as_(chair).get(f"/panel/bids/{bid.id}").status_code == 200


def test_a_moderated_bid_goes_back_with_a_reason_and_the_assessors_are_told(round, chair, as_, database):
    from fund.core.outbox import OutboxMessage

    bid, _ = make.scored_bid(round, *[make.MARKS_OF_71] * 3)
    make.make.put(bid, "moderated", None)
    client = as_(chair)
    assert "Give a reason" in client.post(f"/panel/bids/{bid.id}/return", data={"reason": ""}).text
    client.post(f"/panel/bids/{bid.id}/return", data={"reason": "The figures were from another ward"})
    assert bid.status == "in_scoring"
    told = database.session.query(OutboxMessage).filter_by(template="to_assess_again").all()
    assert len(told) == 3
    assert all("another ward" in each.body and bid.reference in each.subject for each in told)


def test_strangers_and_assessors_have_no_table(round, chair, as_):
    bid, rows = make.scored_bid(round, *[make.MARKS_OF_71] * 3)
    for who in (make.make.person(), rows[0].seat.person, make.make.staff("fund_officer", round)):
        client = as_(who)
        assert client.get(f"/panel/rounds/{round.id}").status_code == 404
        assert client.get(f"/panel/bids/{bid.id}").status_code == 404
        assert client.get(f"/panel/readings/{rows[0].id}/open").status_code == 404


def test_the_secretary_reads_and_changes_nothing(round, chair, as_):
    bid, _ = make.scored_bid(round, *[make.MARKS_OF_71] * 3)
    client = as_(make.seat(round, "secretary").person)
    assert client.get(f"/panel/bids/{bid.id}").status_code == 200
    assert client.post(f"/panel/bids/{bid.id}", data=agreed(round)).status_code == 403
