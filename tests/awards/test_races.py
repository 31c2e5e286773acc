"""Two at the same instant: one award of each pair wins, one payment of each instalment is made (rules 10 and 11)."""

import threading
from contextlib import suppress

from awards import money, unspent
from awards.tables import Award, Payment
from fund.core.clock import now, stand_still
from fund.core.database import db
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


def test_of_pairs_who_ask_for_unspent_money_at_once_one_asks(tmp_path, monkeypatch):
    """Both are held where they have seen what is unspent, as long as the other can come there too."""
    meeting = threading.Barrier(2)

    def nothing_spent(keys):
        with suppress(threading.BrokenBarrierError):
            meeting.wait(timeout=0.3)
        return dict.fromkeys(keys, 0)

    monkeypatch.setattr(unspent.spending, "functions", [nothing_spent])
    with races.world(tmp_path) as app, stand_still(now()):
        trios = races.prepare_payment_pairs(app, 3)
        with app.app_context():
            awards = [db.session.get_one(Payment, payment).tranche.award_id for payment, _one, _other in trios]
        for payment, one, _other in trios:
            assert races.at_once(app, (races.release, payment, one)) == ["won"]
        results = []
        for award, (_payment, one, other) in zip(awards, trios, strict=True):
            meeting.reset()
            results.append(races.at_once(app, (races.ask_back, award, one), (races.ask_back, award, other)))
        assert all(pair.count("won") == 1 for pair in results), results
        with app.app_context():
            for award in awards:
                assert money.owed_back(db.session.get_one(Award, award)) == db.session.get_one(Award, award).paid_pence
