"""The least a bid works with, floors by level and ward, and scenarios shared with the panel."""

import pytest

from applications.tables import ApplicationPlace
from fund.core import clock
from fund.core.database import db
from fund.core.problems import Problem, Stale
from scoring import planning, shared_scenarios, viable
from scoring.criteria import criteria_of
from scoring.funding import fundable_bids
from tests.factories import fund as make
from tests.factories import scoring as given
from tests.kept import kept

WHY = "One evening a week instead of two."


@pytest.fixture
@kept
def round(database):
    """Two bids that ask £10,000.00 each of a pot of £16,000.00."""
    of = given.round(pot_pence=1_600_000)
    of.bids = [given.scored_bid(of, marks, marks, marks)[0] for marks in (given.MARKS_OF_74, given.MARKS_OF_62)]
    of.officer = make.staff("fund_officer", of)
    db.session.commit()
    return of


def record(bid, amount, why=WHY, **more):
    return viable.record_viable(bid, amount, why, by=bid.round.officer, now=clock.now(), **more)


def test_a_part_award_goes_down_to_what_the_chair_recorded_and_no_further(round):
    assert planning.plan(round, planning.Bounds()).awards == {round.bids[0].reference: 1_000_000}
    record(round.bids[1], "5,000")
    assert planning.plan(round, planning.Bounds()).awards == {each.reference: pence for each, pence in zip(round.bids, (1_000_000, 600_000), strict=True)}  # fmt: skip
    record(round.bids[1], "£6,000.01", seen_version=1)
    assert planning.plan(round, planning.Bounds()).awards == {round.bids[0].reference: 1_000_000}
    assert record(round.bids[1], "", seen_version=2) is None
    assert viable.viable_in(round) == {}


@pytest.mark.parametrize("amount", ["0", "10,000.01", "5000.004", "much"])
def test_no_money_nothing_or_more_than_asked_is_refused(round, amount):
    with pytest.raises(Problem, match="Enter"):
        record(round.bids[0], amount)


def test_a_reason_is_needed_and_an_old_page_changes_nothing(round):
    with pytest.raises(Problem, match="why the bid still works"):
        record(round.bids[0], "5,000", " ")
    record(round.bids[0], "5,000")
    with pytest.raises(Stale):
        record(round.bids[0], "6,000", seen_version=0)


def test_floors_count_prevention_levels_and_wards(round):
    for bid, level, ward in zip(round.bids, ("primary", "tertiary"), ("Easington", "Shildon"), strict=True):
        bid.prevention_level = level
        place = make.area(round.fund.partnership, ward)
        db.session.add(ApplicationPlace(application_id=bid.id, area_id=place.id))
    db.session.flush()
    kinds = [each.kinds for each in fundable_bids(round, 0, None)]
    assert [each["level"] for each in kinds] == [("Primary",), ("Tertiary",)]
    assert [each["ward"] for each in kinds] == [("Easington",), ("Shildon",)]
    for floor in (("level", "Tertiary"), ("ward", "Shildon")):
        found = planning.plan(round, planning.Bounds(floors={floor: 1}))
        assert list(found.awards) == [round.bids[1].reference]
        assert found.prices[floor] == pytest.approx(12.0, abs=0.11)


def test_the_chair_records_it_on_the_moderation_page(round, as_):
    chair = given.seat(round, "chair").person
    db.session.commit()
    page, client = f"/panel/bids/{round.bids[0].id}", as_(chair)
    marks = {f"reason-{each.id}": "" for each in criteria_of(round)}
    wrong = client.post(
        page, data={**marks, "do": "save", "viable": "12,000", "viable-reason": WHY, "viable-version": "0"}
    )
    assert "up to the £10,000.00" in wrong.text
    assert 'value="12,000"' in wrong.text
    client.post(page, data={**marks, "do": "save", "viable": "7,500", "viable-reason": WHY, "viable-version": "0"})
    assert 'value="7,500.00"' in client.get(page).text
    assert viable.viable_in(round) == {round.bids[0].id: 750_000}
    assert "viable at £7,500.00" in as_(round.officer).get(f"/office/rounds/{round.id}/portfolio").text


def test_a_scenario_is_shared_with_members_who_may_see_every_score(round, as_):
    member = given.panels.seats_of(round, "assessor")[0].person
    row = planning.save_scenario(round, "First try", planning.Bounds(), by=round.officer, now=clock.now())
    db.session.commit()
    page, office = f"/panel/rounds/{round.id}/scenarios", as_(round.officer)
    assert "Nothing is shared" in as_(member).get(page).text
    assert "Share with the panel" in office.get(f"/office/rounds/{round.id}/portfolio/compare").text
    office.post(f"/office/rounds/{round.id}/portfolio/scenarios/{row.id}/share", data={"share": "yes"})
    assert "First try" in as_(member).get(page).text
    for setting in ("never", "after_panel"):
        round.visibility = setting
        assert shared_scenarios.shared_with(round, member) == []
    round.visibility = "after_own"
    given.reading(given.bid(round, status="in_scoring"), given.panels.seat_in(member, round.id))
    assert shared_scenarios.shared_with(round, member) == []
    assert as_(make.person()).get(page).status_code == 404
