"""kill -9 in the middle of the work: what was answered "saved" is there afterwards, and the site starts again by itself."""

import http.client
import json
import os
import re
import signal
import sqlite3
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from datetime import UTC, datetime

import pytest
from flask import session

from fund import sessions
from fund.core import audit, clock
from fund.core.database import db
from tests.factories import applications as make_bid
from tests.factories import fund as make
from tests.proof.test_serving import KEY, Served
from wsgi import create_app

QUESTIONS = ("Q1", "Q2", "Q4", "Q5", "Q6", "Q8")
KILLS = 8


class Writer(threading.Thread):
    """Somebody who saves one answer again and again; `told` is the last number that the site said it has saved."""

    def __init__(self, served: Served, bid: int, question: str, cookie: str, first: int):
        super().__init__()
        self.address = f"{served.address}/applications/{bid}/questions/{question}"
        self.question, self.headers = question, {"Cookie": cookie, "Accept": "application/json"}
        self.first = self.number = first
        self.told, self.over = 0, threading.Event()
        self.refused = self.gone = ""

    def page(self) -> tuple[str, str]:
        asked = urllib.request.Request(self.address, headers={"Cookie": self.headers["Cookie"]})
        with urllib.request.urlopen(asked, timeout=30) as answer:
            html = answer.read().decode()
            if given := answer.headers["Set-Cookie"]:
                self.headers["Cookie"] = given.partition(";")[0]
        return tuple(re.search(rf'name="{name}"[^>]*value="([^"]*)"', html)[1] for name in ("csrf_token", "version"))

    def run(self) -> None:
        try:
            token, version = self.page()
            while not self.over.is_set():
                self.number += 1
                fields = {"csrf_token": token, "version": version, "value": f"{self.question} text {self.number}"}
                data = urllib.parse.urlencode(fields).encode()
                with urllib.request.urlopen(
                    urllib.request.Request(self.address, data, self.headers), timeout=30
                ) as answer:
                    version = json.loads(answer.read())["version"]
                self.told = self.number
        except urllib.error.HTTPError as error:
            self.refused = f"{error.code} {error.read()[:2000]!r}"
        except (OSError, http.client.HTTPException) as error:
            self.gone = repr(error)  # what the site said until now counts


@pytest.fixture
def site(tmp_path):
    served = Served(tmp_path)
    try:
        yield served.wait()
    finally:
        served.stop()


def a_draft(served: Served) -> tuple[int, str]:
    """A draft of somebody, and the cookie of their browser."""
    app = create_app(served.folder, env="demonstration", secret_key=KEY, database_url="")
    with clock.stand_still(datetime.now(UTC)), app.app_context():
        lead = make.person()
        bid = make_bid.complete_draft(lead)
        with app.test_request_context(method="POST"):
            session.update(token=sessions.begin(lead, now=clock.now()), seen=int(clock.now().timestamp()))
            value = app.session_interface.get_signing_serializer(app).dumps(dict(session))
        db.session.commit()
        key = bid.id
        db.engine.dispose()
    return key, f"{app.config['SESSION_COOKIE_NAME']}={value}"


def stored(served: Served) -> dict[str, int]:
    """The number that each answer has in the database."""
    kept = sqlite3.connect(served.folder / "fund.sqlite")
    rows = kept.execute("select q.key, a.value from answer a join question q on q.id = a.question_id").fetchall()
    kept.close()
    found = {key: re.search(r"text (\d+)", str(value)) for key, value in rows}
    return {key: int(match[1]) for key, match in found.items() if match}


def test_nothing_that_was_answered_saved_is_lost_by_a_kill(site):
    """Eight kills while six people save: each answer is at least as new as the last that was acknowledged."""
    bid, cookie = a_draft(site)
    acknowledged = 0
    for turn in range(KILLS):
        writers = [Writer(site, bid, question, cookie, turn * 100_000) for question in QUESTIONS]
        for each in writers:
            each.start()
        until = time.monotonic() + 30
        while not all(each.told for each in writers) and time.monotonic() < until:
            time.sleep(0.05)
        time.sleep(turn * 0.21)
        children = site.children()
        os.kill(site.process.pid, signal.SIGKILL)
        site.process.wait(10)
        for each in writers:
            each.over.set()
            each.join(40)
        kept = stored(site)
        for each in writers:
            assert not each.refused
            assert each.told > 0, f"{each.question} was never saved: {each.gone} {site.words()[-2000:]}"
            assert kept[each.question] in (each.told, each.told + 1), each.question
            acknowledged += each.told - each.first
        until = time.monotonic() + 30
        while any(_lives(child) for child in children) and time.monotonic() < until:
            time.sleep(0.1)
        assert not any(_lives(child) for child in children), "the jobs process outlives a server that is gone"
        site.process = site.start()
        site.wait()
    check = sqlite3.connect(site.folder / "fund.sqlite")
    assert check.execute("pragma integrity_check").fetchone() == ("ok",)
    assert check.execute("pragma foreign_key_check").fetchall() == []
    check.close()
    app = create_app(site.folder, env="demonstration", secret_key=KEY, database_url="")
    with app.app_context():
        assert audit.verify() is None
        db.engine.dispose()
    print(f"{KILLS} kills, {acknowledged} saves acknowledged, 0 lost")


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True
