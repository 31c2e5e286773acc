"""Money is whole pence, and text becomes pence exactly or not at all (design rule 1)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fund.core.money import MOST_PENCE, parse_pounds, plain_pounds, pounds, share, short_pounds
from fund.core.problems import Problem

TAKEN = {
    "5,000": 500_000, "£5000.00": 500_000, "5000": 500_000, " £ 5,000.01 ": 500_001, "0": 0, "0.01": 1, "00.10": 10,
    "1,234,567.89": 123_456_789, "1000000000.00": MOST_PENCE, "£40,000.00": 4_000_000,
}  # fmt: skip
REFUSED = [
    "5000.004", "NaN", "-1", "1e3", "", " ", "£", "5.1", "5.", ".50", "5,00", "50,00", "5,0000", "1,2,3", "5 000", "5,000,",
    "+5", "(5)", "5-", "5p", "GBP 5", "$5", "€5", "5.00.00", "5.000", "1,000.0", "inf", "Infinity", "0x10", "1_000", "٥", "５",
    "½", "5\n6", "5\x00", "--5", "−5", "5,000.0O", "five", "null", "None", "true", "1000000000.01", "9" * 16, "9" * 5000,
    "1" + ",000" * 2000, "5;6", "5/6", "=5", "5%",
]  # fmt: skip


@pytest.mark.parametrize(("typed", "pence"), TAKEN.items())
def test_what_people_write_is_taken(typed, pence):
    assert parse_pounds(typed) == pence


@pytest.mark.parametrize("typed", REFUSED, ids=lambda text: repr(text[:12]))
def test_everything_else_is_refused_with_a_sentence(typed):
    with pytest.raises(
        Problem, match=r"^Enter (pounds and pence, like 1250\.50|an amount of £1,000,000,000\.00 or less)$"
    ):
        parse_pounds(typed)


def test_a_refusal_knows_its_field():
    with pytest.raises(Problem) as refused:
        parse_pounds("NaN", "asked")
    assert refused.value.field == "asked"


@given(st.integers(0, MOST_PENCE))
def test_what_is_shown_can_be_typed_back(pence):
    assert (
        parse_pounds(pounds(pence)) == parse_pounds(plain_pounds(pence)) == parse_pounds(short_pounds(pence)) == pence
    )


@given(st.text(max_size=30))
def test_any_text_gives_pence_or_a_problem(typed):
    try:
        found = parse_pounds(typed)
    except Problem:
        return
    assert 0 <= found <= MOST_PENCE


def test_how_amounts_are_said():
    assert (pounds(500_001), pounds(-1200), pounds(0), pounds(None)) == ("£5,000.01", "-£12.00", "£0.00", "")
    assert (short_pounds(500_000), short_pounds(500_001)) == ("£5,000", "£5,000.01")
    assert (plain_pounds(500_001), plain_pounds(-5)) == ("5000.01", "-0.05")


@given(st.integers(0, MOST_PENCE), st.integers(1, 400))
def test_parts_add_up_and_differ_by_a_penny_at_most(pence, parts):
    found = share(pence, parts)
    assert sum(found) == pence
    assert max(found) - min(found) <= 1
    assert found == sorted(found, reverse=True)


def test_the_column_refuses_what_is_not_whole_pence(database):
    """Half a penny would be rounded by one database and refused by the other."""
    from fund.core.database import PenceType

    column = PenceType()
    assert column.process_bind_param(5, None) == 5
    for wrong in (5.0, 0.5, "5", True):
        with pytest.raises(ValueError, match="whole number of pence"):
            column.process_bind_param(wrong, None)
