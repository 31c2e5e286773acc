"""A button pressed twice makes one thing: over HTTP, both presses at the same moment, in two threads of a server.

The browser's own guard against a double click is out of the way here: both presses arrive.
"""

import re
import threading
import urllib.error
import urllib.parse
import urllib.request
from contextlib import contextmanager
from io import BytesIO

import pytest
from flask import session
from waitress import wasyncore
from waitress.server import create_server
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from applications.tables import Application, Collaborator, Document, Submission
from fund import sessions
from fund.core import clock
from fund.core.audit import AuditEvent
from fund.core.database import db
from fund.core.outbox import OutboxMessage
from fund.tables import Person
from tests.factories import applications as make_bid
from tests.factories import fund as make
from tests.factories import uploads as make_file

SEND = {"declared_name": "Ada Lead", "declared_role": "Chair", "agreed": "y"}


@contextmanager
def serving(app):
    """The app at an address of this machine, with four threads that each have a connection of their own."""
    server, stop = create_server(app, host="127.0.0.1", port=0, threads=4), threading.Event()

    def loop() -> None:
        while not stop.is_set():
            wasyncore.loop(timeout=0.05, map=server._map, count=1)

    thread = threading.Thread(target=loop, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}"
    finally:
        stop.set()
        thread.join(10)
        server.task_dispatcher.shutdown()
        for channel in list(server._map.values()):
            channel.close()


