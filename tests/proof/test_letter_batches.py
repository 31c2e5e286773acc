"""Killed half-way and started again, a batch makes and mails each letter once: on SQLite, and on PostgreSQL with TEST_DATABASE_URL."""

import signal
import subprocess
import sys
from collections import Counter

import pytest

from awards import letter_batches, letters
from awards.tables import Award, Letter, LetterBatchItem
from fund import ledger
from fund.core import clock
from fund.core.database import db
from fund.core.outbox import OutboxMessage
from fund.tables import Round
from tests.awards import races
from tests.factories import awards as given
from tests.factories import certificates
from tests.factories import fund as make

OFFERS, FEEDBACK = 34, 28
KILLS = 3
# What the jobs process does, and nothing else; it says a word whenever it is in the middle of a letter.
WORKER = """
import sys
from awards import signing
from awards.jobs import send_letters
from fund.core import clock
from wsgi import create_app
folder, secret, url, certificate, password = sys.argv[1:]
make = signing.make
def make_aloud(document, *, now):
    print("drawing", flush=True)
    return make(document, now=now)
signing.make = make_aloud
settings = {"signing_certificate": certificate, "signing_password": password}
with create_app(folder, env="test", secret_key=secret, database_url=url, **settings).app_context():
    send_letters(clock.now())
"""


def start_worker(app, folder, certificate: str) -> subprocess.Popen:
    url = app.config["SETTINGS"].database_url
    command = [sys.executable, "-c", WORKER, str(folder), races.SECRET, url, certificate, certificates.PASSWORD]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def kill_in_the_middle_of(worker: subprocess.Popen, letter: int) -> None:
    """Let it draw so many letters and end it, with no chance to tidy up, while it is at the next."""
    for _ in range(letter):
        assert worker.stdout.readline() == "drawing\n"
    worker.send_signal(signal.SIGKILL)
    assert worker.wait() == -signal.SIGKILL
    worker.stdout.close()


def sent(app) -> int:
    with app.app_context():
        db.session.rollback()
        return LetterBatchItem.query.filter_by(state="sent").count()


def prepare(app) -> None:
    with app.app_context():
        round = make.round(pot_pence=OFFERS * 1_000_000)
        first, second = given.two_deciders(round)
        for number in range(OFFERS + FEEDBACK):
            given.proposed(given.bid(round), "offer" if number < OFFERS else "reject", by=first)
        letter_batches.start_batch(round, by=second, now=clock.now())
        db.session.commit()


@pytest.mark.parametrize("signed", [False, True])
def test_a_batch_killed_again_and_again_sends_each_letter_once(tmp_path, signed):
    whole = OFFERS + FEEDBACK
    certificate = str(certificates.certificate_file(tmp_path, ends=2100)) if signed else ""
    with races.world(tmp_path) as app:
        prepare(app)
        stops = []
        for _ in range(KILLS):
            kill_in_the_middle_of(start_worker(app, tmp_path, certificate), 12)
            stops.append(sent(app))
        assert 0 < stops[0] < stops[1] < stops[2] < whole
        last = start_worker(app, tmp_path, certificate)
        last.communicate()
        assert last.returncode == 0
        with app.app_context():
            assert Counter(item.state for item in LetterBatchItem.query) == {"sent": whole}
            made = Counter(letter.application_id for letter in Letter.query)
            assert (len(made), set(made.values())) == (whole, {1})
            assert Counter(each.template for each in OutboxMessage.query) == {"offer": OFFERS, "unsuccessful": FEEDBACK}
            assert len({each.recipient for each in OutboxMessage.query}) == whole
            assert Award.query.count() == OFFERS
            assert ledger.fresh_pot(Round.query.one()).room_pence == 0
            assert all(letters.draw_again(letter) == letter.pdf for letter in Letter.query)
            assert {bool(letter.signed_with) for letter in Letter.query} == {signed}
