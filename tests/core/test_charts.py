"""Charts say what they show, in words and figures too, and stay whole whatever they are given."""

import re
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fund.core import charts
from fund.core.charts import ChartTable
from fund.core.line_charts import round_top
from fund.core.svg import percent, wrap

SVG = "{http://www.w3.org/2000/svg}"
BAD = '<script>alert("x")</script>'
DRAWN = {
    "bar_chart": lambda rows: charts.bar_chart("T", "D", rows),
    "paired_bars": lambda rows: charts.paired_bars("T", "D", [(row[0], row[1], row[1]) for row in rows]),
    "stacked_bar": lambda rows: charts.stacked_bar("T", "D", rows),
    "line_chart": lambda rows: charts.line_chart("T", "D", rows),
    "dot_plot": lambda rows: charts.dot_plot("T", "D", [(row[0], [1, 2], 2) for row in rows]),
    "tile_map": lambda rows: charts.tile_map("T", "D", rows),
    "sparkline": lambda rows: charts.sparkline("T", "D", rows),
}
ROWS = {
    "none": [],
    "one": [("Only", 7)],
    "all zero": [("A", 0), ("B", 0)],
    "not known": [("A", None), ("B", None)],
    "withheld": [("A", "<5"), ("B", "[c]"), ("C", 12)],
    "negative": [("A", -3), ("B", 4)],
    "long": [
        ("Support for those aged 18 and under at risk of being drawn into serious violence " * 3, 1),
        ("x" * 500, 2),
    ],
    "hostile": [(BAD, 3), ('" onload="x', 4)],
    "huge": [("A", 10**15), ("B", 0.001)],
}


@pytest.fixture(params=DRAWN)
def draw(request: pytest.FixtureRequest):
    return DRAWN[request.param]


@pytest.mark.parametrize("rows", ROWS.values(), ids=ROWS)
def test_chart_is_whole_for_any_rows(draw, rows) -> None:
    tree = ElementTree.fromstring(draw(rows))
    assert tree.get("role") == "img"
    assert tree.find(f"{SVG}title").text == "T"
    assert tree.find(f"{SVG}desc").text == "D"
    assert tree.get("aria-labelledby") == tree.find(f"{SVG}title").get("id")
    ids = [one.get("id") for one in tree.iter() if one.get("id")]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("rows", ROWS.values(), ids=ROWS)
def test_chart_keeps_to_a_strict_policy_and_to_its_frame(draw, rows) -> None:
    for one in ElementTree.fromstring(draw(rows)).iter():
        assert one.tag not in (f"{SVG}script", f"{SVG}style", f"{SVG}foreignObject")
        assert not [name for name in one.attrib if name == "style" or name.startswith("on")]
        for name, value in one.attrib.items():
            if name in ("x", "width", "cx", "x1", "x2") and value.endswith("%"):
                assert 0 <= float(value[:-1]) <= 100


def test_title_and_description_are_escaped() -> None:
    drawn = charts.bar_chart(BAD, BAD, [(BAD, 1)])
    assert "<script" not in drawn
    assert "&lt;script&gt;" in drawn


def test_longest_bar_is_full_and_others_are_their_share() -> None:
    drawn = charts.bar_chart("T", "D", [("A", 40), ("B", 10)])
    assert re.findall(r'width="([\d.]+%)" height="14" class="chart__bar', drawn) == ["100%", "25%"]


def test_bars_of_a_stated_whole_are_shares_of_it() -> None:
    drawn = charts.bar_chart("T", "D", [("A", 40), ("B", 10)], whole=50)
    assert re.findall(r'width="([\d.]+%)" height="14" class="chart__bar', drawn) == ["80%", "20%"]


def test_pot_of_700000_is_cut_where_the_money_is() -> None:
    """687,655.00 offered of 700,000.00 leaves room for 12,345.00: 98.24 % and 1.76 %."""
    rows = [("Offered", 68_765_500), ("Room left", 1_234_500)]
    drawn = charts.stacked_bar("Pot", "D", rows, show=lambda pence: f"£{pence / 100:,.2f}")
    assert re.findall(r'x="([\d.]+%)" y="1" width="([\d.]+%)" height="30" class="chart__bar', drawn) == [
        ("0%", "98.24%"),
        ("98.24%", "1.76%"),
    ]
    assert "£12,345.00" in drawn


def test_series_differ_without_colour() -> None:
    pot = charts.stacked_bar("Pot", "D", [(name, 1) for name in "abcdef"])
    fills = re.findall(r'height="30" class="[^"]*"(?: fill="([^"]+)")?', pot)[1:]
    assert len(set(fills)) == 6
    lines = charts.line_chart("L", "D", [("A", 1, 2), ("B", 2, 3)], names=("Reported", "Expected"))
    assert "<circle" in lines
    assert re.search(r"<rect[^>]+chart__point--2", lines)


