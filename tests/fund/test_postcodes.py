"""Postcodes: one way to write them, and only full ones pass."""

import pytest

from fund.postcodes import PostcodeProblem, check_postcode, postcode_area


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("dh19zz", "DH1 9ZZ"),
        (" DH1   9ZZ ", "DH1 9ZZ"),
        ("b1 1aa", "B1 1AA"),
        ("M25 1AA", "M25 1AA"),
        ("DL12 9ZZ", "DL12 9ZZ"),
        ("W1A1AA", "W1A 1AA"),
        ("EC1A1BB", "EC1A 1BB"),
        ("gir0aa", "GIR 0AA"),
    ],
)
def test_each_shape_is_stored_in_upper_case_with_one_space(typed, stored):
    assert check_postcode(typed) == stored


@pytest.mark.parametrize(
    "typed",
    [
        "DH1",
        "DH1 9Z",
        "DH1 99Z",
        "DHH1 9ZZ",
        "GIR 0AAX",
        "XGIR 0AA",
        "DH1 9ZZ, Durham",
        "１DH 9ZZ",
        "DH1 9ſZ",
        "1" * 9999,
    ],
)
def test_anything_else_is_refused(typed):
    with pytest.raises(PostcodeProblem, match="Enter a full UK postcode"):
        check_postcode(typed)


def test_nothing_typed_asks_for_a_postcode():
    with pytest.raises(PostcodeProblem, match="Enter a postcode"):
        check_postcode(" ")


def test_the_area_is_the_first_letters():
    assert postcode_area("DH1 9ZZ") == "DH"
    assert postcode_area("B1 1AA") == "B"
