"""A fund officer makes, changes, publishes and clones a round of any partnership; it opens and closes by the clock in London."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from fund import hooks, rounds, strategy_loading
from fund.core import clock
from fund.core.clock import london_moment, speak_moment
from fund.core.database import db
from fund.core.demonstration import World
from fund.core.problems import Forbidden, Problem, Stale, WrongMoment
from fund.demonstration_rounds import strategies_and_needs, three_rounds
from fund.ledger import pot_of
from fund.round_history import history_of
from fund.round_life import missing_in
from fund.round_terms import CapTerms, choose_priorities, set_caps, terms_of
from fund.rounds import change_round, clone_round, create_round, priorities_of, stage_of
from fund.strategies.loader import load_pack, slugs
from fund.workflow import ROUND
from tests.factories import fund as make
from tests.kept import kept


@pytest.fixture
@kept
def loaded(database):
    strategy_loading.load_strategies(clock.now())


@pytest.fixture
def only_ours(monkeypatch):
    """Publishing as far as the fund itself goes: the form and the criteria are other packages' matter, tested there."""
    for need in ("form_ready", "criteria_ready", "nothing_promised", "everything_settled"):
        monkeypatch.setitem(ROUND.needs, need, lambda *_, **__: None)
    monkeypatch.setitem(ROUND.tells, "form_frozen", lambda *_, **__: None)


def london(*parts: int) -> datetime:
    """The moment of a wall-clock time in London."""
    return london_moment(datetime(*parts))


def change(round, **values):
    return change_round(round, by=None, now=clock.now(), **values)


# The clock (design rule 4)


def deadline_round():
    closes = london(2024, 8, 30, 17)
    return make.round(opens_at=closes - timedelta(days=60), closes_at=closes)


def test_friday_30_august_2024_five_in_london_is_four_in_utc(database):
    assert deadline_round().closes_at == make.moment(2024, 8, 30, 16)


def test_a_second_before_the_deadline_is_in_and_the_deadline_itself_is_late(database):
    round = deadline_round()
    assert round.is_open(make.moment(2024, 8, 30, 15, 59, 59))
    assert not round.is_open(make.moment(2024, 8, 30, 16, 0, 0))
    assert round.is_closed(make.moment(2024, 8, 30, 16, 0, 0))


def test_a_round_opens_by_itself(database, time):
    round = make.round(opens_at=clock.now() + timedelta(hours=1))
    assert stage_of(round, clock.now()).key == "coming"
    time.move(hours=1)
    assert stage_of(round, clock.now()).key == "open"


# Starting from the strategy


@pytest.mark.parametrize("slug", slugs())
def test_a_round_of_any_partnership_starts_from_its_packs_defaults(loaded, slug):
    pack = load_pack(slug)
    round = create_round(strategy_loading.partnership_called(slug), by=None, now=clock.now())
    assert [each.priority.code for each in priorities_of(round)] == [each.code for each in pack.fundable]
    assert {cap.key: cap.most_pence for cap in terms_of(round)} == {"non_registered": 500_000, "registered": 4_000_000}
    assert pot_of(round).total_pence == pack.round_defaults.pot_pence
    assert round.status == "draft"
    assert not list(missing_in(round, clock.now()))


def test_a_partnership_without_a_strategy_cannot_start_a_round(database):
    with pytest.raises(Problem, match="no strategy yet"):
        create_round(make.partnership(), by=None, now=clock.now())


def test_references_of_two_rounds_never_begin_alike(loaded):
    dorset = strategy_loading.partnership_called("dorset")
    first, second = (create_round(dorset, by=None, now=clock.now()) for _ in range(2))
    assert (first.prefix, second.prefix) == ("DO-2026", "DO-2026-2")
    with pytest.raises(Problem, match="Another round has this prefix"):
        change(second, prefix="DO-2026")


# Changing


def test_a_change_is_written_down_with_what_was_there_before(database):
    round = make.round(published=False)
    change(round, title="Safer nights")
    [event] = [each for each in history_of(round) if each.what == "Changed"]
    assert event.details == [f"Title: {'Round'} {round.prefix[1:]} → Safer nights"]