class Presser:
    """One signed-in person with one page open, whose two presses arrive at once."""

    def __init__(self, served, address: str, cookie: str, bid: int, colleague: int, round: int, organisation: int):
        self.served, self.address, self.cookie = served, address, cookie
        self.bid, self.colleague, self.round, self.organisation = bid, colleague, round, organisation

    def _ask(self, address: str, body: bytes | None = None, kind: str = "application/x-www-form-urlencoded"):
        headers = {"Cookie": self.cookie, **({"Content-Type": kind} if body is not None else {})}
        try:
            with urllib.request.urlopen(urllib.request.Request(address, body, headers), timeout=60) as answer:
                if given := answer.headers["Set-Cookie"]:
                    self.cookie = given.partition(";")[0]
                return answer.status, answer.geturl().partition("?")[0], answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, address, error.read().decode()

    def press_twice(self, page: str, fields: dict, *, to: str = "", multipart: bool = False, hidden=()) -> list:
        """What both presses were answered: (status, where it led, the page)."""
        _status, _where, html = self._ask(self.address + page)
        token = {name: re.search(rf'name="{name}"[^>]*value="([^"]*)"', html)[1] for name in ("csrf_token", *hidden)}
        barrier, found = threading.Barrier(2), [None, None]

        def press(place: int) -> None:
            body, kind = urllib.parse.urlencode({**token, **fields}).encode(), "application/x-www-form-urlencoded"
            if multipart:
                parts = {name: FileStorage(BytesIO(each[0]), each[1]) if isinstance(each, tuple) else each for name, each in fields.items()}  # fmt: skip
                boundary, body = encode_multipart({**token, **parts})
                kind = f"multipart/form-data; boundary={boundary}"
            barrier.wait()
            found[place] = self._ask(self.address + (to or page), body, kind)

        threads = [threading.Thread(target=press, args=(place,)) for place in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return found

    def count(self, model, **facts) -> int:
        with self.served.app_context():
            return db.session.query(model).filter_by(**facts).count()


@pytest.fixture
def ada(served):
    """Ada leads a bid that is ready to be sent; Dee writes with her."""
    with clock.stand_still(clock.now()), served.app_context():
        lead, dee = make.person("Ada Lead"), make.person("Dee Colleague")
        round = make_bid.open_round(bids_per_organisation=5)
        bid = make_bid.complete_draft(lead, round)
        make_bid.collaborator(bid, dee, "editor")
        facts = bid.id, dee.id, round.id, bid.organisation_id
        with served.test_request_context(method="POST"):
            session.update(token=sessions.begin(lead, now=clock.now()), seen=int(clock.now().timestamp()))
            value = served.session_interface.get_signing_serializer(served).dumps(dict(session))
        db.session.commit()
        with serving(served) as address:
            yield Presser(served, address, f"{served.config['SESSION_COOKIE_NAME']}={value}", *facts)


def test_send_makes_one_submission_one_mail_and_one_receipt(ada):
    here = f"/applications/{ada.bid}"
    both = ada.press_twice(f"{here}/send", SEND)
    for status, where, page in both:
        assert status == 200, page[:2000]
        assert where.endswith(f"{here}/receipt")
    assert ada.count(Submission, application_id=ada.bid) == 1
    assert ada.count(OutboxMessage, template="receipt") == 1
    prints = {re.search(r"\b[0-9a-f]{64}\b", page)[0] for _status, _where, page in both}
    assert len(prints) == 1
    assert ada.count(AuditEvent, action="application.submit") == 1


def test_an_invitation_is_made_once_and_mailed_once_also_when_it_is_sent_again_later(ada):
    page = f"/applications/{ada.bid}/colleagues"
    invited = {"email": "new@example.org", "name": "Newcomer", "role": "viewer"}
    for _ in range(2):
        for status, where, html in ada.press_twice(page, invited):
            assert (status, where.endswith(page)) == (200, True), html[:2000]
            assert html.count("new@example.org") == 1
    assert ada.count(Person, email="new@example.org") == 1
    assert ada.count(OutboxMessage, recipient="new@example.org") == 1
    with ada.served.app_context():
        person = db.session.query(Person).filter_by(email="new@example.org").one()
        assert [row.role for row in db.session.query(Collaborator).filter_by(person_id=person.id)] == ["viewer"]
    for status, _where, _html in ada.press_twice(page, invited | {"role": "editor"}):
        assert status == 200
    assert ada.count(OutboxMessage, recipient="new@example.org") == 2  # another part is news


def test_starting_a_bid_makes_one(ada):
    page = f"/rounds/{ada.round}/apply"
    both = ada.press_twice(page, {"organisation": ada.organisation}, hidden=("once",))
    assert {status for status, _where, _page in both} == {200}
    assert len({where.rpartition("/")[2] for _status, where, _page in both}) == 1
    assert ada.count(Application, round_id=ada.round) == 2  # the one there was and one more


def test_withdrawing_is_done_once_and_said_once(ada):
    ada.press_twice(f"/applications/{ada.bid}/send", SEND)
    page = f"/applications/{ada.bid}/withdraw"
    for status, where, html in ada.press_twice(page, {"reason": "Our hall burnt down."}):
        assert (status, where.endswith(f"/applications/{ada.bid}")) == (200, True), html[:2000]
    assert ada.count(AuditEvent, action="application.withdraw") == 1
    assert ada.count(OutboxMessage, template="withdrawn") <= 2  # the lead and the colleague
    with ada.served.app_context():
        told = [row.recipient for row in db.session.query(OutboxMessage).filter_by(template="withdrawn")]
        assert len(told) == len(set(told))


def test_handing_over_is_done_once_and_mailed_once(ada):
    page = f"/applications/{ada.bid}/colleagues/hand-over"
    both = ada.press_twice(page, {"person": ada.colleague, "stay": "editor"})
    # The second press comes from somebody who leads the bid no more: it is shown a page, and does nothing.
    assert {status for status, _where, _page in both} <= {200, 403}
    assert 200 in {status for status, _where, _page in both}
    assert ada.count(AuditEvent, action="collaborator.hand_over") == 1
    assert ada.count(OutboxMessage, template="handed_over") == 1
    assert ada.count(Collaborator, application_id=ada.bid, role="lead") == 1


def test_a_file_sent_twice_is_there_once(ada):
    page = f"/applications/{ada.bid}/questions/documents"
    paper = {"kind": "partner", "files": (make_file.pdf(), "letter.pdf")}
    for status, where, html in ada.press_twice(page, paper, to=f"{page}/documents", multipart=True):
        assert (status, where.endswith(page)) == (200, True), html[:2000]
    assert ada.count(Document, application_id=ada.bid) == 1
