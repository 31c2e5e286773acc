"""The choice of tests that `make test` runs on PostgreSQL names tests that are there, and the rule says what it should."""

import ast

from tests import on_postgresql
from tests.house.sources import ROOT, faults
from tests.house.sources import tree as tree_of

DATABASE = ("database", "app")


def functions_in(path) -> set[str]:
    return {each.name for each in ast.walk(tree_of(path)) if isinstance(each, ast.FunctionDef)}


def test_the_choice_names_only_tests_that_exist():
    """A test that went or has another name: `make choice` writes the file anew; a line may also be taken out by hand."""
    _chosen, known = on_postgresql.choice()
    by_module: dict[str, set[str]] = {}
    for address in known:
        module, _, name = address.partition("::")
        by_module.setdefault(module, set()).add(name.rpartition("::")[2])
    gone = [f"{module} is not there" for module in by_module if not (ROOT / module).is_file()]

    def not_there(path):
        yield from sorted(by_module[path.relative_to(ROOT).as_posix()] - functions_in(path))

    there = sorted(ROOT / module for module in by_module if (ROOT / module).is_file())
    assert gone + faults(there, not_there) == []


def test_what_is_new_and_what_is_about_the_database_itself_runs_on_postgresql(monkeypatch):
    few = frozenset({"tests/a.py::test_one[x]"})
    monkeypatch.setattr(on_postgresql, "choice", lambda: (few, few | {"tests/a.py::test_one", "tests/a.py::test_two"}))
    assert on_postgresql.belongs("tests/a.py::test_one[x]", DATABASE)
    assert not on_postgresql.belongs("tests/a.py::test_one[y]", DATABASE)
    assert not on_postgresql.belongs("tests/a.py::test_two", DATABASE)
    assert on_postgresql.belongs("tests/a.py::test_three", DATABASE)
    assert not on_postgresql.belongs("tests/a.py::test_three", ("monkeypatch",))
    assert on_postgresql.belongs("tests/awards/test_guards.py::test_two", DATABASE)
    assert not on_postgresql.belongs("tests/look/test_pages.py::test_three", DATABASE)


def test_the_cheapest_tests_that_ask_everything_are_chosen():
    asked = {
        "a": ["select 1", "select 2"],
        "b": ["select 2", "select 3"],
        "c": ["select 1", "select 2", "select 3"],
        "d": [],
    }
    assert sorted(on_postgresql.choose(asked, {"a": 0.1, "b": 0.1, "c": 9.0, "d": 0.0})) == ["a", "b"]
    assert on_postgresql.choose(asked, {"a": 1.0, "b": 1.0, "c": 0.1, "d": 0.0}) == ["c"]


def test_a_statement_asks_the_same_whatever_its_values_and_how_many_rows():
    asks = on_postgresql.asks
    assert asks("SELECT a FROM t WHERE b IN (?, ?, ?)") == asks("SELECT a FROM t WHERE b IN (?)")
    assert asks("SELECT a FROM t WHERE b = ?") != asks("SELECT a FROM t WHERE b = ? ORDER BY a")
    assert asks("INSERT INTO t (a, b) VALUES (?, ?), (?, ?)") == asks("INSERT INTO t (b, a) VALUES (?, ?)")
    assert asks("UPDATE t SET a=?, b=? WHERE t.id = ?") == asks("UPDATE t SET a=? WHERE t.id = ?") | asks(
        "UPDATE t SET b=? WHERE t.id = ?"
    )
    assert asks("SAVEPOINT one") == frozenset()