def test_a_form_opened_before_somebody_else_saved_is_stale(database):
    round = make.round(published=False)
    seen = round.version
    change(round, title="One")
    with pytest.raises(Stale):
        change(round, title="Two", seen=seen)
    assert round.title == "One"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("prefix", "OTHER"),
        ("opens_at", clock.datetime(2026, 1, 1, tzinfo=clock.UTC)),
        ("delivery_end_on", date(2028, 1, 1)),
        ("bids_per_organisation", 3),
        ("joint_cap_pence", 1),
    ],
)
def test_what_applicants_rely_on_stands_still_once_published(database, name, value):
    with pytest.raises(WrongMoment, match="people rely on this"):
        change(make.round(), **{name: value})


def test_caps_and_priorities_stand_still_once_published(database):
    round = make.round()
    with pytest.raises(WrongMoment):
        set_caps(round, [CapTerms("groups", 1, ["cio"], False)], by=None, now=clock.now())
    with pytest.raises(WrongMoment):
        choose_priorities(round, {priorities_of(round)[0].priority_id: ""}, by=None, now=clock.now())


def test_a_published_round_may_close_later_with_a_reason_but_not_earlier(database):
    round = make.round()
    told = round.closes_at
    with pytest.raises(WrongMoment, match="not earlier"):
        change(round, closes_at=told - timedelta(minutes=1), reason="We are in a hurry")
    with pytest.raises(Problem, match="Say why"):
        change(round, closes_at=told + timedelta(days=2))
    change(round, closes_at=told + timedelta(days=2), reason="The site was down on Monday")
    event = next(each for each in history_of(round) if each.what == "Changed")
    assert event.details == [f"Closes: {speak_moment(told)} → {speak_moment(told + timedelta(days=2))}"]
    assert event.reason == "The site was down on Monday"


def test_panel_rules_stand_still_when_the_round_closes(database, time):
    round = make.round()
    change(round, spread_flag=3)
    time.move(days=28)
    with pytest.raises(WrongMoment, match="judged by"):
        change(round, spread_flag=2)
    with pytest.raises(WrongMoment):
        change(round, closes_at=clock.now() + timedelta(days=5), reason="Reopen")


def test_a_quorum_larger_than_the_assessors_is_refused(database):
    with pytest.raises(Problem, match="quorum cannot be more"):
        change(make.round(published=False), panel_quorum=4)


# Caps


def test_a_legal_form_is_in_one_cap_only(database):
    round = make.round(published=False)
    both = [
        CapTerms("charities", 4_000_000, ["cio"], True),
        CapTerms("groups", 500_000, ["cio", "unincorporated"], False),
    ]
    with pytest.raises(Problem, match="“Charitable incorporated organisation” is in two caps"):
        set_caps(round, both, by=None, now=clock.now())
    with pytest.raises(Problem, match="at least one cap"):
        set_caps(round, [], by=None, now=clock.now())
    with pytest.raises(Problem, match="Choose who the cap for people"):
        set_caps(round, [CapTerms("people", 100, ["individual"], False)], by=None, now=clock.now())


def test_caps_are_exactly_what_was_set_and_keep_their_keys(database):
    round = make.round(published=False)
    set_caps(
        round,
        [
            CapTerms("charities", 3_000_000, ["cio"], True, key="registered"),
            CapTerms("clubs", 700_000, ["casc"], False),
        ],
        by=None,
        now=clock.now(),
    )
    assert [(cap.key, cap.plural, cap.most_pence) for cap in terms_of(round)] == [
        ("registered", "charities", 3_000_000),
        ("cap-1", "clubs", 700_000),
    ]


# Publishing


def test_publishing_needs_every_part(database, only_ours):
    round = make.round(published=False, pot_pence=None, closes_at=clock.now() + timedelta(days=1))
    officer = make.staff("fund_officer", round)
    with pytest.raises(Problem, match="Set the pot"):
        ROUND.move(round, "publish", by=officer, now=clock.now())
    assert round.status == "draft"


