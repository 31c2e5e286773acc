"""Two windows of one assessor at the same instant, through the page: what both save must be there afterwards.

A world of its own, as tests/awards/races.py makes it, because what races must be committed.
"""

from flask import session

from fund import sessions
from fund.core import clock
from fund.core.database import db
from scoring import calibration, criteria
from scoring.tables import Assignment, CalibrationReading, Score
from tests.awards.races import at_once, world
from tests.factories import scoring as make

__all__ = ["at_once", "calibration_pairs", "pairs", "prepare", "send", "stored", "world"]
JSON = {"Accept": "application/json"}


def prepare(app) -> tuple[int, list[int], str]:
    """A reading that waits for its marks: (its key, the keys of its criteria, the assessor's cookie)."""
    app.config.update(WTF_CSRF_ENABLED=False)
    with app.app_context():
        round = make.round()
        bid = make.bid(round)
        row, *_ = [make.reading(bid, make.seat(round)) for _ in range(3)]
        make.start(bid)
        keys = [each.id for each in criteria.criteria_of(round)]
        with app.test_request_context(method="POST"):
            now = clock.now()
            session.update(token=sessions.begin(row.seat.person, now=now), seen=int(now.timestamp()))
            cookie = app.session_interface.get_signing_serializer(app).dumps(dict(session))
        db.session.commit()
        return row.id, keys, f"{app.config['SESSION_COOKIE_NAME']}={cookie}"


def send(app, cookie: str, assignment: int, criterion: int, mark: int, reason: str, version: int) -> tuple[int, dict]:
    """Save one criterion as a window does it; the answer's status and words."""
    return _send(app, cookie, f"/assessing/{assignment}/criteria", criterion, mark, reason, version)


def _send(app, cookie: str, here: str, criterion: int, mark: int, reason: str, version: int) -> tuple[int, dict]:
    data = {f"mark-{criterion}": mark, f"reason-{criterion}": reason, f"version-{criterion}": version}
    client = app.test_client(use_cookies=False)
    answer = client.post(f"{here}/{criterion}", data=data, headers={**JSON, "Cookie": cookie})
    return answer.status_code, answer.json


def stored(app, assignment: int) -> dict[int, tuple[int | None, str | None, int]]:
    """(mark, reason, version) by criterion."""
    with app.app_context():
        rows = Score.query.filter_by(assignment_id=assignment).all()
        assert db.session.get_one(Assignment, assignment).status == "assigned"
        return {row.criterion_id: (row.mark, row.reason, row.version) for row in rows}


def pairs(folder, count: int) -> None:
    """`count` pairs of saves, by turns on two criteria and on one: nothing that was answered "saved" is lost."""
    with world(folder) as app:
        assignment, keys, cookie = prepare(app)
        seen = dict.fromkeys(keys, 0)
        for number in range(count):
            first, second = keys[number % len(keys)], keys[(number + 1 + (number % 2) * (len(keys) - 1)) % len(keys)]
            jobs = [(first, number % 6, f"Left {number}"), (second, (number + 1) % 6, f"Right {number}")]
            answers = at_once(
                app, *((send, app, cookie, assignment, key, mark, words, seen[key]) for key, mark, words in jobs)
            )
            _check(app, assignment, jobs, answers, seen)


def calibration_pairs(folder, count: int) -> None:
    """The same on a calibration bid, where all criteria stand in one row that the first save makes: two criteria at once."""
    with world(folder) as app:
        assignment, keys, cookie = prepare(app)
        with app.app_context():
            seat = db.session.get_one(Assignment, assignment).seat
            round, officer = seat.panel.round, make.make.staff("fund_officer", seat.panel.round)
            row = calibration.write_calibration(round, "A bus", "It runs late.", by=officer, now=clock.now())
            anchors = dict.fromkeys(keys, (3, "So."))
            calibration.set_anchors(row, anchors, comes_first=False, by=officer, now=clock.now())
            calibration.open_calibration(row, by=officer, now=clock.now())
            db.session.commit()
            here = f"/assessing/rounds/{round.id}/calibration/criteria"
        for number in range(count):
            jobs = [(key, number % 6, f"{key} in turn {number}") for key in keys[:2]]
            answers = at_once(app, *((_send, app, cookie, here, *job, number) for job in jobs))
            assert answers == [(200, {"version": number + 1})] * 2
            with app.app_context():
                (kept,) = CalibrationReading.query.all()
                told = {key: (kept.marks[str(key)]["mark"], kept.marks[str(key)]["reason"]) for key in keys[:2]}
                assert told == {key: (mark, words) for key, mark, words in jobs}


def _check(app, assignment: int, jobs, answers, seen: dict[int, int]) -> None:
    kept = stored(app, assignment)
    statuses = sorted(status for status, _ in answers)
    same = jobs[0][0] == jobs[1][0]
    assert statuses == ([200, 409] if same else [200, 200]), answers
    for (key, mark, words), (status, told) in zip(jobs, answers, strict=True):
        if status == 200:
            assert kept[key] == (mark, words, told["version"])
            assert told["version"] == seen[key] + 1
        else:  # the second window is shown what the first has kept, beside its own text
            assert (told["theirs"]["mark"], told["theirs"]["reason"]) == kept[key][:2]
    seen.update({key: kept[key][2] for key, _, _ in jobs})
