"""Design rule 15: no count of one to four people can be read, or worked out, from anything that is published."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from evaluation.suppression import suppress_count, suppress_row, suppress_table

counts = some.lists(some.integers(0, 9), min_size=1, max_size=4)


def test_row_12_7_3_0_of_22_shows_12_c_less_than_5_0_22():
    assert suppress_row([12, 7, 3, 0], 22) == ([12, "[c]", "<5", 0], 22)


def test_a_row_without_small_numbers_is_shown_as_it_is():
    assert suppress_row([12, 7, 0], 19) == ([12, 7, 0], 19)


def test_two_small_numbers_hide_each_other():
    assert suppress_row([12, 2, 3], 17) == ([12, "<5", "<5"], 17)


def test_two_small_numbers_that_leave_only_one_answer_need_a_third():
    """1 and 1 of 14 leave 2 between two cells of at least one: each would be one."""
    assert suppress_row([12, 1, 1], 14) == (["[c]", "<5", "<5"], 14)


def test_a_small_total_is_hidden_with_its_only_part():
    assert suppress_row([3, 0], 3) == (["<5", 0], "<5")


def test_noughts_stay_noughts():
    assert suppress_row([0, 0], 0) == ([0, 0], 0)


def test_the_threshold_is_the_setting():
    assert suppress_row([12, 7, 9], 28, threshold=8) == ([12, "<8", "[c]"], 28)


def test_counts_that_do_not_add_up_are_refused():
    with pytest.raises(ValueError, match="do not add up to 23"):
        suppress_row([12, 7, 3, 0], 23)


def test_a_count_alone():
    assert [suppress_count(count) for count in (None, 0, 1, 4, 5)] == [None, 0, "<5", "<5", 5]


def test_a_table_hides_in_both_directions():
    cells, rows, columns, whole = suppress_table([[20, 3, 10], [8, 9, 11], [7, 6, 30]])
    assert cells[0][1] == "<5"
    assert rows == [33, 28, 43]
    assert columns == [35, 18, 51]
    assert whole == 104
    assert sum(cell == "[c]" for row in cells for cell in row) == 3, "a rectangle: one in the row, one in the column"


def allowed(shown, threshold=5, most=40):
    """Every value that a reader must think possible for a cell shown like this."""
    if shown == f"<{threshold}":
        return range(1, threshold)
    return range(most) if shown == "[c]" else (shown,)


@settings(max_examples=150, deadline=None)
@given(counts)
def test_no_row_gives_a_hidden_cell_away(row):
    """An attacker tries every set of values that fits what is shown: each hidden cell has at least two."""
    shown, total = suppress_row(row, sum(row))
    whole = [*shown, total]
    fits = [
        (*values, sum(values))
        for values in itertools.product(*(allowed(cell) for cell in shown))
        if sum(values) in allowed(total, most=80)
    ]
    assert (*row, sum(row)) in fits
    for place, cell in enumerate(whole):
        if isinstance(cell, str):
            assert len({values[place] for values in fits}) > 1, (row, whole)


@settings(max_examples=60, deadline=None)
@given(some.lists(some.lists(some.integers(0, 7), min_size=2, max_size=2), min_size=2, max_size=2))
def test_no_small_table_gives_a_hidden_cell_away(table):
    cells, rows, columns, whole = suppress_table(table)
    fits = []
    for a, b, c, d in itertools.product(*(allowed(cell, most=29) for row in cells for cell in row)):
        totals = (a + b, c + d, a + c, b + d, a + b + c + d)
        if all(
            value in allowed(shown, most=120) for value, shown in zip(totals, [*rows, *columns, whole], strict=True)
        ):
            fits.append((a, b, c, d, *totals))
    for place, shown in enumerate([*cells[0], *cells[1], *rows, *columns, whole]):
        if isinstance(shown, str):
            assert len({values[place] for values in fits}) > 1, (table, cells, rows, columns, whole)
