"""The whole suite on both databases, in parts that run beside each other, as many at once as there are cores.

`make test` runs this. With arguments (paths, options of pytest) it runs those on SQLite and on PostgreSQL.
"""

import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import repeat
from typing import IO

from tests import postgres

STORY = "tests/journeys/test_a_whole_round.py"
BROWSER = ("tests/journeys", "tests/look", "tests/checks", "tests/evaluation/test_outcomes_in_browser.py")
# Stories that take minutes: `make proof` tells them.
LONG = (
    "tests/journeys/test_an_evening.py", "tests/journeys/test_award_day.py", "tests/journeys/test_sample_bids_are_typed.py",
    "tests/journeys/test_when_time_is_over.py",
)  # fmt: skip
# One half of the folders; a folder that is not named is in the other.
HALF = ("tests/awards", "tests/core", "tests/evaluation", "tests/fund")
# The databases are ours to say; and code that is compiled is kept, for the other parts and for each process that a test starts.
NOT_HANDED_ON = ("TEST_DATABASE_URL", "DATABASE_URL", "PYTHONDONTWRITEBYTECODE")
PYTEST = (sys.executable, "-m", "pytest", "-q", "--durations=8", "--ignore=tests/proof")


@dataclass(frozen=True)
class Part:
    """Some of the tests on one of the databases."""

    name: str
    arguments: tuple[str, ...] = ()
    on_postgres: bool = False


def without(*paths: str) -> tuple[str, ...]:
    return tuple(f"--ignore={each}" for each in paths)


# In this order two cores end at about the same time.
PARTS = (
    Part("the browsers", (*BROWSER, *without(STORY, *LONG))),
    Part("SQLite: applications, scoring and the rest", without(*HALF, *BROWSER)),
    Part("the long story in a browser", (STORY,)),
    Part("PostgreSQL", without(*BROWSER), on_postgres=True),
    Part("SQLite: awards, core, evaluation, fund", (*HALF, *without(*BROWSER))),
)


def parts_for(arguments: list[str]) -> tuple[Part, ...]:
    chosen = tuple(arguments)
    return (Part("PostgreSQL", chosen, on_postgres=True), Part("SQLite", chosen)) if chosen else PARTS


def databases(parts: tuple[Part, ...], server: str) -> list[str]:
    """For each part the address of an empty database of its own on PostgreSQL; "" where it needs none."""
    return [
        postgres.new_database(server, f"tests_{place}") if part.on_postgres else "" for place, part in enumerate(parts)
    ]


def call(command: list[str], env: dict[str, str], words: IO[str]) -> tuple[int, float]:
    """Run a command; its exit code, and the seconds of processor time of it and of what it started and waited for."""
    running = subprocess.Popen(command, env=env, stdout=words, stderr=subprocess.STDOUT)
    _pid, status, used = os.wait4(running.pid, 0)
    running.returncode = os.waitstatus_to_exitcode(status)
    return running.returncode, used.ru_utime + used.ru_stime


def run(part: Part, url: str, shared: str) -> int:
    """Run one part on the database of `url` and print what it said when it has finished; pytest's exit code. In the folder
    `shared` the parts leave for each other the demonstration world, and which pages axe has read."""
    env = {name: value for name, value in os.environ.items() if name not in NOT_HANDED_ON} | {"SHARED": shared}
    began = time.monotonic()
    with tempfile.TemporaryFile("w+") as words:
        code, worked = call([*PYTEST, *part.arguments], env | ({"TEST_DATABASE_URL": url} if url else {}), words)
        words.seek(0)
        verdict = "passes" if code == 0 else "FAILS"
        took = f"{time.monotonic() - began:.0f} seconds, {worked:.0f} of them the processor's"
        print(f"== {part.name} {verdict}, {took}\n{words.read()}", flush=True)
    return code


def main(arguments: list[str]) -> int:
    began = time.monotonic()
    parts = parts_for(arguments)
    at_once = max(2, min(len(parts), os.cpu_count() or 2))
    print(f"{len(parts)} parts, {at_once} at once: {', '.join(each.name for each in parts)}", flush=True)
    with (
        postgres.running() as server,
        ThreadPoolExecutor(at_once) as pool,
        tempfile.TemporaryDirectory() as shared,
    ):
        codes = list(pool.map(run, parts, databases(parts, server), repeat(shared)))
    failed = [each.name for each, code in zip(parts, codes, strict=True) if code]
    verdict = f"FAILS on: {', '.join(failed)}" if failed else "Everything passes"
    print(f"{verdict}. {time.monotonic() - began:.0f} seconds")
    return max(codes)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
