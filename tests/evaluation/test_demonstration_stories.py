"""The demonstration's stories differ from award to award and name nobody."""

import re

from evaluation.demonstration_stories import BY_PROJECT, OTHERS, story_for
from evaluation.stories import MOST_WORDS

ALL = (*BY_PROJECT.values(), *OTHERS)


def test_no_two_stories_are_the_same():
    assert len(set(ALL)) == len(ALL)
    assert story_for("Steady: a fourteen-week group", 0) != story_for("Ringside: boxing", 0)
    assert story_for("A project of somebody else", 0) != story_for("A project of somebody else", 1)


def test_stories_give_no_single_year_of_age_and_keep_the_limit():
    for story in ALL:
        assert not re.search(r"\b(?:aged?|of) \d+\b(?! to)", story), story
        assert len(story.split()) <= MOST_WORDS
