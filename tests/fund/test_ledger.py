"""The pot can never be exceeded (rule 10), and every penny of it is explained by an entry."""

import pytest

from fund import ledger
from fund.core import clock
from fund.core.problems import Problem, WrongMoment
from tests.factories import fund as make
from tests.kept import kept


@pytest.fixture
@kept
def round(database):
    return make.round(pot_pence=70_000_000)


def post(round, kind, pence, once):
    return ledger.post(round, kind, pence, "award-1", by=None, now=clock.now(), once=once)


def test_the_last_penny_fits_and_one_more_is_refused(round):
    post(round, "offer", 68_765_500, "offer-1")
    with pytest.raises(ledger.NoRoom) as refused:
        post(round, "offer", 1_234_501, "offer-2")
    assert refused.value.sentence == "£12,345.01 does not fit: room left £12,345.00."
    post(round, "offer", 1_234_500, "offer-3")
    assert ledger.fresh_pot(round).room_pence == 0


def test_the_same_movement_is_posted_once(round):
    post(round, "offer", 100, "offer-1")
    with pytest.raises(WrongMoment):
        post(round, "offer", 100, "offer-1")
    assert ledger.fresh_pot(round).offered_pence == 100


def test_a_pot_below_what_is_offered_is_refused(database):
    round = make.round(pot_pence=70_000_000, published=False)
    post(round, "offer", 5_000_000, "offer-1")
    with pytest.raises(Problem, match=r"£50,000.00 is already offered"):
        ledger.set_pot(round, 4_999_999, by=None, now=clock.now())
    assert ledger.set_pot(round, 5_000_000, by=None, now=clock.now()).room_pence == 0


def test_the_pot_row_equals_the_sum_of_its_entries(round):
    for kind, pence in (
        ("offer", 1_825_000),
        ("commit", 1_825_000),
        ("pay", 456_250),
        ("release", 1_368_750),
        ("recover", 456_250),
    ):
        post(round, kind, pence, kind)
    pot = ledger.fresh_pot(round)
    totals = ledger.sums(ledger.entries_of(round))
    assert {name: getattr(pot, name) for name in totals} == totals
    assert pot.room_pence == 70_000_000
