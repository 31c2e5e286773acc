"""Every life is whole: each state labelled for each audience and reachable, each named rule registered, each pair refused or known."""

import pytest

from fund.core.workflow import WORKFLOWS
from wsgi import PACKAGES

assert PACKAGES  # importing wsgi has every package register what it knows
COLOURS = {"grey", "green", "turquoise", "blue", "light-blue", "purple", "pink", "red", "orange", "yellow"}
lives = pytest.mark.parametrize("life", WORKFLOWS.values(), ids=WORKFLOWS.keys())


@lives
def test_every_name_in_the_table_is_registered(life):
    """A check, message or predicate that nobody registered would fail in front of a person."""
    assert life.unregistered() == []


@lives
def test_every_state_has_its_words_and_colour(life):
    """For staff always; for applicants in every state of a life they see, or in none of it."""
    for_applicants = any(state.applicant for state in life.states)
    for state in life.states:
        assert state.staff.strip(), state.key
        assert state.applicant.strip() or not for_applicants, state.key
        assert state.colour in COLOURS, state.key
        for words in (state.staff, state.applicant, state.public):
            assert "_" not in words
            assert words == "" or words[0].isupper()


@lives
def test_every_state_can_be_reached_and_only_ended_ones_are_dead_ends(life):
    reached, grew = {life.initial}, True
    while grew:
        more = {row.target for row in life.moves if set(row.sources) & reached}
        grew = not more <= reached
        reached |= more
    assert reached == set(life.keys)
    left = {source for row in life.moves for source in row.sources}
    assert {key for key in life.keys if key not in left} <= life.ended()


@lives
def test_every_action_leads_one_way_from_one_state_and_says_what_its_button_says(life):
    pairs = [(row.action, source) for row in life.moves for source in row.sources]
    assert len(pairs) == len(set(pairs))
    assert all(row.label[0].isupper() and "_" not in row.label for row in life.moves)


@lives
def test_the_database_knows_the_same_states(life):
    """The check constraint of the table and the workflow name the same words."""
    from fund.core.database import db

    words = {
        constraint.name: str(constraint.sqltext)
        for table in db.metadata.sorted_tables
        for constraint in table.constraints
        if getattr(constraint, "sqltext", None) is not None and str(constraint.name).endswith("_status")
    }
    matching = [text for text in words.values() if set(_quoted(text)) == set(life.keys)]
    assert matching, f"no table's check constraint on status names exactly {sorted(life.keys)}"


def _quoted(text: str) -> list[str]:
    return text.split("'")[1::2]
