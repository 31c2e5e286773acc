"""Nothing is lost when many write at once, on either database, and keys that lead nowhere are refused."""

import os
import threading

import pytest
from sqlalchemy import inspect, select, text
from sqlalchemy.exc import IntegrityError

from fund.core.database import db
from fund.core.problems import Stale
from fund.tables import Fund, Membership, Partnership
from tests import postgres
from tests.factories import fund as make
from tests.quick import create_tables
from wsgi import create_app


@pytest.fixture
def own(tmp_path):
    server, name = os.environ.get("TEST_DATABASE_URL", ""), f"many_{os.getpid()}"
    app = create_app(
        tmp_path, env="test", secret_key="k" * 40, database_url=postgres.new_database(server, name) if server else ""
    )
    with app.app_context():
        create_tables()
    yield app
    with app.app_context():
        db.engine.dispose()
    if server:
        postgres.drop_database(server, name)


def test_four_threads_with_two_hundred_increments_lose_none(own):
    with own.app_context():
        db.session.add(
            Fund(partnership_id=make.partnership("counter").id, name="Counter", purpose="Counting", version=0)
        )
        db.session.commit()
    failed = []

    def count():
        for _ in range(200):
            with own.app_context():
                try:
                    row = db.session.scalars(select(Fund).with_for_update()).one()
                    row.version += 1
                    db.session.commit()
                except Exception as error:
                    failed.append(error)

    threads = [threading.Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with own.app_context():
        assert failed == []
        assert db.session.scalar(select(Fund.version)) == 800


def test_a_reader_does_not_wait_for_a_writer(own):
    """While one transaction holds the write lock, a page that only reads is answered."""
    with own.app_context():
        make.partnership("counter")
        db.session.commit()
        db.session.execute(text("update partnership set name = 'held'"))
        read = []

        def look():
            with own.test_request_context("/", method="GET"):
                read.append(db.session.scalar(select(Partnership.name)))

        reader = threading.Thread(target=look)
        reader.start()
        reader.join(5)
        db.session.rollback()
    assert len(read) == 1
    assert read[0].startswith("Partnership ")


def test_sqlite_is_tuned(tmp_path):
    app = create_app(tmp_path, env="test", secret_key="k" * 40, database_url="")
    with app.app_context():
        with db.engine.connect() as connection:
            said = {
                name: connection.exec_driver_sql(f"pragma {name}").scalar()
                for name in ("foreign_keys", "journal_mode", "synchronous", "busy_timeout")
            }
        db.engine.dispose()
    assert said == {"foreign_keys": 1, "journal_mode": "wal", "synchronous": 2, "busy_timeout": 15_000}


def test_a_key_that_leads_nowhere_is_refused(database):
    from fund.core import clock

    db.session.add(Membership(organisation_id=999_999, person_id=make.person().id, role="lead", since=clock.now()))
    with pytest.raises(IntegrityError):
        db.session.flush()


def test_a_stale_form_is_told(database):
    row = make.round()
    row.check_version(row.version)
    row.check_version(None)
    with pytest.raises(Stale, match="Somebody else changed this"):
        row.check_version(row.version - 1)


def test_every_constraint_has_a_name(database):
    """A migration can only change what has a name."""
    looked = inspect(db.engine)
    unnamed = []
    for table in db.metadata.sorted_tables:
        found = [
            *looked.get_foreign_keys(table.name),
            *looked.get_unique_constraints(table.name),
            *looked.get_check_constraints(table.name),
        ]
        unnamed += [(table.name, each) for each in found if not each["name"]]
    assert not unnamed
    assert not [table.name for table in db.metadata.sorted_tables for each in table.constraints if each.name is None]


def test_every_key_to_another_table_is_indexed_or_first_of_a_unique_pair(database):
    """Deleting or listing by a parent would read the whole child table otherwise. Who did something is never listed by."""
    bare = []
    for table in db.metadata.sorted_tables:
        indexed = {next(iter(each.columns)).name for each in table.indexes}
        indexed |= {
            next(iter(each.columns)).name
            for each in table.constraints
            if type(each).__name__ in ("UniqueConstraint", "PrimaryKeyConstraint")
        }
        indexed |= {column.name for column in table.columns if column.unique}
        for column in table.columns:
            by_whom = column.name.endswith("by_id") or any(
                key.column.table.name in ("person", "stored_file") for key in column.foreign_keys
            )
            if column.foreign_keys and column.name not in indexed and not by_whom:
                bare.append(f"{table.name}.{column.name}")
    assert bare in ([], ["round.cloned_from_id"])
