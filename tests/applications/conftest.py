"""The people of a bid and the bid itself."""

import pytest

from applications.workflow import APPLICATION
from tests.factories import applications as make_bid
from tests.factories import fund as make


@pytest.fixture
def lead(database):
    return make.person("Ada Lead")


@pytest.fixture
def draft(lead):
    return make_bid.complete_draft(lead)


@pytest.fixture(autouse=True)
def _later_packages(monkeypatch):
    """Moves also ask packages further down; a test of this one does without those that are not there."""
    for name in APPLICATION.unregistered():
        for shelf in (APPLICATION.needs, APPLICATION.tells, APPLICATION.who):
            monkeypatch.setitem(shelf, name, lambda *_given, **_facts: True)
