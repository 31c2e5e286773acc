"""Two people at the same instant: pairs of awards for the last money of a pot, pairs of payments of one instalment.

A world of its own (an own SQLite file, or an own database on the PostgreSQL that TEST_DATABASE_URL names), because what
races must be committed.
"""

import contextlib
import multiprocessing
import os
import threading
import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from awards import decisions, payments, unspent
from awards.tables import Award, Decision, Payment, Tranche
from fund import ledger
from fund.core import clock
from fund.core.database import db
from fund.core.problems import Problem
from fund.tables import Person, Round
from tests import postgres
from tests.factories import awards as given
from tests.factories import fund as make
from tests.quick import create_tables
from wsgi import create_app

SECRET = "a key for races that is long enough to be one"


@contextlib.contextmanager
def world(folder):
    """An app whose database nobody else uses."""
    server, name = os.environ.get("TEST_DATABASE_URL", ""), f"race_{uuid.uuid4().hex[:12]}"
    url = postgres.new_database(server, name) if server else ""
    app = create_app(folder, env="test", secret_key=SECRET, database_url=url)
    try:
        with app.app_context():
            create_tables()
        yield app
    finally:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
        if server:
            postgres.drop_database(server, name)


def prepare_award_pairs(app, count: int) -> list[tuple[int, int, int, int]]:
    """Rounds whose pot holds one of two proposed awards: (round, decision, decision, approver) keys."""
    with app.app_context():
        found = []
        for number in range(count):
            round = make.round(pot_pence=1_000_000 + number)
            pair = [given.proposed(given.bid(round, asked_pence=1_000_000 - place)) for place in range(2)]
            approver = make.staff("decision_maker", round)
            found.append((round.id, *(each.id for each in pair), approver.id))
        db.session.commit()
        return found


def approve(decision_key: int, approver_key: int) -> str:
    """One approval in a transaction of its own: "won" or the sentence of the refusal."""
    try:
        decision, approver = db.session.get_one(Decision, decision_key), db.session.get_one(Person, approver_key)
        decisions.approve_decision(decision, by=approver, now=clock.now())
        db.session.commit()
    except Problem as problem:
        db.session.rollback()
        return problem.sentence
    finally:
        db.session.remove()
    return "won"


def prepare_payment_pairs(app, count: int) -> list[tuple[int, int, int]]:
    """Instalments that can be paid, with their two releasers: (payment, releaser, releaser) keys."""
    with app.app_context():
        found = []
        round = make.round(pot_pence=count * 400_000, delivery_start_on=clock.date(2026, 1, 1))
        for _ in range(count):
            award = given.in_delivery(
                round, 400_000, starts_on=clock.date(2026, 1, 1), ends_on=clock.date(2026, 12, 31)
            )
            tranche = Tranche.query.filter_by(award_id=award.id, number=1).one()
            payment = payments.prepare_payment(tranche, by=make.staff("finance_officer", round), now=clock.now())
            found.append((payment.id, make.staff("finance_officer", round).id, make.staff("head_of_fund", round).id))
        db.session.commit()
        return found


def release(payment_key: int, releaser_key: int) -> str:
    try:
        payment, releaser = db.session.get_one(Payment, payment_key), db.session.get_one(Person, releaser_key)
        payments.release_payments([payment], by=releaser, now=clock.now())
        db.session.commit()
    except Problem as problem:
        db.session.rollback()
        return problem.sentence
    finally:
        db.session.remove()
    return "won"


def ask_back(award_key: int, manager_key: int) -> str:
    """Ask for all that was paid."""
    try:
        award, manager = db.session.get_one(Award, award_key), db.session.get_one(Person, manager_key)
        unspent.ask_for_it(award, award.paid_pence, "Not spent", by=manager, now=clock.now())
        db.session.commit()
    except Problem as problem:
        db.session.rollback()
        return problem.sentence
    finally:
        db.session.remove()
    return "won"


def address_of(app) -> str:
    """The database address that another process needs to reach the same database; nothing for an SQLite file of the folder."""
    with app.app_context():
        url = db.engine.url
        return "" if url.drivername.startswith("sqlite") else url.render_as_string(hide_password=False)


def at_once(app, *jobs) -> list[str]:
    """Run (function, *arguments) together, each in a thread and app context of its own."""
    gate = threading.Barrier(len(jobs))

    def run(function, *arguments):
        with app.app_context():
            gate.wait(timeout=30)
            return function(*arguments)

    with ThreadPoolExecutor(len(jobs)) as pool:
        return [future.result(timeout=60) for future in [pool.submit(run, *job) for job in jobs]]


def in_processes(app, folder, jobs: list[tuple], *, workers: int = 4) -> list[list[str]]:
    """As `at_once` for each pair in turn, but each side of every pair runs in a process of its own, as servers do.

    `jobs` is [(function, arguments, arguments)]. The processes take the same pair at the same moment.
    """
    context = multiprocessing.get_context("spawn")
    lanes = workers // 2
    gates = [context.Barrier(2) for _ in range(lanes)]
    parts = [jobs[lane::lanes] for lane in range(lanes)]
    with contextlib.ExitStack() as stack:
        asked, answers = [], []
        for lane in range(lanes):
            for side in (1, 2):
                ours, theirs = context.Pipe()
                work = [(job[0], job[side]) for job in parts[lane]]
                process = context.Process(
                    target=_worker, args=(str(folder), address_of(app), work, gates[lane], theirs, clock.now())
                )
                process.start()
                theirs.close()  # so that a worker that dies is an error here and not a long wait
                stack.callback(process.join, 60)
                asked.append(ours)
        answers = [pipe.recv() for pipe in asked]
    results: list[list[str]] = [[] for _ in jobs]
    for lane in range(lanes):
        for place, pair in enumerate(zip(answers[2 * lane], answers[2 * lane + 1], strict=True)):
            results[lane + place * lanes] = list(pair)
    return results


def _worker(folder, url, work, gate, answer, moment) -> None:
    app = create_app(Path(folder), env="test", secret_key=SECRET, database_url=url)
    outcomes = []
    with clock.stand_still(moment):
        for function, arguments in work:
            with app.app_context():
                gate.wait(timeout=120)
                outcomes.append(function(*arguments))
    answer.send(outcomes)
    answer.close()
    with app.app_context():
        db.engine.dispose()


def assert_one_winner_each(app, rounds: list[int], results: list[list[str]]) -> None:
    assert Counter(outcome == "won" for pair in results for outcome in pair) == {
        True: len(results),
        False: len(results),
    }
    assert all(pair.count("won") == 1 for pair in results)
    with app.app_context():
        for key in rounds:
            round = db.session.get_one(Round, key)
            pot = ledger.fresh_pot(round)
            assert pot.offered_pence <= pot.total_pence
            assert pot.offered_pence == ledger.sums(ledger.entries_of(round))["offered_pence"]
            assert Award.query.filter_by(round_id=key).count() == 1


def assert_paid_once(app, payment_keys: list[int], results: list[list[str]]) -> None:
    assert all(pair.count("won") == 1 for pair in results), results
    with app.app_context():
        for key in payment_keys:
            payment = db.session.get_one(Payment, key)
            entries = ledger.entries_about(f"award-{payment.tranche.award_id}")
            assert [entry.amount_pence for entry in entries if entry.kind == "pay"] == [payment.amount_pence]
