"""The calibration bid: it comes first where the round says so, is shown beside its anchors afterwards, and counts for nothing."""

import pytest

from fund.core import clock
from fund.core.database import db
from fund.core.problems import Problem, WrongMoment
from scoring import calibration, calibration_readings, conflicts, criteria, severity
from scoring.agreement import agreement_in
from scoring.ranking import ranked_list
from scoring.sums import member_totals
from tests.factories import scoring as make
from tests.kept import kept

WORDS = "What is the need?\nYoung people are afraid.\n\nWhat will you do?\nBoxing on Fridays."


@pytest.fixture
@kept
def round(database):
    return make.round()


@pytest.fixture
@kept
def officer(round):
    return make.make.staff("fund_officer", round)


def made(round, officer, *, first=True, opened=True):
    row = calibration.write_calibration(round, "Boxing on Fridays", WORDS, by=officer, now=clock.now())
    anchors = {each.id: (3, f"Note on {each.code}.") for each in criteria.criteria_of(round)}
    calibration.set_anchors(row, anchors, comes_first=first, by=officer, now=clock.now())
    if opened:
        calibration.open_calibration(row, by=officer, now=clock.now())
    return row


def filled(round, mark="4", seen="0", **changes):
    data = {"do": "finish"}
    for each in criteria.criteria_of(round):
        data |= {f"mark-{each.id}": mark, f"reason-{each.id}": f"Because of {each.code}.", f"version-{each.id}": seen}
    return data | changes


def given(row, seat, mark, reason):
    """Every criterion of the calibration bid with this mark and reason, and finished."""
    reading = calibration_readings.open_reading(row, seat, now=clock.now())
    asked = criteria.criteria_of(row.round_id)
    for each in asked:
        calibration_readings.save_mark(reading, each, mark, reason, seen_version=None, by=seat.person, now=clock.now())
    assert not calibration_readings.finish_calibration(reading, asked, by=seat.person, now=clock.now())


def a_reading(round):
    bid = make.bid(round)
    rows = [make.reading(bid, make.seat(round)) for _ in range(3)]
    make.start(bid)
    return rows[0]


def test_no_other_bid_opens_before_it_is_scored_and_then_the_anchors_are_shown(round, officer, as_):
    row = a_reading(round)
    made(round, officer)
    document = make.document(row.application)
    client, first = as_(row.seat.person), criteria.criteria_of(round)[0]
    address = f"/assessing/rounds/{round.id}/calibration"
    assert "Score the calibration bid" in client.get("/assessing").text
    assert client.get(f"/assessing/{row.id}").location.endswith(address)
    assert client.get(f"/assessing/{row.id}/documents/{document.id}").status_code == 404
    assert client.get(f"/assessing/rounds/{round.id}/score-pack").location.endswith(address)
    assert client.get(f"/assessing/rounds/{round.id}/score-pack/file").location.endswith(address)
    saved = client.post(f"/assessing/{row.id}/criteria/{first.id}", data={f"mark-{first.id}": "5", f"version-{first.id}": "0"}, headers={"Accept": "application/json"})  # fmt: skip
    assert saved.status_code == 404
    shown = client.get(address).text
    assert "Boxing on Fridays." in shown
    assert "Note on C1." not in shown
    half = client.post(address, data={"do": "finish", f"mark-{first.id}": "4"})
    assert "Give your reason" in half.text
    assert "Note on C1." not in half.text
    assert client.post(address, data=filled(round, seen="1")).status_code == 302
    shown = client.get(address).text
    assert "Note on C1." in shown
    assert "1 higher" in shown
    assert "Because of C1." in shown
    assert client.get(f"/assessing/{row.id}").status_code == 200
    assert client.post(address, data=filled(round, seen="2")).status_code == 409


def test_a_second_window_does_not_write_over_the_first(round, officer, as_):
    row = a_reading(round)
    made(round, officer)
    client, address = as_(row.seat.person), f"/assessing/rounds/{round.id}/calibration"
    client.post(address, data=filled(round, do="save"))
    answer = client.post(address, data=filled(round, mark="1", do="save"))
    assert "in another window. Both texts are shown" in answer.text
    assert "mark 4" in answer.text
    assert 'value="1" checked' in answer.text, "what was typed here stands in the form"
    assert marks(row) == [4] * 7
    assert client.post(address, data=filled(round, mark="1", seen="1", do="save")).status_code == 302
    assert marks(row) == [1] * 7


def marks(row) -> list[int | None]:
    reading = calibration_readings.reading_of(calibration.calibration_of(row.seat.panel.round_id), row.seat)
    db.session.refresh(reading)
    return [calibration_readings.kept_of(reading, each).mark for each in criteria.criteria_of(row.seat.panel.round_id)]


