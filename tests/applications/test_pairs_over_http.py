"""Forty pairs of saves at the same moment, by two people at two processes that serve one database (design rule 16).

As in a real installation: each process is a whole server, and nothing but the database stands between the two saves.
"""

import re
import subprocess
import sys
import threading
import urllib.error
import urllib.parse
import urllib.request
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from flask import session

from applications.answers import values_of
from applications.applications import load_application
from fund import sessions
from fund.core import clock
from fund.core.database import db
from tests.factories import applications as make_bid
from tests.factories import fund as make
from wsgi import ROOT

from .conftest import app_of_its_own

KEY = "a key for tests that is long enough"
SERVE = f"""
import sys
from waitress.server import create_server
from pathlib import Path
from wsgi import create_app
app = create_app(Path(sys.argv[1]), env="demonstration", secret_key="{KEY}", database_url=sys.argv[2])
server = create_server(app, host="127.0.0.1", port=0, threads=4)
print(server.effective_port, flush=True)
server.run()
"""


@contextmanager
def serving(folder, url: str, processes: int):
    """Server processes of their own over this database; their addresses. They start side by side."""
    command = [sys.executable, "-c", SERVE, str(folder), url]
    started = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(processes)]
    try:
        yield [f"http://127.0.0.1:{each.stdout.readline().strip()}" for each in started]
    finally:
        for each in started:
            each.terminate()
        for each in started:
            each.wait(10)
            each.stdout.close()


class Writer:
    """One person at one server, with a question open: the page's version and token stand in it."""

    def __init__(self, address: str, cookie: str, bid: int):
        self.address, self.cookie, self.bid = address, cookie, bid
        self.heard, self.words = 0, ""

    def open(self, key: str) -> None:
        self.at = f"{self.address}/applications/{self.bid}/questions/{key}"
        with urllib.request.urlopen(
            urllib.request.Request(self.at, headers={"Cookie": self.cookie}), timeout=60
        ) as page:
            html = page.read().decode()
            if given := page.headers["Set-Cookie"]:
                self.cookie = given.partition(";")[0]
        names = ("csrf_token", "version", "page", "turn")
        self.hidden = {name: re.search(rf'name="{name}"[^>]*value="([^"]*)"', html)[1] for name in names}

    def save(self, text: str, barrier: threading.Barrier) -> None:
        typed = urllib.parse.urlencode({**self.hidden, "value": text, "go": "return"}).encode()
        asked = urllib.request.Request(self.at, typed, {"Cookie": self.cookie})
        barrier.wait()
        try:
            with urllib.request.urlopen(asked, timeout=60) as answer:
                self.heard, self.words = answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                self.heard, self.words = error.code, error.read().decode()


@pytest.fixture(scope="module")
def two(tmp_path_factory):
    """Ada at one process and Dee at another, both editing one bid. The processes know no standing clock: it is now."""
    folder = tmp_path_factory.mktemp("two")
    with contextmanager(app_of_its_own)(folder) as served:
        yield from at_two_processes(served, folder)


def at_two_processes(served, folder):
    with clock.stand_still(datetime.now(UTC)), served.app_context():
        ada, dee = make.person("Ada Lead"), make.person("Dee Colleague")
        bid = make_bid.complete_draft(ada)
        make_bid.collaborator(bid, dee, "editor")
        key, cookies = bid.id, []
        for person in (ada, dee):
            with served.test_request_context(method="POST"):
                now = clock.now()
                session.update(token=sessions.begin(person, now=now), seen=int(now.timestamp()))
                value = served.session_interface.get_signing_serializer(served).dumps(dict(session))
                cookies.append(f"{served.config['SESSION_COOKIE_NAME']}={value}")
        db.session.commit()
        url = db.engine.url.render_as_string(hide_password=False)
    with serving(folder, url, 2) as (first, second):
        yield served, key, Writer(first, cookies[0], key), Writer(second, cookies[1], key)


def at_once(*saves: tuple[Writer, str]) -> None:
    barrier = threading.Barrier(len(saves))
    threads = [threading.Thread(target=writer.save, args=(text, barrier)) for writer, text in saves]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_rule_16_forty_pairs_at_two_processes_on_different_answers_lose_nothing(two):
    served, key, ada, dee = two
    kept = 0
    for turn in range(40):
        ada.open("Q1")
        dee.open("Q2")
        at_once((ada, f"Ada {turn}"), (dee, f"Dee {turn}"))
        assert (ada.heard, dee.heard) == (200, 200), (ada.words + dee.words)[:2000]
        with served.app_context():
            values = values_of(load_application(key))
            kept += (values["Q1"], values["Q2"]) == (f"Ada {turn}", f"Dee {turn}")
    assert kept == 40


def test_rule_16_forty_pairs_at_two_processes_on_one_answer_show_both_texts_every_time(two):
    served, key, ada, dee = two
    shown = 0
    for turn in range(40):
        ada.open("Q1")
        dee.open("Q1")
        at_once((ada, f"Ada {turn}."), (dee, f"Dee {turn}."))
        assert sorted((ada.heard, dee.heard)) == [200, 409], (ada.words + dee.words)[:2000]
        second = ada if ada.heard == 409 else dee
        shown += f"Ada {turn}." in second.words and f"Dee {turn}." in second.words
        with served.app_context():
            first = "Dee" if second is ada else "Ada"
            assert values_of(load_application(key))["Q1"] == f"{first} {turn}."
    assert shown == 40
