"""The people of a bid and the bid itself."""

import os

import pytest

from applications.workflow import APPLICATION
from fund.core.database import db
from fund.demonstration import empty
from tests.factories import applications as make_bid
from tests.factories import fund as make
from tests.kept import kept
from tests.quick import create_tables
from wsgi import create_app


@pytest.fixture
@kept
def lead(database):
    return make.person("Ada Lead")


@pytest.fixture
@kept
def draft(lead):
    return make_bid.complete_draft(lead)


@pytest.fixture(autouse=True)
def _later_packages(monkeypatch):
    """Moves also ask packages further down; a test of this one does without those that are not there."""
    for name in APPLICATION.unregistered():
        for shelf in (APPLICATION.needs, APPLICATION.tells, APPLICATION.who):
            monkeypatch.setitem(shelf, name, lambda *_given, **_facts: True)


@pytest.fixture
def served(tmp_path):
    """An app where threads may commit: an SQLite file of its own, or the tests' PostgreSQL, emptied afterwards."""
    yield from app_of_its_own(tmp_path)


def app_of_its_own(folder):
    url = os.environ.get("TEST_DATABASE_URL", "")
    app = create_app(folder, env="test", secret_key="a key for tests that is long enough", database_url=url)
    with app.app_context():
        create_tables()
    yield app
    with app.app_context():
        if url:
            empty()
            db.session.commit()
        db.engine.dispose()