def test_each_criterion_saves_by_itself_and_another_window_of_it_is_told(round, officer, as_):
    row = a_reading(round)
    made(round, officer)
    first, second = criteria.criteria_of(round)[:2]
    client, here = as_(row.seat.person), f"/assessing/rounds/{round.id}/calibration"
    assert f'data-save="{here}/criteria/{first.id}"' in client.get(here).text

    def save(criterion, mark, reason, seen, **headers):
        data = {f"mark-{criterion.id}": mark, f"reason-{criterion.id}": reason, f"version-{criterion.id}": seen}
        return client.post(
            f"{here}/criteria/{criterion.id}", data=data, headers={"Accept": "application/json", **headers}
        )

    assert save(first, "4", "", "0").json == {"version": 1}
    assert save(second, "", "Half a senten", "0").json == {"version": 1}, "another criterion has its own version"
    assert save(first, "4", "The school names it.", "1").json == {"version": 2}
    assert save(first, "4", "The school names it.", "0").json == {"version": 2}, "sent twice, kept once"
    refused = save(first, "2", "No.", "1")
    assert refused.status_code == 409
    assert refused.json["theirs"] == {
        "mark": 4,
        "not_applicable": False,
        "reason": "The school names it.",
        "version": 2,
    }
    assert "in another window" in refused.json["error"]
    assert save(first, "9", "No.", "2").status_code == 400
    assert "Shorten this reason" in save(first, "4", "a" * 4001, "2").json["error"]
    assert marks(row)[:2] == [4, None]
    page = client.get(here).text
    assert "Half a senten" in page
    assert "The school names it." in page
    plain = save(first, "1", "", "2", Accept="text/html")
    assert plain.location.endswith(here), "somebody without the script has the page's own buttons"
    other = criteria.criteria_of(make.round())[0]
    assert save(other, "1", "", "0").status_code == 404
    client.post(here, data=filled(round, seen="2") | {f"version-{second.id}": "1"})
    late = save(first, "1", "Too late.", "3")
    assert late.status_code == 409
    assert "You have finished" in late.json["error"]
    stranger = as_(make.seat(make.round()).person)
    assert stranger.post(f"{here}/criteria/{first.id}", headers={"Accept": "application/json"}).status_code in (
        403,
        404,
    )


def test_what_is_right_is_kept_beside_what_is_wrong(round, officer, as_):
    row = a_reading(round)
    made(round, officer)
    first = criteria.criteria_of(round)[0]
    here = f"/assessing/rounds/{round.id}/calibration"
    answer = as_(row.seat.person).post(here, data=filled(round) | {f"mark-{first.id}": "9"})
    assert "Choose a mark from 0 to 5" in answer.text
    assert marks(row) == [None, 4, 4, 4, 4, 4, 4]


def test_a_round_may_leave_it_open_beside_the_others(round, officer, as_):
    row = a_reading(round)
    made(round, officer, first=False)
    assert as_(row.seat.person).get(f"/assessing/{row.id}").status_code == 200


def test_it_counts_in_no_total_ranking_load_or_statistic(round, officer):
    _bid, rows = make.scored_bid(round, make.MARKS_OF_62, make.MARKS_OF_71, make.MARKS_OF_74)

    def figures():
        found = agreement_in(round)
        return (
            {key: sorted(map(str, each)) for key, each in member_totals(round.id).items()},
            [(each.reference, each.total, each.counted) for each in ranked_list(round)], found, make.assignments.plan_for(round)[0].loads,
        )  # fmt: skip

    before, row = figures(), made(round, officer)
    for each in rows:
        given(row, each.seat, 0, "Nothing here.")
    assert figures() == before
    assert severity.LEAST_BIDS == 5, "one bid each: refused before and after, and for the same reason"


def test_an_old_bid_is_copied_without_its_names_and_closed_to_who_declared_a_conflict_with_it(round, officer, as_):
    old_round = make.make.round(published=False)
    old = make.bid(_same_partnership(old_round, round), "moderated", title="Evenings of Riverside")
    name = old.organisation.name
    make.answer(old, "Q1", f"{name} knows these streets.")
    row = calibration.copy_calibration(round, old.reference.lower(), by=officer, now=clock.now())
    words = " ".join(part["words"] for part in row.parts)
    assert "[hidden] knows these streets." in words
    assert name not in words
    with pytest.raises(Problem, match="Enter the reference of a bid"):
        calibration.copy_calibration(round, "VPF-0000-9999", by=officer, now=clock.now())
    anchors = {each.id: (3, "So.") for each in criteria.criteria_of(round)}
    calibration.set_anchors(row, anchors, comes_first=True, by=officer, now=clock.now())
    calibration.open_calibration(row, by=officer, now=clock.now())
    reading = a_reading(round)
    seat = make.seat(old_round, who=reading.seat.person)
    make.make.put(old, "in_scoring", None)
    conflicts.declare(make.reading(old, seat, declared=False), True, "My sister", by=seat.person, now=clock.now())
    client = as_(reading.seat.person)
    assert client.get(f"/assessing/rounds/{round.id}/calibration").status_code == 404
    assert client.get(f"/assessing/{reading.id}").status_code == 200, "and nothing waits for it"


def _same_partnership(old, new):
    old.fund_id = new.fund_id
    criteria.use_standard_criteria(old, by=None, now=clock.now())
    return make.make.put(old, "published", None)


def test_the_officer_or_the_chair_sets_it_and_what_members_have_read_does_not_change(round, officer, as_):
    chair = make.seat(round, "chair")
    address = f"/office/rounds/{round.id}/calibration"
    for person in (officer, chair.person):
        assert as_(person).get(address).status_code == 200
    assert as_(make.seat(round).person).get(address).status_code in (403, 404)
    client = as_(chair.person)
    client.post(address, data={"do": "write", "title": "Boxing on Fridays", "words": WORDS})
    text = client.post(address, data={"do": "open", "comes_first": "y"}).text
    assert "Choose a mark for" in text
    data = filled(round, do="open", comes_first="y")
    assert client.post(address, data=data).status_code == 302
    row = calibration.calibration_of(round)
    assert row.opened_at
    assert row.comes_first
    assert len(row.parts) == 2
    with pytest.raises(WrongMoment, match="cannot change"):
        calibration.set_anchors(row, {}, comes_first=False, by=officer, now=clock.now())
    assert "The calibration bid is taken away." in client.post(address, data={"do": "take"}, follow_redirects=True).text
    assert calibration.calibration_of(round) is None


def test_it_stays_once_a_member_has_finished_it(round, officer):
    reading, row = a_reading(round), made(round, officer)
    given(row, reading.seat, 3, "So.")
    with pytest.raises(WrongMoment, match="so it stays"):
        calibration.take_away(row, by=officer, now=clock.now())
