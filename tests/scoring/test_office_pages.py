"""The officer's pages: criteria until publishing, the panel, the plan before it is saved, the ranked list with its line."""

from decimal import Decimal

import pytest

from fund.core import clock
from fund.core.problems import Problem, WrongMoment
from fund.workflow import ROUND
from scoring import criteria
from scoring.evidence import card_for, confidence, is_stale, load_cards
from scoring.ranking import freeze_ranking, ranked_list
from scoring.tables import Assignment, EvidenceCard
from tests.factories import fund as make_fund
from tests.factories import scoring as make
from tests.kept import kept


@pytest.fixture
@kept
def draft(database):
    return make_fund.round(published=False)


@pytest.fixture
@kept
def officer(draft):
    return make_fund.staff("fund_officer", draft)


def test_an_officer_starts_from_the_standard_criteria_and_changes_them(draft, officer, as_):
    client = as_(officer)
    address = f"/office/rounds/{draft.id}/criteria"
    assert "No criteria yet" in client.get(address).text
    client.post(address, data={"do": "standard"})
    found = criteria.criteria_of(draft)
    assert [(each.code, each.weight) for each in found] == [("C1", 20), ("C2", 15), ("C3", 20), ("C4", 20), ("C5", 10), ("C6", 10), ("C7", 5)]  # fmt: skip
    assert found[3].optional_for == ["4"]
    data = {"title": "Need", "guidance": "Is it needed?", "weight": "25", "minimum_mark": "2"} | {f"descriptor_{n}": f"Means {n}" for n in range(6)}  # fmt: skip
    bad = client.post(f"{address}/{found[0].id}", data=data | {"descriptor_3": ""})
    assert "Say what a 3 means" in bad.text
    assert client.post(f"{address}/{found[0].id}", data=data).status_code == 302
    assert (found[0].title, found[0].weight, found[0].minimum_mark) == ("Need", 25, 2)
    client.post(address, data={"do": "add", "title": "Co-production"})
    assert criteria.criteria_of(draft)[-1].code == "C8"


def test_a_round_is_not_ready_without_criteria_whose_weights_make_100(draft):
    ready = ROUND.needs["criteria_ready"]
    with pytest.raises(Problem, match="Choose the criteria"):
        ready(draft, by=None, now=clock.now())
    first = criteria.use_standard_criteria(draft, by=None, now=clock.now())[0]
    ready(draft, by=None, now=clock.now())
    first.weight = 25
    with pytest.raises(Problem, match="add up to 105"):
        ready(draft, by=None, now=clock.now())


def test_published_criteria_are_frozen_and_public(as_, client, database):
    round = make.round()
    officer = make_fund.staff("fund_officer", round)
    first = criteria.criteria_of(round)[0]
    data = {"title": "Need", "guidance": "x", "weight": "25"} | {f"descriptor_{n}": "x" for n in range(6)}
    refused = as_(officer).post(f"/office/rounds/{round.id}/criteria/{first.id}", data=data)
    assert first.title == "Local need, evidenced"
    assert "cannot change any more" in refused.text
    with pytest.raises(WrongMoment):
        criteria.add_criterion(round, "New", by=officer, now=clock.now())
    assert "counts for 20 of 100" in client.get(f"/rounds/{round.id}/criteria").text


def test_a_round_that_is_not_public_shows_no_criteria(draft, client):
    assert client.get(f"/rounds/{draft.id}/criteria").status_code == 404


def test_a_cloned_round_gets_the_same_criteria(draft):
    old = make.round()
    criteria.clone_criteria(old, draft, by=None, now=clock.now())
    assert [each.title for each in criteria.criteria_of(draft)] == [each.title for each in criteria.criteria_of(old)]


@pytest.mark.parametrize("page", ["criteria", "panel", "assignments", "ranking"])
def test_strangers_and_officers_of_elsewhere_have_no_page(draft, as_, page):
    elsewhere = make_fund.staff("fund_officer", make_fund.partnership())
    for who in (make_fund.person(), elsewhere):
        assert as_(who).get(f"/office/rounds/{draft.id}/{page}").status_code == 404


def test_seats_are_given_by_address_and_a_panel_has_one_chair(draft, officer, as_):
    client, first, second = as_(officer), make_fund.person(), make_fund.person()
    address = f"/office/rounds/{draft.id}/panel"
    client.post(address, data={"email": first.email, "label": "Member Wren", "kind": "chair"})
    assert "Member Wren" in client.get(address).text
    assert (
        "This panel has a chair"
        in client.post(address, data={"email": second.email, "label": "Member Rowan", "kind": "chair"}).text
    )
    assert (
        "Nobody with this email"
        in client.post(address, data={"email": "no@example.org", "label": "X", "kind": "assessor"}).text
    )


