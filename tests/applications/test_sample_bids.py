"""The forty sample bids: their totals are what the file states, and they move to another year whole."""

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal

import pytest

from applications.sample.moving import move_date, move_text
from applications.sample.reader import sample_bids, sample_round
from fund.identifiers import check_identifier
from fund.postcodes import check_postcode
from fund.strategies.legal_form import legal_form
from fund.strategies.loader import criteria, load_pack
from fund.strategies.places import areas

BIDS = sample_bids()
SCORED = [bid for bid in BIDS if bid.panel]
by_id = pytest.mark.parametrize("bid", BIDS, ids=lambda bid: bid.id)
by_scored = pytest.mark.parametrize("bid", SCORED, ids=lambda bid: bid.id)


def marks_of(bid):
    return [member for member in bid.panel.scores if not member.recused]


def test_there_are_forty_of_which_twenty_five_are_scored():
    assert (len(BIDS), len(SCORED)) == (40, 25)
    assert all(bid.organisation.fictional for bid in BIDS)


@by_id
def test_the_budget_adds_up_to_the_total_that_the_file_states(bid):
    assert sum(line.amount_pence for line in bid.budget) == bid.budget_total_pence
    assert sum(match.amount_pence for match in bid.match_funding) == bid.match_total_pence


@by_id
def test_the_request_is_the_budget_unless_the_file_says_it_is_not(bid):
    differs = bid.requested_pence != bid.budget_total_pence
    missing = any(flag.startswith("missing") and "budget" in flag for flag in bid.expected_flags)
    assert differs == (missing or "budget total differs from request" in bid.expected_flags)


@by_id
def test_each_line_is_quantity_times_unit_cost_unless_the_file_says_it_is_not(bid):
    wrong = [line for line in bid.budget if line.quantity * line.unit_cost_pence != line.amount_pence]
    assert bool(wrong) == ("line does not equal quantity x unit cost" in bid.expected_flags)


@by_scored
def test_the_weighted_totals_are_those_the_file_states(bid):
    weights = {criterion.id: criterion.weight for criterion in sample_round().criteria}
    for member in marks_of(bid):
        total = sum(Decimal(mark.score) / 5 * weights[mark.criterion] for mark in member.scores)
        assert total.quantize(Decimal("0.1"), ROUND_HALF_UP) == member.weighted_total


@by_scored
def test_the_mean_leaves_out_the_recused_and_is_the_one_the_file_states(bid):
    totals = [member.weighted_total for member in marks_of(bid)]
    mean = (sum(totals) / len(totals)).quantize(Decimal("0.01"), ROUND_HALF_UP)
    assert mean == bid.panel.expected_mean_weighted_total
    assert len(totals) == bid.panel.expected_members_counted


@by_scored
def test_criteria_with_a_spread_of_two_or_more_are_those_the_file_names(bid):
    by_criterion = {}
    for member in marks_of(bid):
        for mark in member.scores:
            by_criterion.setdefault(mark.criterion, []).append(mark.score)
    spread = tuple(key for key, scores in by_criterion.items() if max(scores) - min(scores) >= 2)
    assert spread == bid.panel.expected_moderation_criteria


def test_a_recused_member_has_a_conflict_and_no_marks():
    recused = [member for bid in SCORED for member in bid.panel.scores if member.recused]
    assert len(recused) == 3
    assert all(member.conflict_declared and not member.scores for member in recused)


def test_weights_and_criteria_are_those_of_durhams_round_defaults():
    defaults = load_pack("durham-darlington").round_defaults
    ours = [(criteria()[each.key].code, criteria()[each.key].title, each.weight) for each in defaults.criteria]
    assert ours == [(each.id, each.title, each.weight) for each in sample_round().criteria]


@by_id
def test_identifiers_postcode_and_legal_form_fit_their_registers(bid):
    form = legal_form(bid.organisation.legal_form)
    assert check_postcode(bid.organisation.postcode) == bid.organisation.postcode
    for identifier in bid.organisation.identifiers:
        assert check_identifier(identifier.scheme, identifier.id) == identifier.id
        assert identifier.scheme in form.registers


@by_id
def test_the_cap_is_the_one_of_durhams_round_defaults(bid):
    cap = load_pack("durham-darlington").round_defaults.cap_for(bid.organisation.legal_form)
    if bid.organisation.legal_form == "individual":
        assert cap is None
    else:
        assert cap.most_pence == bid.cap_pence
        assert (bid.requested_pence > cap.most_pence) == ("over cap" in bid.expected_flags)


@by_id
def test_every_place_is_an_area_unless_the_bid_is_outside(bid):
    known = {area.name for area in areas("durham-darlington")}
    assert (set(bid.places) <= known) == ("outside area" not in bid.expected_flags)


@by_id
def test_answers_are_twelve_and_their_words_are_counted_right(bid):
    assert [answer.question for answer in bid.answers] == [question.id for question in sample_round().questions]
    assert all(len(answer.text.split()) == answer.words for answer in bid.answers)


def test_moved_bids_start_as_long_after_the_window_as_before():
    moved, round_ = sample_bids(dt.date(2026, 9, 1)), sample_round(dt.date(2026, 9, 1))
    assert (round_.window_start, round_.window_end) == (dt.date(2026, 9, 1), dt.date(2027, 11, 30))
    first = moved[0]
    assert (first.delivery.start, first.delivery.end) == (dt.date(2026, 10, 1), dt.date(2027, 11, 30))
    assert first.milestones[0].due == dt.date(2026, 10, 31)
    assert "The work runs from October 2026 to November 2027" in first.answer("Q4")


def test_moving_keeps_counted_words_money_and_marks():
    for before, after in zip(BIDS, sample_bids(dt.date(2031, 5, 1)), strict=True):
        assert all(len(answer.text.split()) == answer.words for answer in after.answers)
        assert (before.budget, before.panel, before.organisation) == (after.budget, after.panel, after.organisation)
        inside = before.delivery.start >= dt.date(2024, 1, 1)
        assert (after.delivery.start >= dt.date(2031, 5, 1)) == inside


def test_moving_to_where_they_are_changes_nothing():
    assert sample_bids(dt.date(2024, 1, 1)) == BIDS


def test_the_window_can_only_start_on_the_first_of_a_month():
    with pytest.raises(ValueError, match="first of a month"):
        sample_bids(dt.date(2026, 9, 2))


@pytest.mark.parametrize(
    ("day", "months", "moved"),
    [
        (dt.date(2024, 2, 29), 1, dt.date(2024, 3, 31)),
        (dt.date(2024, 2, 29), 12, dt.date(2025, 2, 28)),
        (dt.date(2025, 2, 28), -12, dt.date(2024, 2, 29)),
        (dt.date(2024, 1, 30), 1, dt.date(2024, 2, 29)),
        (dt.date(2024, 1, 15), -1, dt.date(2023, 12, 15)),
    ],
)
def test_days_move_by_whole_months(day, months, moved):
    assert move_date(day, months) == moved


def test_only_months_named_with_their_year_move():
    assert (
        move_text("From April 2024; quiet in August. May 2024.", 9)
        == "From January 2025; quiet in August. February 2025."
    )
