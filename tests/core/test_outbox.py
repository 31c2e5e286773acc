"""Mail leaves from rows, exactly once for each event, whatever the mail server or a second sender does."""

import socket
import threading
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes

import pytest
from aiosmtpd.controller import Controller

from fund.core import clock, outbox
from fund.core.database import db
from fund.core.outbox import OutboxMessage


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return found.getsockname()[1]


class Postbox:
    """A mail server that keeps what it is given; `answers` are said to the next deliveries instead of taking them."""

    def __init__(self):
        self.mail, self.answers = [], []

    async def handle_DATA(self, server, session, envelope):
        if self.answers:
            return self.answers.pop(0)
        self.mail.append(message_from_bytes(envelope.content))
        return "250 kept"

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("nobody"):
            return "550 no such person"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    @contextmanager
    def open(self, port: int = 0):
        port = port or free_port()
        controller = Controller(self, hostname="127.0.0.1", port=port)
        controller.start()
        try:
            yield port
        finally:
            controller.stop()


@pytest.fixture
def postbox():
    return Postbox()


@pytest.fixture
def sending(app, database):
    """`with sending(port):` has the outbox send to this port of this machine."""

    @contextmanager
    def to(port: int):
        before = app.config["SETTINGS"]
        app.config["SETTINGS"] = replace(before, mail_host="127.0.0.1", mail_port=port, mail_tls=False)
        try:
            yield
        finally:
            app.config["SETTINGS"] = before

    return to


def write(to: str = "amina@example.org", once: str | None = None, subject: str = "Your bid T1-0001") -> OutboxMessage:
    message = OutboxMessage(
        recipient=to, subject=subject, body="Hello Ŵyn,\n\nit is here.\n", template="test", once=once,
        created_at=clock.now(), try_at=clock.now(), tries_count=0,
    )  # fmt: skip
    db.session.add(message)
    db.session.commit()
    return message


def test_one_message_is_one_mail(postbox, sending):
    message = write()
    with postbox.open() as port, sending(port):
        assert outbox.send_due(clock.now()) == 1
        assert outbox.send_due(clock.now()) == 0
    (mail,) = postbox.mail
    assert (mail["To"], mail["Subject"]) == ("amina@example.org", "Your bid T1-0001")
    assert "Ŵyn" in mail.get_payload(decode=True).decode()
    assert mail["Auto-Submitted"] == "auto-generated"
    assert message.sent_at == clock.now()


def test_a_server_that_is_down_then_up_gets_it_once(postbox, sending, time):
    """Refused connection, then "451 try later" twice, then taken: one mail, with the waits between."""
    message = write()
    with postbox.open() as port:
        pass
    with sending(port):
        assert outbox.send_due(clock.now()) == 0
        assert message.tries_count == 1
        assert message.try_at == clock.now() + timedelta(minutes=1)
        assert outbox.due(clock.now()) == []
        postbox.answers = ["451 later", "451 later"]
        with postbox.open(port):
            for minutes in (1, 5):
                time.move(minutes=minutes)
                assert outbox.send_due(clock.now()) == 0
            time.move(minutes=15)
            assert outbox.send_due(clock.now()) == 1
    assert len(postbox.mail) == 1
    assert message.tries_count == 3


def test_a_server_that_is_away_is_asked_once_in_a_run(sending):
    """Fifty messages do not wait for fifty time-outs."""
    messages = [write() for _ in range(5)]
    with Postbox().open() as port:
        pass
    with sending(port):
        outbox.send_due(clock.now())
    assert [message.tries_count for message in messages] == [1, 0, 0, 0, 0]


def test_an_address_nobody_takes_holds_up_nobody(postbox, sending):
    wrong = [write("nobody@example.org"), write("two\nlines@example.org")]
    right = write("right@example.org")
    with postbox.open() as port, sending(port):
        assert outbox.send_due(clock.now()) == 1
    assert right.sent_at
    assert all(message.sent_at is None and message.tries_count == 1 and message.last_error for message in wrong)
    assert [mail["To"] for mail in postbox.mail] == ["right@example.org"]


def test_after_three_days_it_is_given_up(sending, time):
    message = write()
    with Postbox().open() as port:
        pass
    with sending(port):
        for _ in range(40):
            outbox.send_due(clock.now())
            time.move(hours=4)
    assert message.given_up_at
    assert message.tries_count >= 20
    assert timedelta(days=3) < message.given_up_at - message.created_at < timedelta(days=4)


def test_a_line_break_in_a_subject_makes_no_header(app, database, sending, postbox):
    """A subject is one line by the time it is a row; a row with two lines is not sent as two headers."""
    write(subject="Bid\nBcc: everybody@example.org")
    with postbox.open() as port, sending(port):
        outbox.send_due(clock.now())
    assert not postbox.mail


def test_two_senders_at_once_send_one(tmp_path, postbox):
    """Two processes that both think they lead: each message is claimed by one of them."""
    import os

    from tests import postgres
    from tests.quick import create_tables
    from wsgi import create_app

    server, name = os.environ.get("TEST_DATABASE_URL", ""), f"senders_{os.getpid()}"
    url = postgres.new_database(server, name) if server else ""
    with postbox.open() as port:
        app = create_app(
            tmp_path,
            env="test",
            secret_key="k" * 40,
            database_url=url,
            mail_host="127.0.0.1",
            mail_port=port,
            mail_tls=False,
        )
        with app.app_context():
            create_tables()
            for number in range(20):
                write(f"person{number}@example.org")
        barrier, sent = threading.Barrier(4), []

        def send():
            with app.app_context():
                barrier.wait()
                sent.append(outbox.send_due(clock.now()))

        threads = [threading.Thread(target=send) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    with app.app_context():
        db.engine.dispose()
    if server:
        postgres.drop_database(server, name)
    assert sum(sent) == 20
    assert sorted(mail["To"] for mail in postbox.mail) == sorted(f"person{number}@example.org" for number in range(20))


def test_a_sender_that_died_holds_a_message_ten_minutes(postbox, sending, time):
    message = write()
    message.claimed_at = clock.now()
    db.session.commit()
    with postbox.open() as port, sending(port):
        time.move(minutes=9)
        assert outbox.send_due(clock.now()) == 0
        time.move(minutes=2)
        assert outbox.send_due(clock.now()) == 1


def test_an_event_is_told_once(app, database, monkeypatch):
    monkeypatch.setattr(outbox, "render_template", lambda *_a, **_k: "Your bid\n arrived\n\nIt is here.\n")
    first = outbox.queue("receipt", "a@example.org", now=clock.now(), once="receipt-1-1")
    again = outbox.queue("receipt", "a@example.org", now=clock.now(), once="receipt-1-1")
    other = outbox.queue("receipt", "a@example.org", now=clock.now(), once="receipt-1-2")
    assert (first.subject, again, other.once) == ("Your bid", None, "receipt-1-2")


def test_a_demonstration_sends_nothing(app, database, sending, postbox):
    message = write()
    with postbox.open() as port, sending(port):
        app.config["SETTINGS"] = replace(app.config["SETTINGS"], env="demonstration")
        assert outbox.send_due(clock.now()) == 0
    assert message.sent_at is None
    assert postbox.mail == []


def test_the_same_message_keeps_its_name(postbox, sending):
    """A mailbox can tell a repeat, should a sender die between the server's yes and the row."""
    message = write()
    with postbox.open() as port, sending(port):
        outbox.send_due(clock.now())
        message.sent_at = message.claimed_at = None
        db.session.commit()
        outbox.send_due(clock.now())
    assert len({mail["Message-ID"] for mail in postbox.mail}) == 1
