"""Where to draw the line: rule 8 through the page's own act, locks with reasons, prices, and what a recused person is told."""

import sys
from collections import OrderedDict

import pytest

from fund.core import clock
from fund.core.problems import Problem
from fund.tables import Person
from scoring import fragility, planning
from scoring.assignments import assignments_of
from scoring.planning import Bounds
from scoring.tables import Conflict, Scenario, Score
from scoring.views.portfolio import near_the_line
from tests.factories import fund as make_fund
from tests.factories import scoring as make
from tests.kept import kept

ALL = ("C1", "C2", "C3", "C4", "C5", "C6", "C7")
MARKS = {  # weights 20, 15, 20, 20, 10, 10, 5: these marks make 80, 74, 70, 66, 50 and 48
    80: (4, 4, 4, 4, 4, 4, 4), 74: (3, 4, 4, 4, 3, 4, 4), 70: (3, 4, 3, 4, 3, 4, 4), 66: (3, 4, 3, 3, 3, 4, 4),
    50: (2, 3, 2, 3, 2, 3, 3), 48: (2, 3, 2, 3, 2, 2, 3),
}  # fmt: skip
EDGE = fragility.edge_of
RULE_8 = {"a": (40, 80), "b": (35, 74), "c": (30, 70), "d": (25, 66), "e": (5, 50), "f": (5, 48)}


@pytest.fixture
@kept
def rule_8(database):
    """The design's round: a pot of £100,000.00 and six bids; gives the round and {letter: bid}."""
    round = make.round(pot_pence=10_000_000)
    seats = [make.seat(round) for _ in range(3)]
    bids = {}
    for letter, (asks, points) in RULE_8.items():
        bid = bids[letter] = make.bid(round, requested_pence=asks * 100_000)
        rows = [make.reading(bid, seat) for seat in seats]
        make.make.put(bid, "in_scoring", None)
        for row in rows:
            make.give(row, dict(zip(ALL, MARKS[points], strict=True)))
    return round, bids


@pytest.fixture
@kept
def officer(rule_8):
    return make_fund.staff("fund_officer", rule_8[0])


def chosen(found, bids) -> str:
    by_reference = {bid.reference: letter for letter, bid in bids.items()}
    return "".join(sorted(by_reference[key] for key in found.awards))


def test_rule_8_most_points_is_308_with_b_c_d_e_f(rule_8):
    round, bids = rule_8
    found = planning.plan(round, Bounds())
    assert (chosen(found, bids), found.value, found.pence, found.room_pence) == ("bcdef", 308.0, 10_000_000, 0)
    assert found.proven


def test_rule_8_points_by_pound_is_7440_and_with_e_and_f_required_6830(rule_8):
    round, bids = rule_8
    found = planning.plan(round, Bounds("points by pound"))
    assert (chosen(found, bids), found.value) == ("abd", 7440.0)
    locks = {bids[letter].reference: ("in", "promised to the ward") for letter in "ef"}
    found = planning.plan(round, Bounds("points by pound", locks=locks))
    assert (chosen(found, bids), found.value, found.points) == ("bcdef", 6830.0, 308.0)


def test_a_floor_has_its_price_in_points_and_an_impossible_one_is_refused(rule_8, database):
    round, bids = rule_8
    bids["a"].organisation.legal_form = "unincorporated"
    found = planning.plan(round, Bounds(floors={("legal", "Not registered"): 1}))
    assert "a" in chosen(found, bids)
    assert found.prices == {("legal", "Not registered"): 308.0 - found.points}
    with pytest.raises(Problem, match="has 1 scored bids"):
        planning.plan(round, Bounds(floors={("legal", "Not registered"): 2}))


def test_locking_needs_a_reason(rule_8):
    round, bids = rule_8
    with pytest.raises(Problem, match="Say why"):
        planning.plan(round, Bounds(locks={bids["a"].reference: ("out", " ")}))
    found = planning.plan(round, Bounds(locks={bids["f"].reference: ("out", "Withdrew its partner")}))
    assert "f" not in chosen(found, bids)


def test_same_readings_leave_nothing_fragile_and_disagreement_does(rule_8):
    assert planning.plan(rule_8[0], Bounds()).fragile == frozenset()


def test_the_page_shows_tries_saves_and_compares(rule_8, officer, as_):
    round, bids = rule_8
    client, address = as_(officer), f"/office/rounds/{round.id}/portfolio"
    page = client.get(address).text
    assert "308.0" in page
    assert "£100,000.00" in page
    name = bids["a"].reference
    refused = client.post(address, data={"do": "try", "aim": "points", f"lock-{name}": "in"}).text
    assert f"Say why {name} is locked in" in refused
    tried = client.post(address, data={"do": "try", "aim": "points", f"lock-{name}": "in", f"why-{name}": "The only bid there"})  # fmt: skip
    assert "The only bid there" in tried.text
    assert Scenario.query.count() == 0
    for scenario, aim in (("Plain", "points"), ("By money", "points by pound")):
        saved = client.post(address, data={"do": "save", "aim": aim, "name": scenario})
        assert saved.status_code == 302
    assert "Another scenario has this name" in client.post(address, data={"do": "save", "aim": "points", "name": "plain"}).text  # fmt: skip
    assert "7,440.0" in client.get(saved.location).text
    compared = client.get(f"{address}/compare").text
    assert "Plain" in compared
    assert "By money" in compared
    assert "308.0" in compared
    assert "220.0" in compared
    printed = client.get(f"{saved.location}&view=print").text
    assert "Try these" not in printed
    gone = client.post(f"{address}/scenarios/{Scenario.query.first().id}/delete")
    assert gone.status_code == 302
    assert [each.name for each in Scenario.query] == ["By money"]


