"""Two at the same instant: one award of each pair wins, one payment of each instalment is made (rules 10 and 11)."""

from fund.core.clock import now, stand_still
from tests.awards import races


def test_of_twenty_pairs_of_simultaneous_awards_exactly_one_of_each_wins(tmp_path):
    with races.world(tmp_path) as app:
        pairs = races.prepare_award_pairs(app, 20)
        results = [
            races.at_once(app, (races.approve, first, approver), (races.approve, second, approver))
            for _round, first, second, approver in pairs
        ]
        races.assert_one_winner_each(app, [pair[0] for pair in pairs], results)


def test_of_ten_pairs_of_simultaneous_releases_each_instalment_is_paid_once(tmp_path):
    with races.world(tmp_path) as app, stand_still(now()):
        trios = races.prepare_payment_pairs(app, 10)
        results = [
            races.at_once(app, (races.release, payment, one), (races.release, payment, other))
            for payment, one, other in trios
        ]
        races.assert_paid_once(app, [trio[0] for trio in trios], results)
