"""Rules of other packages that a move asks for are answered plainly here when that package is not loaded."""

import pytest

from applications.workflow import APPLICATION
from tests.factories import fund as make
from tests.kept import kept


@pytest.fixture(autouse=True, scope="session")
def _other_packages():
    for row in APPLICATION.moves:
        APPLICATION.who.setdefault(row.who, lambda person, thing: True)
        for name in row.needs:
            APPLICATION.needs.setdefault(name, lambda thing, **_: None)
        for name in row.tells:
            APPLICATION.tells.setdefault(name, lambda thing, **_: None)


@pytest.fixture
@kept
def round(database):
    return make.round(pot_pence=70_000_000)
