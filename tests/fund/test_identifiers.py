"""Register numbers: tidied, and refused only when they cannot be what they say."""

import pytest

from fund.identifiers import IdentifierProblem, check_identifier, normalise_identifier, schemes
from fund.strategies.legal_form import legal_forms


def test_every_example_of_the_register_file_passes_unchanged():
    for scheme in schemes().values():
        for example in scheme.examples:
            assert check_identifier(scheme.scheme, example) == example


@pytest.mark.parametrize(
    ("scheme", "typed", "stored"),
    [
        ("GB-COH", "9506232", "09506232"),
        ("GB-COH", " 0950 6232 ", "09506232"),
        ("GB-COH", "sc12345", "SC012345"),
        ("GB-COH", "ip12345r", "IP12345R"),
        ("GB-CHC", "1090095-1", "1090095-1"),
        ("GB-SC", "sc 042386", "SC042386"),
        ("GB-NIC", "NIC100019", "100019"),
        ("GB-LAE", "wot", "WOT"),
        ("GB-CASC", "DF679063", "df679063"),
        ("360G", "360G-XYZFunder-123456", "360G-XYZFunder-123456"),
    ],
)
def test_what_people_type_is_stored_as_the_register_writes_it(scheme, typed, stored):
    assert check_identifier(scheme, typed) == stored
    assert normalise_identifier(scheme, stored) == stored


@pytest.mark.parametrize(
    ("scheme", "typed"),
    [
        ("GB-CHC", "12345"),
        ("GB-CHC", "12345678"),
        ("GB-COH", "123456789"),
        ("GB-COH", "ABC12345"),
        ("GB-COH", "٠٩٥٠٦٢٣٢"),
        ("GB-COH", "09506232\x00"),
        ("GB-SC", "042386"),
        ("GB-EDU", "12555A"),
        ("GB-LAE", "WOTS"),
        ("GB-CASC", "gf679063"),
        ("360G", "360G-one"),
        ("360G", "360G-a-b/c"),
        ("GB-MPR", "1" * 100_000),
    ],
)
def test_what_cannot_be_a_number_of_the_scheme_is_refused_with_an_example(scheme, typed):
    with pytest.raises(IdentifierProblem, match=rf"must be .* like {schemes()[scheme].examples[0]}"):
        check_identifier(scheme, typed)


def test_nothing_typed_asks_for_the_number():
    with pytest.raises(IdentifierProblem, match="Enter the charity number"):
        check_identifier("GB-CHC", "  ")


def test_an_unknown_register_is_refused():
    with pytest.raises(IdentifierProblem, match="do not know the register 'GB-XXX'"):
        check_identifier("GB-XXX", "1")


def test_every_register_that_a_legal_form_names_is_known():
    assert {register for form in legal_forms() for register in form.registers} <= set(schemes())
