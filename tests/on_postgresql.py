"""Which tests `make test` runs on PostgreSQL too: few that together send every statement the whole suite sends.

A test can differ there by what it asks of the database. Therefore every test's statements are noted once, and the cheapest
tests that send them all between them are chosen (docs/decisions/0036-tests-on-postgresql.md). The choice stands in
on_postgresql.txt beside this file; `make choice` notes and chooses anew. A test that the file does not know yet runs on
PostgreSQL, and so does every test about guards, races, locks, threads and migrations, whatever the file says.
"""

import heapq
import json
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pytest
from sqlalchemy import Engine, event

CHOICE = Path(__file__).with_suffix(".txt")
HEAD = """\
# Written by `make choice`; do not edit. See tests/on_postgresql.py.
# + runs on SQLite and on PostgreSQL. - sends nothing to the database that a test with a + does not send.
"""
# Where the two databases themselves differ: what they refuse, who waits for whom, what goes wrong at the same moment.
ALWAYS = re.compile(
    r"guard|race|migration|trigger|simultaneous|thread|at_once|at_the_same|concurrent|pressed_twice|pairs_over|quicker"
    r"|test_database\.py|test_jobs\.py|_locks?(_|\b)|_held(_|\b)"
)
# The look, the drawing and the code about itself ask no database, or ask it what is asked elsewhere.
NEVER = (
    "tests/scoring/test_matrix.py", "tests/house/", "tests/look/", "tests/core/pdf/", "tests/checks/", "tests/journeys/",
    "tests/evaluation/test_outcomes_in_browser.py",
)  # fmt: skip
BUT = ("tests/house/test_migrations.py",)
# What brings a database into a test, its own or the shared one.
WITH_DATABASE = {"app", "world", "own", "served", "empty", "tmp_path"}


def belongs(address: str, fixtures: Iterable[str]) -> bool:
    """Whether `make test` runs the test of this address (pytest's, with its parameters) on PostgreSQL."""
    if (address.startswith(NEVER) and not address.startswith(BUT)) or not WITH_DATABASE & set(fixtures):
        return False
    chosen, known = choice()
    return address in chosen or function_of(address) not in known or bool(ALWAYS.search(address))


def function_of(address: str) -> str:
    return address.partition("[")[0]


@cache
def choice() -> tuple[frozenset[str], frozenset[str]]:
    """The addresses with a +, and every test function that the file knows."""
    chosen, known, module = set(), set(), ""
    for line in CHOICE.read_text().splitlines():
        if line.startswith("tests/"):
            module = line
        elif line.startswith(("  + ", "  - ")):
            address = f"{module}::{line[4:]}"
            known.add(function_of(address))
            if line.startswith("  + "):
                chosen.add(address)
    return frozenset(chosen), frozenset(known)


# Noting: what a statement asks, without its values.

VALUES = re.compile(r"\((?:\s*(?:\?|%\([^)]*\)s(?:::\w+)?|NULL)\s*,?)+\)")
INSERT = re.compile(r"INSERT INTO (\w+) \(([^)]*)\) VALUES (?:\(…\)(?:, )?)+(.*)", re.DOTALL)
UPDATE = re.compile(r"UPDATE (\w+) SET (.*?) WHERE (.*)", re.DOTALL)
PLAIN = re.compile(r"\w+\s*=\s*(?:\?|%\([^)]*\)s(?:::\w+)?)")
NO_QUESTION = ("CREATE", "DROP", "ALTER", "PRAGMA", "SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT")


@cache
def asks(statement: str) -> frozenset[str]:
    """What this statement asks. Which columns are written together is chance: each column counts by itself."""
    if statement.lstrip().upper().startswith(NO_QUESTION):
        return frozenset()
    plain = VALUES.sub("(…)", statement)
    if found := INSERT.fullmatch(plain):
        table, columns, rest = found.groups()
        return frozenset({f"insert {table}.{each.strip()}" for each in columns.split(",")} | {f"insert {table} {rest}"})
    if (found := UPDATE.fullmatch(plain)) and all(PLAIN.fullmatch(each.strip()) for each in found[2].split(",")):
        table, columns, rest = found.groups()
        parts = {f"update {table}.{each.partition('=')[0].strip()}" for each in columns.split(",")}
        return frozenset(parts | {f"update {table} where {rest}"})
    return frozenset({plain})