def test_strangers_applicants_and_assessors_do_not_see_the_page_and_auditors_only_read(rule_8, as_):
    round, bids = rule_8
    address = f"/office/rounds/{round.id}/portfolio"
    applicant = bids["a"].created_by_id
    assessor = make.panels.seats_of(round)[0].person
    for who in (make_fund.person(), assessor, planning.db.session.get(Person, applicant)):
        for path in (address, f"{address}/compare"):
            assert as_(who).get(path).status_code in (403, 404)
    auditor = make_fund.staff("auditor", round)
    assert as_(auditor).get(address).status_code == 200
    planning.save_scenario(round, "Seen", planning.Bounds(floors={("priority", "1"): 1}), by=make_fund.staff("fund_officer", round), now=clock.now())  # fmt: skip
    shown = as_(auditor).get(f"{address}/compare").text
    assert "at least 1, costs" in shown
    assert "/delete" not in shown
    assert "/share" not in shown
    Scenario.query.delete()
    assert as_(auditor).post(address, data={"do": "save", "aim": "points", "name": "Mine"}).status_code in (403, 404)
    assert Scenario.query.count() == 0


def test_a_recused_chair_is_shown_a_round_without_the_bid_and_no_scenario(rule_8, officer, as_):
    round, bids = rule_8
    client = as_(officer)
    client.post(f"/office/rounds/{round.id}/portfolio", data={"do": "save", "aim": "points", "name": "Plain"})
    chair = make.seat(round, "chair")
    planning.db.session.add(Conflict(application_id=bids["b"].id, seat_id=chair.id, conflicted=True, reason="Trustee", declared_at=clock.now()))  # fmt: skip
    planning.db.session.flush()
    page = as_(chair.person).get(f"/office/rounds/{round.id}/portfolio").text
    assert bids["b"].reference not in page
    assert bids["b"].title not in page
    assert bids["a"].reference in page
    assert "Plain" not in page
    assert "308.0" not in page
    assert "Plain" not in as_(chair.person).get(f"/office/rounds/{round.id}/portfolio/compare").text


def test_without_scipy_the_page_says_so_plainly(rule_8, officer, as_, monkeypatch):
    monkeypatch.setitem(sys.modules, "scoring.portfolio", None)
    monkeypatch.setitem(sys.modules, "scoring.fragility", None)
    page = as_(officer).get(f"/office/rounds/{rule_8[0].id}/portfolio")
    assert page.status_code == 200
    assert "needs the library SciPy" in page.text


def test_opening_the_portfolio_asks_ten_times_and_a_large_round_is_drawn_when_it_is_asked_for(
    rule_8, officer, as_, statements, monkeypatch
):
    round, bids = rule_8
    client, address = as_(officer), f"/office/rounds/{round.id}/portfolio"
    client.get(address)
    with statements() as seen:
        assert "bids to argue about" in client.get(address).text
    assert len(seen) <= 10, seen
    monkeypatch.setattr(planning, "DRAWN_AT_ONCE", 5)
    bids["a"].requested_pence += 100
    planning.db.session.flush()
    opened = client.get(address).text
    assert "not looked for yet" in opened
    assert "Fragile</strong>" not in opened
    assert "308.0" in opened
    assert "bids to argue about" in client.post(address, data={"do": "try", "aim": "points"}).text
    assert "bids to argue about" in client.get(address).text, "what was found is shown again"


def test_the_fragile_band_is_looked_for_again_when_marks_change_though_every_total_stays(
    rule_8, officer, as_, monkeypatch
):
    round, bids = rule_8
    asked = []
    monkeypatch.setattr("scoring.solved._answers", OrderedDict())
    monkeypatch.setattr(
        fragility, "edge_of", lambda *given, **more: asked.append(more["swing"].marks) or EDGE(*given, **more)
    )
    client, address = as_(officer), f"/office/rounds/{round.id}/portfolio"
    for _ in range(2):
        assert "308.0" in client.get(address).text
    assert len(asked) == 1
    reading = next(each for each in assignments_of(bids["c"]) if each.status == "sealed")
    marks = {each.criterion.code: each for each in Score.query.filter_by(assignment_id=reading.id)}
    marks["C1"].mark, marks["C4"].mark = marks["C4"].mark, marks["C1"].mark  # both weigh 20
    for each in (marks["C1"], marks["C4"]):
        each.touch()
    planning.db.session.flush()
    assert "308.0" in client.get(address).text
    assert len(asked) == 2
    assert asked[0] != asked[1]


def test_a_draw_is_of_the_bids_nearest_to_the_line_and_the_table_has_them_all(rule_8, officer, as_):
    found = planning.plan(rule_8[0], Bounds())
    assert [each.points for each in near_the_line(found, 3)] == [66, 50, 48]
    assert near_the_line(found) == found.bids