def test_equal_marks_stand_one_above_the_other_and_the_agreed_score_is_a_ring() -> None:
    drawn = charts.dot_plot("Scores", "D", [("Need", [3, 3, 5], 3)])
    spots = re.findall(r'cx="([\d.]+%)" cy="([\d.]+)" r="5.5"', drawn)
    assert len(spots) == len(set(spots)) == 3
    assert drawn.count("chart__ring") == 1
    assert "agreed 3" in drawn


def test_marks_that_are_not_agreed_have_no_ring() -> None:
    drawn = charts.dot_plot("Scores", "D", [("Need", [1, 5], None), ("Value", [None], None)])
    assert "chart__ring" not in drawn
    assert "not agreed" in drawn
    assert "no scores" in drawn


def test_missing_quarter_leaves_a_gap_in_the_line() -> None:
    whole = charts.line_chart("L", "D", [("A", 1), ("B", 2), ("C", 3), ("D", 4)])
    gap = charts.line_chart("L", "D", [("A", 1), ("B", 2), ("C", None), ("D", 4), ("E", 5)])
    assert whole.count("<polyline") == 1
    assert gap.count("<polyline") == 2


def test_a_hidden_year_is_a_gap_in_the_small_line_too() -> None:
    whole = charts.sparkline("S", "D", [("A", 6), ("B", 7), ("C", 8)])
    gap = charts.sparkline(
        "S", "D", [("A", 6), ("B", 7), ("C", "fewer than 5"), ("D", 8), ("E", "fewer than 5"), ("F", 9), ("G", 7)]
    )
    assert (whole.count("<polyline"), whole.count("<circle")) == (1, 1)
    assert (gap.count("<polyline"), gap.count('r="1.5"'), gap.count('r="3"')) == (2, 1, 1)


def test_baseline_above_every_figure_is_still_inside_the_plot() -> None:
    drawn = charts.line_chart("L", "D", [("A", 1), ("B", 2)], baseline=40)
    line = re.search(r'x1="0" y1="([\d.]+)" x2="100%" y2="[\d.]+" class="chart__baseline"', drawn)
    height = re.search(r'width="100%" height="(\d+)"', drawn)
    assert line
    assert height
    assert 0 < float(line[1]) < float(height[1])


def test_more_done_than_promised_is_marked() -> None:
    assert "chart__over" in charts.progress_bar("People", "D", 131, 120)
    assert "chart__over" not in charts.progress_bar("People", "D", 120, 120)
    assert 'width="54.76%"' in charts.progress_bar("People", "D", 23, 42)
    assert "chart__over" not in charts.progress_bar("People", "D", 3, 0)


def test_withheld_small_number_is_said_but_never_drawn() -> None:
    drawn = charts.bar_chart("T", "D", [("A", 12), ("B", "<5")])
    assert "&lt;5" in drawn
    assert re.findall(r'width="([\d.]+%)" height="14" class="chart__bar', drawn) == ["100%", "0%"]
    assert "chart__tile--none" in charts.tile_map("T", "D", [("A", "[c]"), ("B", 3)])


def test_same_words_give_the_same_drawing_and_other_words_other_ids() -> None:
    rows = [("A", 1)]
    assert charts.stacked_bar("T", "D", rows) == charts.stacked_bar("T", "D", rows)
    ids = [set(re.findall(r'id="([^"]+)"', charts.stacked_bar(title, "D", rows * 2))) for title in ("T", "U")]
    assert not ids[0] & ids[1]
    assert 'id="mine-title"' in charts.bar_chart("T", "D", rows, chart_id="mine")


def test_table_says_the_same_figures_as_the_chart() -> None:
    table = ChartTable.of(("Priority", "Expected", "Reported"), [("Night-time", 1200, None), ("Home", 20, "<5")])
    assert table.rows == (("Night-time", "1,200", "not known"), ("Home", "20", "<5"))
    marks = ChartTable.of(("Criterion", "Scores", "Agreed"), [("Need", [3, None, 5], 3.5), ("Value", [], None)])
    assert marks.rows == (("Need", "3, not known, 5", "3.5"), ("Value", "not known", "not known"))


@given(st.text(max_size=200), st.integers(3, 40), st.integers(1, 3))
def test_wrapped_words_fit(words: str, width: int, lines: int) -> None:
    rows = wrap(words, width, lines)
    assert 1 <= len(rows) <= lines
    assert all(len(row) <= width for row in rows)


@given(st.floats(-1e12, 1e12), st.floats(-1e12, 1e12))
def test_share_is_never_outside_the_bar(part: float, whole: float) -> None:
    assert 0 <= float(percent(part, whole)[:-1]) <= 100


@given(st.floats(0, 1e15))
def test_top_gridline_is_at_or_above_the_highest_figure(value: float) -> None:
    assert round_top(value) >= value
