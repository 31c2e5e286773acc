"""Many at once, each in a thread with a connection of its own: no reference twice, no answer lost (rule 16).

These commit for real, so they clean up after themselves; they run on both databases.
"""

import threading

from applications.answers import save_answer, values_of
from applications.applications import load_application, start_application
from applications.forms import form_of
from applications.references import next_reference
from applications.tables import AnswerChange
from fund.core import clock
from fund.core.database import db
from fund.core.problems import Stale
from fund.tables import Organisation, Person, Round
from tests.factories import applications as make_bid
from tests.factories import fund as make


def at_once(app, *acts) -> list:
    """Run each act in a thread with its own session, all released by one barrier; what each returned or raised."""
    barrier, found = threading.Barrier(len(acts)), [None] * len(acts)

    def run(place, act):
        with app.app_context():
            barrier.wait()
            try:
                found[place] = act()
                db.session.commit()
            except Exception as problem:
                db.session.rollback()
                found[place] = problem
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=(place, act)) for place, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def test_thirty_references_asked_for_at_once_are_thirty_numbers(served):
    given = at_once(served, *[lambda: next_reference("VPF-2026")] * 30)
    assert sorted(given) == [f"VPF-2026-{number:04d}" for number in range(1, 31)]


def test_two_members_starting_at_once_make_one_bid(served):
    with served.app_context():
        lead = make.person()
        round, organisation = make_bid.open_round(), make.organisation(lead)
        keys = round.id, organisation.id, lead.id
        db.session.commit()

    def start():
        round, organisation, lead = (
            db.session.get_one(model, key) for model, key in zip((Round, Organisation, Person), keys, strict=True)
        )
        return start_application(round, organisation, by=lead, now=clock.now()).reference

    given = at_once(served, start, start)
    assert sum(isinstance(each, str) for each in given) == 1
    assert sum(isinstance(each, Exception) for each in given) == 1


def _draft(app) -> tuple[int, int]:
    with app.app_context():
        lead = make.person()
        application = make_bid.complete_draft(lead)
        db.session.commit()
        return application.id, lead.id


def _save(keys, question, value, seen):
    def act():
        application, lead = load_application(keys[0]), db.session.get_one(Person, keys[1])
        try:
            return save_answer(
                application, form_of(application).by_key[question], value, seen, by=lead, now=clock.now()
            )
        except Stale as stale:
            return {stale.yours, stale.theirs.value}

    return act


def test_forty_pairs_on_different_answers_lose_nothing(served):
    keys = _draft(served)
    for turn in range(1, 41):
        given = at_once(served, _save(keys, "Q1", f"one {turn}", turn), _save(keys, "Q2", f"two {turn}", turn))
        assert given == [turn + 1, turn + 1]
    with served.app_context():
        values = values_of(load_application(keys[0]))
        assert (values["Q1"], values["Q2"]) == ("one 40", "two 40")


def test_forty_pairs_on_the_same_answer_show_the_second_both_texts_every_time(served):
    keys = _draft(served)
    for turn in range(1, 41):
        given = at_once(served, _save(keys, "Q1", f"mine {turn}", turn), _save(keys, "Q1", f"theirs {turn}", turn))
        assert sorted(given, key=str) == [turn + 1, {f"mine {turn}", f"theirs {turn}"}]
    with served.app_context():
        assert db.session.query(AnswerChange).filter_by(application_id=keys[0]).count() >= 41


def test_two_first_saves_of_one_answer_keep_one_and_show_the_other(served):
    with served.app_context():
        lead = make.person()
        application = make_bid.draft(lead)
        db.session.commit()
        keys = application.id, lead.id
    given = at_once(served, _save(keys, "Q1", "one", 0), _save(keys, "Q1", "two", 0))
    assert sorted(given, key=str) == [1, {"one", "two"}]
