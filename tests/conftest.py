"""What every test stands on: one app, a database rolled back after each test, a clock that stands still, a checked client.

Journeys stand on `site`, a served copy of the demonstration world, and `visit`, people at its browser.
"""

import gc
import os
from datetime import UTC, datetime
from hashlib import sha256

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
from tests.on_postgresql import belongs
from tests.quick import compile_addresses_when_asked
from wsgi import create_app

EVERYTHING = bool(os.environ.get("EVERYTHING_TWICE"))
NOON = datetime(2026, 2, 3, 12, 0, tzinfo=UTC)
# The apps of one run, of which a journey starts many, write each template's code once.
Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": BYTECODE}
compile_addresses_when_asked()


def pytest_collection_finish():
    """What is loaded stays until the end, so the collector need not look through it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 10, 10)


def pytest_configure(config):
    config.addinivalue_line("markers", "proof: takes seconds and holds a rare thing, so `make proof` alone runs it")


def pytest_collection_modifyitems(config, items):
    """What runs here: not what is left to `make proof`, which sets EVERYTHING_TWICE; and on PostgreSQL only what can differ
    there (see tests/on_postgresql.py)."""
    if EVERYTHING:
        return
    kept = [item for item in items if not item.get_closest_marker("proof")]
    if os.environ.get("TEST_DATABASE_URL"):
        kept = [item for item in kept if belongs(item.nodeid.replace(os.sep, "/"), item.fixturenames)]
    chosen = {item.nodeid for item in kept}
    config.hook.pytest_deselected(items=[item for item in items if item.nodeid not in chosen])
    items[:] = kept


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
def letters_undrawn(monkeypatch):
    """For tests that make offers and read no letter: each has a fingerprint of its own and no pages, which take a while to draw."""
    monkeypatch.setattr("awards.signing.draw", lambda document: sha256(repr(document).encode()).digest())


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
