"""Worlds that many tests begin with, made once and given to each of them as if it were new.

`@kept` under `@pytest.fixture` says that what the fixture makes in the database may stay for the next test that begins with
the same fixtures in the same order. Each stands in a savepoint on top of the one before; a test runs in a savepoint of its
own on top of them all, which is undone afterwards, so no test sees what another did. A test that begins otherwise has what
it does not want undone first. Nothing else may be kept: no thread, no patch, no app of its own.
"""

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from sqlalchemy import inspect
from sqlalchemy.engine import Connection, NestedTransaction

from fund.core import clock
from fund.core.database import db
from fund.core.demonstration import World

# Fixtures that stand on the database and write nothing by themselves.
READING = {"database", "client", "as_", "statements"}
PLAIN = (str, bytes, int, float, bool, Decimal, date, datetime, type(None))


def kept(make: Callable) -> Callable:
    """What this fixture makes is kept for the next test that wants it. It may ask for kept fixtures, `database` and `time`."""
    name = f"{make.__module__}.{make.__qualname__}"

    @functools.wraps(make)
    def fixture(**given):
        return WORLDS.have(name, functools.partial(make, **given), given.get("time"))

    fixture.kept_as = name  # type: ignore[attr-defined]
    return fixture


@dataclass
class Layer:
    """What one fixture made: its name, the savepoint under it, how to find it again, and how late it is by then."""

    name: str
    savepoint: NestedTransaction
    found: Callable[[], Any]
    moment: datetime


class Worlds:
    """The layers that stand at present, on one connection whose transaction is never committed."""

    def __init__(self) -> None:
        self.layers: list[Layer] = []
        self.wanted: tuple[str, ...] = ()
        self.connection: Connection | None = None
        self.outer: Any = None
        self.of_test: NestedTransaction | None = None
        self.place = 0

    def prepare(self, wanted: tuple[str, ...]) -> None:
        """Undo every layer with which the next test does not begin."""
        self.wanted, self.place = wanted, 0
        same = 0
        while same < min(len(self.layers), len(wanted)) and self.layers[same].name == wanted[same]:
            same += 1
        while len(self.layers) > same:
            self.layers.pop().savepoint.rollback()
        if not wanted:
            self.close()

    def close(self) -> None:
        """Undo everything and give the connection back."""
        if self.connection is not None:
            self.outer.rollback()
            self.connection.close()
        self.connection, self.outer, self.layers = None, None, []

    @contextmanager
    def test(self, engine) -> Iterator[Connection]:
        """The connection of one test, everything on which is undone at its end."""
        if self.connection is None:
            self.connection = engine.connect()
            self.outer = self.connection.begin()
        self.of_test = self.connection.begin_nested() if self.wanted else None
        try:
            yield self.connection
        finally:
            if self.layers and self.of_test is not None and self.of_test.is_active:
                self.of_test.rollback()
            else:  # nothing is kept, or the test broke what it stood on
                self.close()
            self.of_test = None

    def have(self, name: str, make: Callable[[], Any], time) -> Any:
        """What the fixture of this name made for an earlier test, or what it makes now."""
        if self.of_test is None or self.place >= len(self.wanted) or self.wanted[self.place] != name:
            return make()  # asked for in another way than by its name: the test's own
        if self.place == len(self.layers):
            value = self._add(name, make)
        else:
            layer = self.layers[self.place]
            if time is not None and layer.moment > clock.now():
                time.move(seconds=(layer.moment - clock.now()).total_seconds())
            value = layer.found()
        self.place += 1
        return value

    def _add(self, name: str, make: Callable[[], Any]) -> Any:
        assert self.connection is not None
        assert self.of_test is not None
        session = db.session()
        session.expire_on_commit = False  # what the test has in hand already is as it would be without us
        try:
            session.commit()
            self.of_test.commit()  # nothing was done in it yet but to read
            savepoint = self.connection.begin_nested()
            try:
                value = make()
                session.commit()
                found = finder(value)
            except BaseException:
                db.session.remove()
                savepoint.rollback()
                raise
        finally:
            session.expire_on_commit = True
        self.layers.append(Layer(name, savepoint, found, clock.now()))
        self.of_test = self.connection.begin_nested()
        return value


WORLDS = Worlds()


def finder(value: Any) -> Callable[[], Any]:
    """A function that finds this again in a later session: rows by their key, lists and the like by what is in them."""
    if isinstance(value, db.Model):
        return _row_finder(value)
    if isinstance(value, PLAIN):
        return lambda: value
    if isinstance(value, (SimpleNamespace, World)) or type(value).__module__.startswith("tests."):
        blank, inside = type(value), finder(vars(value))
        return lambda: _filled(blank.__new__(blank), inside())
    if type(value) is dict:
        pairs = [(finder(key), finder(each)) for key, each in value.items()]
        return lambda: {key(): each() for key, each in pairs}
    if type(value) in (list, tuple, set):
        of, parts = type(value), [finder(each) for each in value]
        return lambda: of(each() for each in parts)
    raise TypeError(f"a {type(value).__name__} cannot be kept")


def _row_finder(row: Any) -> Callable[[], Any]:
    """By its key, with what a fixture hung on it besides."""
    of, key = type(row), inspect(row).identity
    known = {"_sa_instance_state", *inspect(of).attrs.keys()}
    hung = finder({name: each for name, each in vars(row).items() if name not in known and not hasattr(of, name)})
    return lambda: _filled(db.session.get_one(of, key), hung())


def _filled(thing: Any, inside: dict[str, Any]) -> Any:
    vars(thing).update(inside)
    return thing


def wanted_by(item) -> tuple[str, ...]:
    """The kept fixtures with which this test begins, in the order in which they are made."""
    definitions = item._fixtureinfo.name2fixturedefs
    order: list[str] = []
    writes: dict[str, bool] = {}  # of each fixture, whether it may have written something of the test's own

    def visit(argument: str) -> bool:
        if argument in writes or argument not in definitions:
            return writes.get(argument, False)
        definition = definitions[argument][-1]
        below = [visit(each) for each in definition.argnames]
        name = getattr(definition.func, "kept_as", None)
        if name and not any(writes.values()):
            order.append(name)
        writes[argument] = argument not in READING and (
            any(below) or (not name and "database" in _behind(argument, definitions))
        )
        return writes[argument]

    for argument in item.fixturenames:
        visit(argument)
    return tuple(order)


def _behind(argument: str, definitions) -> set[str]:
    """Every fixture that this one stands on."""
    names = set(definitions[argument][-1].argnames) if argument in definitions else set()
    return names.union(*(_behind(each, definitions) for each in names)) if names else names
