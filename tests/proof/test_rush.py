"""The last seconds before a deadline: eighty groups send at once, half of them too late, while the public reads."""

import http.client
import re
import sqlite3
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from datetime import UTC, datetime, timedelta

import pytest
from flask import session

from fund import sessions
from fund.core import clock
from fund.core.database import db
from tests.factories import applications as make_bid
from tests.factories import fund as make
from tests.proof.test_serving import KEY, Served
from wsgi import create_app

GROUPS = 80
OPEN_FOR = 60  # seconds from making the drafts to the deadline; sending starts shortly before it


class Sender(threading.Thread):
    """A lead who has the page open and presses Send at a moment; `heard` is what the site answered."""

    def __init__(self, served: Served, bid: int, cookie: str):
        super().__init__()
        self.address, self.cookie = f"{served.address}/applications/{bid}/send", cookie
        self.bid, self.heard, self.words, self.at = bid, 0, "", 0.0

    def open_page(self) -> None:
        with urllib.request.urlopen(self._asked(), timeout=60) as answer:
            html = answer.read().decode()
            if given := answer.headers["Set-Cookie"]:
                self.cookie = given.partition(";")[0]
        fields = {"csrf_token": re.search(r'name="csrf_token"[^>]*value="([^"]+)"', html)[1], "agreed": "y"}
        self.data = urllib.parse.urlencode(fields | {"declared_name": "A lead", "declared_role": "Chair"}).encode()

    def _asked(self, data: bytes | None = None) -> urllib.request.Request:
        return urllib.request.Request(self.address, data, {"Cookie": self.cookie})

    def run(self) -> None:
        time.sleep(max(0, self.at - time.time()))
        try:
            with urllib.request.urlopen(self._asked(self.data), timeout=60) as answer:
                self.heard, self.words = answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            self.heard, self.words = error.code, error.read().decode()
        except (OSError, http.client.HTTPException) as error:
            self.words = repr(error)


@pytest.fixture
def rush(tmp_path):
    """(the served site, the deadline in seconds since 1970, the senders with their pages open)."""
    served = Served(tmp_path)
    app = create_app(tmp_path, env="demonstration", secret_key=KEY, database_url="")
    moment = datetime.now(UTC)
    closes = moment.replace(microsecond=0) + timedelta(seconds=OPEN_FOR)
    with clock.stand_still(moment), app.app_context():
        round = make_bid.open_round(opens_at=moment - timedelta(days=9), closes_at=closes)
        people = []
        for _ in range(GROUPS):
            lead = make.person()
            bid = make_bid.complete_draft(lead, round)
            with app.test_request_context(method="POST"):
                session.update(token=sessions.begin(lead, now=moment), seen=int(moment.timestamp()))
                value = app.session_interface.get_signing_serializer(app).dumps(dict(session))
            db.session.flush()
            people.append((bid.id, f"{app.config['SESSION_COOKIE_NAME']}={value}"))
        db.session.commit()
        db.engine.dispose()
    try:
        served.wait()
        senders = [Sender(served, *each) for each in people]
        for each in senders:
            each.open_page()
        assert time.time() < closes.timestamp() - 4, "this machine is too slow for so short a round"
        yield served, closes.timestamp(), senders
    finally:
        served.stop()


def test_everybody_who_sends_in_time_has_a_receipt_and_everybody_else_is_told(rush):
    """Forty press Send in the two seconds before the deadline and forty in the two after it; a page meanwhile takes under two seconds."""
    served, deadline, senders = rush
    for number, each in enumerate(senders):
        each.at = deadline - 3 + 2 * number / (GROUPS / 2) + (2.2 if number >= GROUPS / 2 else 0)
        each.start()
    slowest = 0.0
    while any(each.is_alive() for each in senders):
        began = time.monotonic()
        urllib.request.urlopen(f"{served.address}/rounds", timeout=30).close()
        slowest = max(slowest, time.monotonic() - began)
        time.sleep(0.1)
    kept = sqlite3.connect(served.folder / "fund.sqlite")
    status = dict(kept.execute("select id, status from application"))
    mails = kept.execute(
        "select count(*), count(distinct once) from outbox_message where template = 'receipt'"
    ).fetchone()
    kept.close()
    sent = [each for each in senders if status[each.bid] == "submitted"]
    assert all(each.heard == 200 for each in senders), {each.heard: each.words[:300] for each in senders}
    for each in senders:
        assert ("Bid sent" in each.words) == (each in sent), each.words[:3000]
        assert ("This round closed on" in each.words) == (each not in sent)
    assert mails == (len(sent), len(sent))
    early, late = senders[: GROUPS // 2], senders[GROUPS // 2 :]
    assert all(each in sent for each in early)
    assert not any(each in sent for each in late)
    assert slowest < 2
    print(
        f"{GROUPS} sends in five seconds: {len(sent)} in time with a receipt, {GROUPS - len(sent)} told; slowest page {slowest:.2f} s"
    )
