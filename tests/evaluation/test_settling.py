"""An award closes when every return is accepted; a round finishes when no bid is under way."""

import pytest

from applications.workflow import APPLICATION
from awards import unspent
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


def test_what_is_spent_is_what_accepted_returns_say_and_no_return_says_nothing(database):
    award, other = make.award(), make.award()
    make.accepted(make.period(award, 1), spent_pence=560_001)
    make.accepted(make.period(award, 2), spent_pence=599_000)
    make.sent(make.period(award, 3), spent_pence=620_000)
    make.sent(make.period(other, 1), spent_pence=620_000)
    assert unspent.spending.ask([award.id, other.id]) == [{award.id: 1_159_001}]