def test_the_plan_is_shown_saved_and_scoring_starts_with_one_mail_each(as_, database):
    from fund.core.outbox import OutboxMessage

    round = make.round()
    officer = make_fund.staff("fund_officer", round)
    bids, seats = [make.bid(round) for _ in range(4)], [make.seat(round) for _ in range(4)]
    client, address = as_(officer), f"/office/rounds/{round.id}/assignments"
    page = client.get(address).text
    assert "The plan gives 12 readings" in page
    assert database.session.query(Assignment).count() == 0
    plan, _, _ = make.assignments.plan_for(round)
    stale = client.post(address, data={"do": "save", "pair": [f"{bid}-{seat}" for bid, seat in plan.added[1:]]})
    assert "Look at the new plan" in stale.text
    client.post(address, data={"do": "save", "pair": [f"{bid}-{seat}" for bid, seat in plan.added]})
    assert database.session.query(Assignment).count() == 12
    seen = client.get(f"{address}/start").text.partition('name="seen" value="')[2].partition('"')[0]
    client.post(f"{address}/start", data={"seen": seen})
    assert {bid.status for bid in bids} == {"in_scoring"}
    assert database.session.query(OutboxMessage).filter_by(template="to_assess").count() == len(seats)


def test_scoring_does_not_start_below_the_quorum(as_, database):
    round = make.round()
    bid = make.bid(round)
    make.reading(bid, make.seat(round))
    with pytest.raises(Problem, match="has 1 of the 3 assessors"):
        make.start(bid)


def test_the_line_stands_where_the_pot_ends(as_, database):
    round = make.round(pot_pence=2_500_000)
    best, _ = make.scored_bid(round, *[make.MARKS_OF_74] * 3)
    second, _ = make.scored_bid(round, *[make.MARKS_OF_71] * 3)
    third, _ = make.scored_bid(round, *[make.MARKS_OF_62] * 3)
    rows = ranked_list(round)
    assert [row.reference for row in rows] == [best.reference, second.reference, third.reference]
    assert [(row.adds_up_to, row.above_line) for row in rows] == [
        (1_000_000, True),
        (2_000_000, True),
        (3_000_000, False),
    ]
    client = as_(make_fund.staff("decision_maker", round))
    page = client.get(f"/office/rounds/{round.id}/ranking").text
    assert page.index(second.reference) < page.index("The pot ends here") < page.index(third.reference)
    csv = client.get(f"/office/rounds/{round.id}/ranking?format=csv&sort=-asked").text
    assert csv.count("\n") == 4
    assert "74.00" in csv


def test_a_bid_below_a_minimum_takes_no_money_from_the_line(database):
    round = make.round(any_zero_stops=True)
    make.scored_bid(round, *[{**make.MARKS_OF_74, "C1": 0}] * 3)
    [row] = ranked_list(round)
    assert (row.stopped, row.above_line, row.adds_up_to) == ("0 for “Local need, evidenced”", False, 0)


@pytest.mark.parametrize("bids", [1, 6])
def test_the_ranked_list_takes_at_most_ten_statements_at_any_size(as_, statements, bids, database):
    round = make.round()
    for _ in range(bids):
        make.scored_bid(round, *[make.MARKS_OF_74] * 3)
    client = as_(make_fund.staff("fund_officer", round))
    address = f"/office/rounds/{round.id}/ranking"
    client.get(address)
    with statements() as seen:
        client.get(address)
    assert len(seen) <= 10


def test_a_recorded_ranking_keeps_its_inputs_hash_and_result(database):
    round = make.round()
    make.scored_bid(round, *[make.MARKS_OF_74] * 3)
    officer = make_fund.staff("fund_officer", round)
    first, again = (freeze_ranking(round, by=officer, now=clock.now()) for _ in range(2))
    assert first.inputs_sha256 == again.inputs_sha256
    make.scored_bid(round, *[make.MARKS_OF_62] * 3)
    assert freeze_ranking(round, by=officer, now=clock.now()).inputs_sha256 != first.inputs_sha256
    assert first.result[0]["total"] == str(Decimal("74.00"))


def test_evidence_cards_load_once_and_a_changed_card_is_a_new_version(database, client):
    assert load_cards(clock.now()).startswith("Evidence cards: 60 new")
    assert load_cards(clock.now()) == "Evidence cards: 0 new of 60."
    card = card_for("mentoring")
    assert (card.impact, card.percent_less_violence, card.number) == ("moderate", 21, 1)
    card.impact = "high"
    database.session.flush()
    load_cards(clock.now())
    assert card_for("mentoring").number == 2
    assert database.session.query(EvidenceCard).filter_by(strand_id="mentoring", toolkit="yef").count() == 2
    assert card_for(None) is None
    assert confidence(card_for("focused-deterrence")) == (4, "high confidence")
    assert not is_stale(card, card.snapshot_on)
    assert is_stale(card, card.snapshot_on.replace(year=card.snapshot_on.year + 1))
    assert "Focused deterrence" in client.get("/evidence?q=deterrence").text
    assert "No card fits" in client.get("/evidence?q=zzz").text
    assert "Version 2" in client.get(f"/evidence/{card_for('mentoring').id}").text
