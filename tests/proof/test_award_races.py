"""Two hundred pairs of simultaneous awards and of simultaneous payments, each side in a process of its own: one of each pair
wins, the total is never above, nothing is paid twice (rules 10 and 11). Beside them, many more orders of acts than in the suite.
"""

from hypothesis import HealthCheck, settings
from hypothesis import given as drawn
from hypothesis import strategies as st

from fund.core.clock import now, stand_still
from tests.awards import races
from tests.awards.test_any_order import STEPS, go_through, quick  # noqa: F401  (a fixture)

PAIRS = 200


def test_of_two_hundred_pairs_of_awards_exactly_one_of_each_wins(tmp_path):
    with races.world(tmp_path) as app, stand_still(now()):
        pairs = races.prepare_award_pairs(app, PAIRS)
        jobs = [(races.approve, (first, approver), (second, approver)) for _round, first, second, approver in pairs]
        results = races.in_processes(app, tmp_path, jobs)
        races.assert_one_winner_each(app, [pair[0] for pair in pairs], results)


def test_of_two_hundred_pairs_of_releases_each_instalment_is_paid_once(tmp_path):
    with races.world(tmp_path) as app, stand_still(now()):
        trios = races.prepare_payment_pairs(app, PAIRS)
        jobs = [(races.release, (payment, one), (payment, other)) for payment, one, other in trios]
        results = races.in_processes(app, tmp_path, jobs)
        races.assert_paid_once(app, [trio[0] for trio in trios], results)


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@drawn(steps=STEPS, pay_when=st.sampled_from(["advance", "arrears"]), percent=st.integers(0, 50))
def test_a_hundred_orders_of_acts_keep_the_pot_whole(database, quick, steps, pay_when, percent):  # noqa: F811
    quick.clear()
    go_through(database, steps, pay_when, percent)
