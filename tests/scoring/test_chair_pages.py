"""The chair's table: disagreement first, agreed marks with reasons, and the members' own marks stay."""

from decimal import Decimal

import pytest

from applications.workflow import APPLICATION
from fund.core import clock
from fund.core.problems import Problem
from scoring import criteria, moderation, scores
from scoring.feedback import feedback_for
from scoring.ranking import ranked_list
from tests.factories import fund as make_fund
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


@pytest.fixture
@kept
def long(database):
    """A round with thirty criteria and a bid on which one of three members differs on two of them: (round, bid, chair)."""
    round = make_fund.round(published=False)
    criteria.use_standard_criteria(round, by=None, now=clock.now())
    for number in range(8, 31):
        criteria.add_criterion(round, f"Criterion {number}", by=None, now=clock.now())
    make_fund.put(round, "published", None)
    every = {each.code: 3 for each in criteria.criteria_of(round)}
    bid, _rows = make.scored_bid(round, every, every, {**every, "C3": 5, "C20": 0})
    return round, bid, make.seat(round, "chair").person


def folds(page: str) -> dict[str, bool]:
    """For each foldable criterion: whether it is open, by its title."""
    parts = page.split('<details class="table-bid table-bid--folds"')[1:]
    return {
        part.partition("<h2")[2].partition(">")[2].partition(" <span")[0]: part.startswith(" open") for part in parts
    }


def test_with_thirty_criteria_a_list_leads_to_each_and_only_those_far_apart_are_open(long, as_):
    round, bid, chair = long
    client, address = as_(chair), f"/panel/bids/{bid.id}"
    page = client.get(address).text
    opened = folds(page)
    assert len(opened) == 30
    third = next(each for each in criteria.criteria_of(round) if each.code == "C3")
    assert [title for title, is_open in opened.items() if is_open] == [third.title, "Criterion 20"]
    assert "members differ on 2 of 30" in page
    listed = page.partition('<ol class="outline__list">')[2].partition("</ol>")[0]
    assert listed.count("<li>") == 30
    assert listed.count("Talk about this") == 2
    assert f'<a class="govuk-link" href="#criterion-{third.id}">{third.title}</a> <span class="fund-quiet">marks 3 to 5</span>' in listed  # fmt: skip


def test_a_folded_criterion_opens_where_something_is_wrong_with_it_and_the_list_says_what_is_agreed(long, as_):
    round, bid, chair = long
    found = criteria.criteria_of(round)
    data = {}
    for each in found:
        data |= {f"mark-{each.id}": "3", f"reason-{each.id}": "" if each.code == "C9" else "Well shown.", f"version-{each.id}": "0"}  # fmt: skip
    page = as_(chair).post(f"/panel/bids/{bid.id}", data={**data, "do": "moderate"}).text
    assert folds(page)["Criterion 9"]
    assert not folds(page)["Criterion 10"]
    assert page.count("marks 3, agreed 3") == 28
    assert "Well shown." in page.partition(">Criterion 10 <")[2].partition("</details>")[0], (
        "what is folded is kept and sent"
    )


def test_with_seven_criteria_all_are_open(round, chair, as_):
    bid, _rows = make.scored_bid(round, make.MARKS_OF_71, make.MARKS_OF_71)
    opened = folds(as_(chair).get(f"/panel/bids/{bid.id}").text)
    assert len(opened) == 7
    assert all(opened.values())


def test_the_chair_keeps_the_menu_of_a_panel_on_office_pages_and_staff_keep_theirs(round, chair, as_):
    officer = make_fund.staff("fund_officer", round)
    for address in (f"/office/rounds/{round.id}/ranking", f"/office/rounds/{round.id}/portfolio"):
        theirs = as_(chair).get(address).text.partition("<main")[0]
        assert 'href="/assessing"' in theirs
        assert 'href="/panel/meetings"' in theirs
        assert 'href="/office"' not in theirs
        assert 'href="/office"' in as_(officer).get(address).text.partition("<main")[0]
