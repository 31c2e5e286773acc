"""What every app of a run would make anew, at a cost, though it comes out the same: made once, or when it is asked for."""

import sqlite3
from contextlib import closing
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import create_engine
from werkzeug.routing import Rule

from fund.core.database import Base, db

_compile_builder = Rule._compile_builder


def _when_asked(rule: Rule, append_unknown: bool = True):
    """The function that builds this rule's address, compiled when the first address is built: an app has 300 rules."""
    made = []

    def build(self, **values):
        if not made:
            made.append(_compile_builder(rule, append_unknown))
        return made[0](self, **values)

    return build


def compile_addresses_when_asked() -> None:
    """Nine tenths of an app's start are its addresses' builders, of which a test asks for a few."""
    Rule._compile_builder = _when_asked


def create_tables() -> None:
    """`db.create_all()` in the present app's database; in SQLite's empty one by copying what was made once in this run."""
    url = db.engine.url
    if url.get_backend_name() != "sqlite" or Path(url.database).exists():
        db.create_all()
        return
    with closing(sqlite3.connect(url.database)) as there:
        there.execute("PRAGMA synchronous=OFF")
        _copy_into(there)


def _copy_into(there: sqlite3.Connection) -> None:
    with closing(sqlite3.connect(":memory:")) as kept:
        kept.deserialize(_empty_tables())
        kept.backup(there)


@cache
def _empty_tables() -> bytes:
    with TemporaryDirectory() as folder:
        engine = create_engine(f"sqlite:///{Path(folder, 'empty.sqlite')}")
        Base.metadata.create_all(engine)
        with closing(engine.raw_connection()) as connection:
            connection.execute("PRAGMA journal_mode=DELETE")
            kept = connection.driver_connection.serialize()
        engine.dispose()
    return kept
