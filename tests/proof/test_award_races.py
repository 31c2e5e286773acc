"""Two hundred pairs of simultaneous awards, a hundred of simultaneous payments: one of each pair, the total never above (rule 10)."""

from fund.core.clock import now, stand_still
from tests.awards import races

PAIRS = 200


def test_of_two_hundred_pairs_of_awards_exactly_one_of_each_wins(tmp_path):
    with races.world(tmp_path) as app:
        pairs = races.prepare_award_pairs(app, PAIRS)
        results = [
            races.at_once(app, (races.approve, first, approver), (races.approve, second, approver))
            for _round, first, second, approver in pairs
        ]
        races.assert_one_winner_each(app, [pair[0] for pair in pairs], results)


def test_of_a_hundred_pairs_of_releases_each_instalment_is_paid_once(tmp_path):
    with races.world(tmp_path) as app, stand_still(now()):
        trios = races.prepare_payment_pairs(app, PAIRS // 2)  # £4,000.00 each: what one pot of £700,000.00 can hold
        results = [
            races.at_once(app, (races.release, payment, one), (races.release, payment, other))
            for payment, one, other in trios
        ]
        races.assert_paid_once(app, [trio[0] for trio in trios], results)
