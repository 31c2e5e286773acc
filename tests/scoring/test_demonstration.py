"""Scene 40: the panels of the demonstration have the totals of the sample file, given through the real acts."""

from datetime import timedelta

import pytest

from applications.sample.reader import sample_bids
from fund.core import clock
from fund.core.demonstration import World
from fund.members import is_member_of
from scoring import criteria
from scoring.calibration import calibration_of
from scoring.demonstration import LOWERED, MODERATED, WAITING, judging
from scoring.demonstration_evening import evening
from scoring.demonstration_line import FINISHED, IN_SCORING, where_the_line_falls
from scoring.desk import bids_by_round
from scoring.draws import draws_of
from scoring.moderation import bids_on_the_table
from scoring.opinions import views_by_round
from scoring.ranking import ranked_list
from scoring.shared_scenarios import shared_with
from scoring.suggestions import hints_in
from scoring.tables import Conflict
from tests.factories import fund as make_fund
from tests.factories import scoring as make
from tests.kept import kept

CAST = ("assessor_wren", "assessor_rowan", "assessor_linden", "assessor_hazel", "young_member", "chair")
SCORED = [each for each in sample_bids() if each.panel]


POT = 17_000_000  # each bid asks for a million here; the two with 56 points are the 17th and 18th


@pytest.fixture
@kept
def world(database):
    """A world as the scenes before leave it: rounds, people, and eligible bids with the samples' titles."""
    now = clock.now()
    world = World(now=now, applications=0)
    for name in CAST:
        world[name] = make_fund.person(name)
    where = make_fund.partnership()
    world["officer"] = make_fund.staff("fund_officer", where)
    for name, closed in (("round_open", -12), ("round_scoring", 21), ("round_finished", 500)):
        closes = now - timedelta(days=closed)
        world[name] = make_fund.round(where, published=False, opens_at=closes - timedelta(days=30), closes_at=closes) if name == "round_open" else _round(world, closes)  # fmt: skip
    for sample in SCORED[:12]:
        make.bid(world["round_finished"], title=sample.title)
    for sample in SCORED:
        make.bid(world["round_scoring"], title=sample.title)
    for number in range(WAITING + 2):
        make.bid(world["round_scoring"], title=f"Not scored {number}")
    judging(world)
    evening(world)
    world["head_of_fund"] = make_fund.staff("head_of_fund", world["round_scoring"])
    where_the_line_falls(world)
    return world


def _round(world, closes):
    row = make_fund.round(pot_pence=POT, published=False, opens_at=closes - timedelta(days=30), closes_at=closes)
    make_fund.grant_role(world["officer"], "fund_officer", by=None, now=clock.now(), partnership=row.fund.partnership)
    criteria.use_standard_criteria(row, by=None, now=clock.now())
    return make_fund.put(row, "published", None)


def test_members_means_in_the_ranked_list_are_the_files(world):
    rows = {row.title: row for row in ranked_list(world["round_scoring"])}
    for sample in SCORED:
        row = rows[sample.title]
        assert row.members_total == sample.panel.expected_mean_weighted_total, sample.id
        assert row.counted == sample.panel.expected_members_counted


def test_the_chair_sees_the_criteria_that_the_file_says_need_talk(world):
    table = {each.application.title: each for each in bids_on_the_table(world["round_scoring"])}
    for sample in SCORED:
        assert table[sample.title].talk_about == list(sample.panel.expected_moderation_criteria), sample.id
    assert sum(each.application.status == "moderated" for each in table.values()) == MODERATED


def test_three_conflicts_were_declared_and_wren_has_some_to_answer(world, database):
    assert database.session.query(Conflict).filter_by(conflicted=True).count() >= 3
    mine = {each.round.id: each for each in bids_by_round(world["assessor_wren"])}
    assert mine[world["round_scoring"].id].undeclared == WAITING
    assert mine[world["round_finished"].id].undeclared == 0


def test_every_bid_of_the_finished_round_is_moderated(world):
    rows = ranked_list(world["round_finished"])
    assert len(rows) == 12
    assert all(row.is_agreed and row.status == "moderated" for row in rows)


def test_the_evening_has_a_calibration_bid_and_a_young_members_views(world):
    round = world["round_scoring"]
    row = calibration_of(round)
    assert row.opened_at
    assert not row.comes_first, "the demonstration's bids are open at once"
    asked = views_by_round(world["young_member"])[round.id]
    assert [each.answer is not None for each in asked] == [True, False, False, False]


def test_the_register_asks_about_one_hint(world):
    [hint] = [each for each in hints_in(world["round_scoring"]) if each.kind == "organisation"]
    assert hint.seat.person == world["assessor_rowan"]
    assert hint.words.startswith("Belonged to ")
    assert not is_member_of(world["assessor_rowan"], hint.application.organisation)


def test_scenarios_are_shared_and_the_chair_and_a_reader_who_is_done_see_them(world):
    scoring, finished = world["round_scoring"], world["round_finished"]
    assert [each.name for each in shared_with(scoring, world["chair"])] == [next(iter(IN_SCORING))], (
        "these have one priority"
    )
    assert [each.name for each in shared_with(finished, world["assessor_rowan"])] == list(FINISHED)
    assert shared_with(scoring, world["assessor_rowan"]) == [], "Rowan has bids to score there"


def test_a_tie_where_the_pot_ends_is_drawn_and_signed_by_two(world):
    round = world["round_scoring"]
    tied = [each for each in ranked_list(round) if each.total == 56]
    lowered = next(each.title for each in SCORED if each.id.endswith(LOWERED[0]))
    assert [each.title for each in tied if each.is_agreed] == [lowered]
    assert [each.above_line for each in tied] == [True, False]
    [row] = draws_of(round, world["officer"])
    assert [each["reference"] for each in row.result] == [each.reference for each in tied]
    assert (row.held_by, row.signed_by) == (world["officer"], world["head_of_fund"])
