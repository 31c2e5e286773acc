"""What every test stands on: one app, a database rolled back after each test, a clock that stands still, a checked client.

Journeys stand on `site`, a served copy of the demonstration world, and `visit`, people at its browser.
"""

import gc
import os
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from fund import sessions
from fund.core import clock
from fund.core.database import db
from tests.browser import launch
from tests.bytecode import BYTECODE
from tests.checks.client import CheckedClient
from tests.checks.site import Template
from tests.checks.visitor import SIZES, Visitor
from tests.kept import WORLDS, wanted_by
from tests.quick import compile_addresses_when_asked
from wsgi import create_app

NOON = datetime(2026, 2, 3, 12, 0, tzinfo=UTC)
# What brings a database into a test, its own or the shared one.
WITH_DATABASE = {"app", "world", "own", "served", "empty", "tmp_path"}
ALIKE = (
    "tests/scoring/test_matrix.py",
    "tests/house/",
    "tests/look/",
    "tests/core/pdf/",
    "tests/checks/",
    "tests/journeys/",
    "tests/evaluation/test_outcomes_in_browser.py",
)
BUT = ("tests/house/test_migrations.py",)

# The apps of one run, of which a journey starts many, write each template's code once.
Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": BYTECODE}
compile_addresses_when_asked()


def pytest_collection_finish():
    """What is loaded stays until the end, so the collector need not look through it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 10, 10)


def pytest_collection_modifyitems(config, items):
    """On PostgreSQL only what can differ there is run again: not drawing, not the look, not the code about itself, and of a
    test with many parameters its first and its last.

    Everything runs there, the long story and the matrix of recusals too, with EVERYTHING_TWICE set, as `make proof` does.
    """
    if not os.environ.get("TEST_DATABASE_URL") or os.environ.get("EVERYTHING_TWICE"):
        return

    def can_differ(item) -> bool:
        address = item.nodeid.replace(os.sep, "/")
        if address.startswith(ALIKE) and not address.startswith(BUT):
            return False
        return bool(WITH_DATABASE & set(item.fixturenames))

    kept = first_and_last([item for item in items if can_differ(item)])
    chosen = {item.nodeid for item in kept}
    config.hook.pytest_deselected(items=[item for item in items if item.nodeid not in chosen])
    items[:] = kept


def first_and_last(items: list) -> list:
    """Of each test the item with its first parameters and the one with its last."""
    by_test: dict[str, list] = {}
    for item in items:
        by_test.setdefault(item.nodeid.partition("[")[0], []).append(item)
    return [item for item in items if item in (of := by_test[item.nodeid.partition("[")[0]])[:1] or item is of[-1]]


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item):
    WORLDS.prepare(wanted_by(item))


@pytest.fixture(scope="session")
def app(tmp_path_factory):
    app = create_app(
        tmp_path_factory.mktemp("instance"),
        env="test",
        secret_key="a key for tests that is long enough",
        database_url=os.environ.get("TEST_DATABASE_URL", ""),
    )
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False, SERVER_NAME=None)
    app.test_client_class = CheckedClient
    with app.app_context():
        db.drop_all()
        db.create_all()
    yield app
    WORLDS.close()
    with app.app_context():
        db.engine.dispose()


@pytest.fixture(autouse=True)
def _push_request_context():
    """pytest-flask would hold one request open for the whole test; ours has none until the client makes one."""


@pytest.fixture(autouse=True)
def time():
    """Tuesday 3 February 2026, midday in London; `time.move(hours=1)` moves it."""
    with clock.stand_still(NOON) as standing:
        yield standing


@pytest.fixture
def database(app):
    """An app context whose every commit is undone at the end of the test."""
    engines = db._app_engines[app]
    engine = engines[None]
    with app.app_context(), WORLDS.test(engine) as connection:
        engines[None] = connection
        db.session.remove()
        db.session.configure(join_transaction_mode="create_savepoint")
        try:
            yield db
        finally:
            db.session.remove()
            engines[None] = engine
            db.session.configure(join_transaction_mode="conditional_savepoint")


@pytest.fixture
def client(app, database):
    return app.test_client()


@pytest.fixture
def as_(app, database):
    """`as_(person)` is a client signed in as that person."""

    def sign_in(person) -> FlaskClient:
        now = clock.now()
        token = sessions.begin(person, now=now)
        db.session.commit()
        client = app.test_client()
        with client.session_transaction() as cookie:
            cookie.update(token=token, seen=int(now.timestamp()))
        return client

    return sign_in


@pytest.fixture
def statements(database):
    """`with statements() as seen:` counts the SQL statements inside."""

    class Counting(list):
        def __enter__(self):
            event.listen(db.engine, "before_cursor_execute", self._note)
            return self

        def __exit__(self, *_):
            event.remove(db.engine, "before_cursor_execute", self._note)

        def _note(self, _conn, _cursor, statement, *_):
            if not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN")):
                self.append(statement)

    return Counting


@pytest.fixture(scope="session")
def world(tmp_path_factory):
    """The demonstration world as the scenes make it, to be copied; made when the first journey asks."""
    with clock.stand_still(NOON):
        template = Template(tmp_path_factory.mktemp("world"))
    yield template
    template.drop()


@pytest.fixture
def site(world):
    """The real app with its own copy of the demonstration world, served on this machine: `site.address`."""
    with world.copy().served() as site:
        yield site


@pytest.fixture(scope="session")
def browser():
    """One headless browser for the whole run."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        running = launch(playwright)
        yield running
        running.close()


@pytest.fixture
def visit(site, browser):
    """`visit("officer")` is that member of the cast at a browser, `visit()` somebody not signed in."""
    contexts = []

    def arrive(cast_as: str | None = None, **options) -> Visitor:
        context = browser.new_context(viewport=SIZES[1], locale="en-GB", timezone_id="Europe/London", **options)
        context.set_default_timeout(10_000)
        contexts.append(context)
        if cast_as:
            context.add_cookies([site.cookie(cast_as)])
        return Visitor(site, context.new_page(), scripts=options.get("java_script_enabled", True))

    yield arrive
    for context in contexts:
        context.close()
