"""An award closes when every return is accepted; a round finishes when no bid is under way."""

import pytest

from applications.workflow import APPLICATION
from evaluation import settling  # noqa: F401
from fund.core import clock
from fund.core.problems import Problem
from fund.workflow import ROUND
from tests.factories import evaluation as make
from tests.factories import fund as people

pytestmark = pytest.mark.usefixtures("letters_undrawn")


def test_an_award_is_closed_when_every_return_is_accepted(database):
    award = make.award()
    need = APPLICATION.needs["final_return_accepted"]
    for number, sentence in ((1, "Returns 1, 2, 3 are not"), (2, "Returns 2, 3 are not"), (3, "Return 3 is not")):
        with pytest.raises(Problem, match=sentence):
            need(award.application, by=None, now=clock.now())
        make.accepted(make.period(award, number))
    need(award.application, by=None, now=clock.now())


def test_a_round_is_finished_when_every_bid_has_ended(database):
    award = make.award()
    need = ROUND.needs["everything_settled"]
    with pytest.raises(Problem, match="1 in delivery"):
        need(award.round, by=None, now=clock.now())
    people.put(award.application, "closed", APPLICATION)
    need(award.round, by=None, now=clock.now())