class Notes:
    """A plugin of pytest: what each test asks of the database, what it is refused, and its seconds of processor time."""

    def __init__(self, path: Path):
        self.path, self.asked, self.seconds = path, {}, {}
        self.now: set[str] = set()
        self.locks = False
        event.listen(Engine, "before_execute", self._look_for_locks)
        event.listen(Engine, "before_cursor_execute", self._note)
        event.listen(Engine, "handle_error", self._note_refusal)

    def _look_for_locks(self, _conn, clause, *_):
        self.locks = getattr(clause, "_for_update_arg", None) is not None

    def _note(self, _conn, _cursor, statement, *_):
        self.now |= {f"{each} for update" for each in asks(statement)} if self.locks else asks(statement)
        self.locks = False

    def _note_refusal(self, context):
        error = context.original_exception
        self.now.add(f"refused: {type(error).__name__}: {str(error).partition(chr(10))[0]}")

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item):
        self.now, began = set(), time.process_time()
        answer = yield
        self.seconds[item.nodeid] = round(time.process_time() - began, 3)
        self.asked[item.nodeid] = sorted(self.now)
        return answer

    def pytest_sessionfinish(self):
        self.path.write_text(json.dumps({"asked": self.asked, "seconds": self.seconds}))


def pytest_addoption(parser):
    parser.addoption("--statements", help="write what each test asks of the database into this file")


def pytest_configure(config):
    if path := config.getoption("--statements"):
        config.pluginmanager.register(Notes(Path(path)))


# Choosing.


def choose(asked: dict[str, list[str]], seconds: dict[str, float]) -> list[str]:
    """The tests that between them ask everything that is asked; at each step the one that adds most for its time."""
    left = {each for things in asked.values() for each in things}
    adds = {address: set(things) for address, things in asked.items()}
    cost = {address: seconds[address] + 0.01 for address in asked}
    waiting = [(-len(adds[each]) / cost[each], each) for each in asked]
    heapq.heapify(waiting)
    chosen = []
    while left and waiting:
        _, address = heapq.heappop(waiting)
        adds[address] &= left
        rate = -len(adds[address]) / cost[address]
        if waiting and rate > waiting[0][0]:
            heapq.heappush(waiting, (rate, address))  # it adds less than it did: another may be better now
        elif adds[address]:
            chosen.append(address)
            left -= adds[address]
    return chosen


def as_text(addresses: Iterable[str], chosen: Iterable[str]) -> str:
    """The file: by module, in order; of a test with parameters the chosen ones, or one line for the test."""
    taken = set(chosen)
    with_one = {function_of(each) for each in taken}
    lines: dict[str, set[str]] = {}
    for address in addresses:
        module, _, name = address.partition("::")
        if address in taken:
            lines.setdefault(module, set()).add(f"  + {name}")
        elif function_of(address) not in with_one:
            lines.setdefault(module, set()).add(f"  - {function_of(name)}")
    return HEAD + "".join(
        "\n".join((module, *sorted(lines[module], key=lambda line: line[4:]))) + "\n" for module in sorted(lines)
    )


def main() -> int:
    """Note what every test asks, on SQLite, and write the choice. A test that fails is noted all the same."""
    with tempfile.TemporaryDirectory() as folder:
        notes = Path(folder, "notes")
        command = (sys.executable, "-m", "pytest", "-q", "-p", "tests.on_postgresql", "--statements", str(notes))
        code = subprocess.call([*command, *(f"--ignore={each}" for each in ("tests/proof", *NEVER)), "tests"])
        noted = json.loads(notes.read_text())
    chosen = choose(noted["asked"], noted["seconds"])
    CHOICE.write_text(as_text(noted["asked"], chosen))
    print(f"{len(chosen)} of {len(noted['asked'])} tests also run on PostgreSQL")
    return code


if __name__ == "__main__":
    sys.exit(main())
