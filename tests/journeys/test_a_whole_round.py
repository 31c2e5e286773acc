"""A whole grant round, from an open call to an outcome report, told through the pages by the people who live it.

The promise: whoever has never seen the product can go this way with a browser, and every page on it is fit for everybody
at phone and desktop width. A failure names the step.
"""

import pytest

from . import applying, awarding, judging, reporting
from .story import Story

pytestmark = pytest.mark.journey


def test_a_whole_round_from_open_call_to_outcome_report(visit, site, time):
    story = Story(visit, site, time)
    for chapter in (applying, judging, awarding, reporting):
        for step in chapter.STEPS:
            step(story)
