"""The migration chain leads to the tables of the models, and every step goes up and down with rows in the tables."""

import os
import re
from datetime import date
from decimal import Decimal
from itertools import combinations
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask_migrate import downgrade, upgrade
from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Date,
    DateTime,
    Integer,
    LargeBinary,
    Numeric,
    inspect,
    text,
)
from sqlalchemy.exc import IntegrityError

from fund.core import clock
from fund.core.database import db
from fund.core.guards import GUARDS
from tests import postgres
from wsgi import create_app

ROOT = Path(__file__).resolve().parents[2]
STEPS = sorted((ROOT / "migrations" / "versions").glob("*.py"))


@pytest.fixture
def empty(tmp_path):
    """An app on an empty database of its own, on the same kind of server as the other tests."""
    yield from app_on(tmp_path, f"migrations_{os.getpid()}")


@pytest.fixture(scope="module")
def at_the_top(tmp_path_factory):
    """An app whose database every step has been through, for tests that only look at it."""
    for app in app_on(tmp_path_factory.mktemp("top"), f"top_{os.getpid()}"):
        upgrade()
        yield app


def app_on(folder, name):
    url = os.environ.get("TEST_DATABASE_URL", "")
    if url:
        url = postgres.new_database(url, name)
    app = create_app(folder, env="test", secret_key="a key for tests that is long enough", database_url=url)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()
    if url:
        postgres.drop_database(os.environ["TEST_DATABASE_URL"], name)


def test_there_is_one_chain():
    script = ScriptDirectory(str(ROOT / "migrations"))
    assert len(script.get_heads()) == 1
    assert len(script.get_bases()) == 1


@pytest.mark.parametrize("path", STEPS, ids=lambda path: path.stem)
def test_a_step_says_why_and_never_imports_the_models(path):
    text = path.read_text()
    assert text.lstrip().startswith('"""')
    assert not [
        line
        for line in text.splitlines()
        if line.startswith(
            ("from fund", "import fund", "from applications", "from scoring", "from awards", "from evaluation")
        )
    ]


def test_migrations_make_the_tables_of_the_models(at_the_top):
    """A model changed without a migration step, or a step without its model, shows here."""
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "render_as_batch": True})
        assert compare_metadata(context, db.metadata) == []


def test_migrations_keep_the_check_constraints_of_the_models(at_the_top):
    """Alembic compares columns and indexes but not checks: the words they allow are compared here."""
    looked = inspect(db.engine)
    missing = []
    for table in db.metadata.sorted_tables:
        there = {each["name"] for each in looked.get_check_constraints(table.name)}
        wanted = {str(each.name) for each in table.constraints if isinstance(each, CheckConstraint) and each.name}
        missing += sorted(wanted - there)
    assert not missing


def test_migrations_allow_the_words_that_the_models_allow(at_the_top):
    """A word added to a list in the code, such as a kind of letter, must reach the database's own check."""
    looked = inspect(db.engine)
    missing = []
    for table in db.metadata.sorted_tables:
        there = {each["name"]: each["sqltext"] for each in looked.get_check_constraints(table.name)}
        for constraint in table.constraints:
            if isinstance(constraint, CheckConstraint) and " in (" in str(constraint.sqltext):
                words = set(re.findall("'([a-z_]+)'", str(constraint.sqltext)))
                missing += sorted(f"{table.name}: {word}" for word in words - set(re.findall("'([a-z_]+)'", there[str(constraint.name)])))  # fmt: skip
    assert not missing


def test_migrations_install_the_guards_of_the_models(at_the_top):
    """Triggers are invisible to Alembic: a step that copies a table on SQLite would lose them without a word."""
    with db.engine.connect() as connection:
        listing = {"sqlite": "select name from sqlite_master where type = 'trigger'", "postgresql": "select tgname from pg_trigger where not tgisinternal"}  # fmt: skip
        there = set(connection.scalars(text(listing[connection.dialect.name])))
    assert there >= {each.name for each in GUARDS}


def test_up_and_down_with_rows_in(empty):
    """Every table gets a row at the top of the chain; going down step by step and up again loses no table and breaks no key."""
    upgrade()
    fill()
    filled = counts()
    assert all(filled.values())
    for _ in STEPS:
        downgrade()
    assert set(inspect(db.engine).get_table_names()) <= {"alembic_version"}
    upgrade()
    fill()
    assert counts() == filled


def test_going_up_twice_changes_nothing(empty):
    upgrade()
    fill()
    before = counts()
    upgrade()
    assert counts() == before


def counts() -> dict[str, int]:
    with db.engine.connect() as connection:
        names = [table.name for table in db.metadata.sorted_tables]
        return {name: connection.scalar(text(f'select count(*) from "{name}"')) for name in names}


# A row that names two different people needs both of them.
A_SECOND = {"person": {"id": 2, "email": "second"}, "seat": {"id": 2, "person_id": 2}}


def fill() -> None:
    """One believable row in every table, by what the columns say of themselves; parents come first.

    A check may want columns that may be empty to be filled ("decided exactly when decided_at is set"): the fewest that
    satisfy it are.
    """
    with db.engine.begin() as connection:
        for table in db.metadata.sorted_tables:
            needed = [column for column in table.columns if not column.nullable]
            checks = " ".join(str(each.sqltext) for each in table.constraints if isinstance(each, CheckConstraint))
            optional = [column for column in table.columns if column.nullable and column.name in checks]
            for columns in (
                needed + list(more) for size in range(len(optional) + 1) for more in combinations(optional, size)
            ):
                try:
                    with connection.begin_nested():
                        connection.execute(table.insert(), {column.name: value(column, table) for column in columns})
                    break
                except IntegrityError as error:
                    refused = error
            else:
                raise refused
            if table.name in A_SECOND:
                row = {column.name: value(column, table) for column in columns}
                connection.execute(table.insert(), row | A_SECOND[table.name])


def value(column, table):
    """Something the column takes: the first word of its check, a day, a moment, a number or a text."""
    if column.foreign_keys:
        return 2 if column.name == "second_seat_id" else 1
    for constraint in table.constraints:
        if isinstance(constraint, CheckConstraint) and f"{column.name} in (" in str(constraint.sqltext):
            return str(constraint.sqltext).split("'")[1]
    late = column.name.startswith(("closes", "ends", "expires")) or "_end_" in column.name
    kinds = (
        (Boolean, False), (Integer, 1), (Numeric, Decimal(1)), (JSON, {}), (LargeBinary, b"x"),
        (DateTime, clock.now().replace(year=2027 if late else 2026)), (Date, date(2027 if late else 2026, 6, 1)),
    )  # fmt: skip
    kind = getattr(column.type, "impl", column.type)
    return next((given for cls, given in kinds if isinstance(kind, cls)), "x")