def test_a_stranger_cannot_publish(database, only_ours):
    round = make.round(published=False)
    for person in (make.person(), make.staff("fund_officer", make.partnership()), make.staff("finance_officer", round)):
        with pytest.raises(Forbidden):
            ROUND.move(round, "publish", by=person, now=clock.now())


def test_a_round_is_taken_back_only_before_it_opens(database, only_ours, time):
    round = make.round(published=False, opens_at=clock.now() + timedelta(hours=1))
    officer = make.staff("fund_officer", round)
    ROUND.move(round, "publish", by=officer, now=clock.now())
    ROUND.move(round, "unpublish", by=officer, now=clock.now(), reason="A cap is wrong")
    ROUND.move(round, "publish", by=officer, now=clock.now())
    time.move(hours=1)
    with pytest.raises(WrongMoment, match="has opened"):
        ROUND.move(round, "unpublish", by=officer, now=clock.now(), reason="A cap is wrong")


# Cloning


def test_a_clone_has_everything_but_bids_and_money_a_year_later(database, monkeypatch):
    told = []
    monkeypatch.setattr(hooks.when_cloned, "functions", [lambda old, new, by, now: told.append((old, new))])
    old = make.round(visibility="never", joint_cap_pence=4_000_000)
    old.opens_at = london(2026, 3, 20, 9)
    old.closes_at = london(2026, 5, 1, 17)
    new = clone_round(old, by=None, now=clock.now())
    assert (new.status, new.visibility, new.joint_cap_pence, new.cloned_from_id) == (
        "draft",
        "never",
        4_000_000,
        old.id,
    )
    assert new.opens_at == london(2027, 3, 20, 9)
    assert new.closes_at == london(2027, 5, 1, 17)
    assert [(cap.key, cap.legal_forms) for cap in terms_of(new)] == [
        (cap.key, cap.legal_forms) for cap in terms_of(old)
    ]
    assert [each.priority.code for each in priorities_of(new)] == [each.priority.code for each in priorities_of(old)]
    assert pot_of(new) is None
    assert new.prefix != old.prefix
    assert told == [(old, new)]


def test_a_clone_keeps_the_time_of_day_over_the_clock_change(database):
    old = make.round()
    old.opens_at, old.closes_at = london(2026, 3, 28, 17), london(2026, 10, 25, 17)
    new = clone_round(old, by=None, now=clock.now())
    assert speak_moment(new.opens_at) == "Sunday 28 March 2027, 5pm"
    assert speak_moment(new.closes_at) == "Monday 25 October 2027, 5pm"


def test_a_clone_of_an_old_round_opens_in_the_future(database):
    old = make.round(opens_at=make.moment(2022, 5, 1), closes_at=make.moment(2022, 6, 1))
    new = clone_round(old, by=None, now=clock.now())
    assert new.opens_at == make.moment(2026, 5, 1)
    assert new.delivery_start_on == date(2030, 6, 1)


# Demonstration


def test_the_demonstration_has_an_open_a_scoring_and_a_finished_round(database):
    world = World(now=clock.now(), applications=40)
    strategies_and_needs(world)
    world["officer"] = make.staff("fund_officer", world["durham"])
    three_rounds(world)
    now = world.now
    stages = {name: stage_of(world[name], now).key for name in ("round_open", "round_scoring", "round_finished")}
    assert stages == {"round_open": "open", "round_scoring": "closed", "round_finished": "closed"}
    assert speak_moment(world["round_open"].closes_at) == "Sunday 15 February 2026, 5pm"
    finished = world["round_finished"]
    assert (finished.delivery_start_on, finished.delivery_end_on) == (date(2024, 9, 4), date(2025, 12, 3))
    pots = {name: pot_of(world[name]).total_pence for name in stages}
    assert pots == {"round_open": 70_000_000, "round_scoring": 50_000_000, "round_finished": 70_000_000}
    assert db.session.scalar(select(rounds.Partnership).where(rounds.Partnership.slug == "dorset")) is world["dorset"]
