"""Measure the main pages: `python -m bench [--at 100 10000] [--in-round 500] [--times 40] [words of a page's name]`.

A hello is the median time of a one-line page of a bare Flask app under the same server, asked in turn with the page in
the same minutes. The ratio says what a page costs on any machine; milliseconds would say how busy this one is. Beside the
medians stand the lower quartiles: what a page costs when a busy machine leaves it alone.
"""

import argparse
import shutil
import statistics
import tempfile
import time
from http.client import HTTPConnection
from pathlib import Path

from bench.measured import Measured, World, served_hello
from bench.pages import PAGES


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench")
    parser.add_argument("words", nargs="*", help="only pages with one of these words in their name or audience")
    parser.add_argument("--at", type=int, nargs="+", default=[100, 10_000], help="how many applications there are")
    parser.add_argument(
        "--in-round", type=int, default=200, help="how many of them are in the round looked at, at most"
    )
    parser.add_argument("--times", type=int, default=40, help="how often each page is asked for")
    asked = parser.parse_args()
    pages = [
        page for page in PAGES if not asked.words or any(word in f"{page.audience} {page.name}" for word in asked.words)
    ]
    with tempfile.TemporaryDirectory(prefix="fund-bench-") as folder:
        world = World(Path(folder, "world"))
        print(f"The demonstration world took {world.seconds:.0f} seconds to make.")
        for count in asked.at:
            copy = Path(folder, f"at-{count}")
            shutil.copytree(world.folder, copy)
            measure(Measured(copy, count, asked.in_round), pages, asked.times)


def measure(site: Measured, pages, times: int) -> None:
    print(
        f"\nAt {site.applications:,} applications, {site.in_round} of them in the round looked at ({site.seconds:.0f} seconds to make):\n"
    )
    print(
        "| audience | page | hellos | lower quartile | at most | SQL | at most | kB | ms |\n|---|---|---:|---:|---:|---:|---:|---:|---:|"
    )
    over = []
    with site.served() as port, served_hello() as hello:
        for page in pages:
            path = site.path(page)
            cookie = site.cookie(page.cast)
            statements = site.statements(path, cookie)
            ours, hellos, size = in_turn(port, hello, path, cookie, times)
            took, floor = statistics.median(ours), statistics.median(hellos)
            quick = quartile(ours) / quartile(hellos)
            ratio, most = took / floor, page.most_at(site.in_round)
            print(
                f"| {page.audience} | {page.name} | {ratio:.1f} | {quick:.1f} | {most} | {statements} | {page.most_statements} | {size / 1000:.0f} | {took * 1000:.1f} |",
                flush=True,
            )
            if ratio > most or statements > page.most_statements:
                over.append(page.name)
    print(f"\nOver their budget: {', '.join(over) or 'none'}.")


def quartile(seconds: list[float]) -> float:
    """What a quarter of them stays below."""
    return sorted(seconds)[len(seconds) // 4]


def in_turn(port: int, hello: int, path: str, cookie: str, times: int) -> tuple[list[float], list[float], int]:
    """Seconds of the page and of a hello, each time it was asked, and the page's bytes."""
    ours, bare = HTTPConnection("127.0.0.1", port), HTTPConnection("127.0.0.1", hello)
    for _ in range(5):
        fetch(ours, path, cookie), fetch(bare, "/", "")
    pages, hellos, size = [], [], 0
    for _ in range(times):
        took, size = fetch(ours, path, cookie)
        pages.append(took)
        hellos.append(fetch(bare, "/", "")[0])
    return pages, hellos, size


def fetch(connection: HTTPConnection, path: str, cookie: str) -> tuple[float, int]:
    began = time.perf_counter()
    connection.request("GET", path, headers={"Cookie": cookie} if cookie else {})
    answer = connection.getresponse()
    body = answer.read()
    took = time.perf_counter() - began
    if answer.status != 200:
        raise SystemExit(f"GET {path} answered {answer.status} {answer.getheader('Location') or ''}")
    return took, len(body)


if __name__ == "__main__":
    main()
