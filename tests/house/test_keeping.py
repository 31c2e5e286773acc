"""Everything that hangs on a bid says what becomes of it when the bid is erased."""

from sqlalchemy import JSON, LargeBinary, Text

from fund.core import withholding
from fund.core.jobs import JOBS
from fund.erasing import WITH_BID

WORDY = (Text, JSON, LargeBinary)


def test_every_column_of_words_or_bytes_that_hangs_on_a_bid_goes_or_says_why_it_stays(app):
    """A new column fails here: say `with_bid(Model, column=None)` or `stays=("column",), stays_for="…"` in keeping.py."""
    forgotten = []
    for model in withholding._hanging():
        way = WITH_BID.get(model)
        wordy = {column.key for column in model.__table__.columns if isinstance(column.type, WORDY)}
        named = (wordy if way else set()) if way is None or way.rows else {*way.goes, *way.stays}
        forgotten += [f"{model.__name__}.{name}" for name in sorted(wordy - named)]
    assert not forgotten


def test_every_way_names_columns_that_are_there():
    wrong = []
    for model, way in WITH_BID.items():
        there = {column.key for column in model.__table__.columns}
        wrong += [f"{model.__name__}.{name}" for name in {*way.goes, *way.stays, way.file} - there - {None}]
    assert not wrong


def test_nothing_is_erased_in_the_hour_that_comes_twice():
    assert JOBS["erase_what_is_due"].cron == {"hour": 3, "minute": 40}
