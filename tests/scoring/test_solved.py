"""The same question is solved once, another one anew, and a refusal is never kept."""

import pytest

from scoring import solved
from scoring.solved import remembered


def test_the_same_question_is_solved_once_and_another_one_anew():
    solves = []
    for pot in (100, 100, 200, 100):
        assert remembered(("a test", pot), lambda pot=pot: solves.append(pot) or pot * 2) == pot * 2
    assert solves == [100, 200]


def test_a_refusal_is_asked_again():
    def refuse():
        raise ValueError("no set")

    with pytest.raises(ValueError, match="no set"):
        remembered("refused", refuse)
    assert remembered("refused", lambda: 1) == 1


def test_only_the_newest_are_kept():
    for number in range(solved.MOST + 5):
        remembered(("many", number), lambda: None)
    assert len(solved._answers) == solved.MOST
