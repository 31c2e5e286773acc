"""A return: kept as typed, sent when it is whole, read, accepted or sent back; every version stays."""

from datetime import timedelta

import pytest

from awards.tables import Tranche
from evaluation.returns import Measured, Report, accept_return, save_return, send_back_return, send_return, versions_of
from evaluation.tables import Measurement, SpendLine
from evaluation.workflow import RETURN
from fund.core import clock
from fund.core.outbox import OutboxMessage
from fund.core.problems import Forbidden, Problem, Stale, WrongMoment
from tests.factories import evaluation as make
from tests.factories import fund as people
from tests.kept import kept

pytestmark = pytest.mark.usefixtures("letters_undrawn")


@pytest.fixture
@kept
def period(database):
    return make.period(make.award(), 2)


def save(period, **changes):
    return save_return(period, make.report(period, **changes), by=make.lead(period.award), now=clock.now())


def send(row):
    return send_return(row, by=make.lead(row.period.award), now=clock.now())


def test_a_draft_keeps_what_was_typed_even_when_it_could_not_be_sent(period):
    row = save_return(period, Report(story="It began"), by=make.lead(period.award), now=clock.now())
    assert (row.status, row.number, row.story, row.people_count) == ("draft", 1, "It began", None)


def test_a_return_needs_people_and_money(period):
    with pytest.raises(Problem, match="Enter how many people you reached") as problem:
        send(save(period, people_count=None))
    assert problem.value.field == "people_count"
    with pytest.raises(Problem, match="Enter how much you spent"):
        send(save(period, spent_pence=None, spend={}))


def test_nobody_and_nothing_are_answers(period):
    row = send(save(period, people_count=0, spent_pence=0, spend={}, variance_why="We start in May."))
    assert row.status == "sent"


def test_the_budget_headings_add_up_to_what_was_spent(period):
    with pytest.raises(Problem, match=r"add up to £5,999\.99, but you say you spent £6,000\.00") as problem:
        send(save(period, spent_pence=600_000, spend={"Salaries": 599_999}))
    assert problem.value.field == "spent_pence"


def test_5400_of_6000_is_sent_without_a_reason_and_one_penny_less_is_not(period):
    """Design rule 14, on the period whose profile is £6,000.00."""
    assert period.profile_pence == 600_000
    with pytest.raises(Problem, match="more than 10% under") as problem:
        send(save(period, spent_pence=539_999, spend={"Salaries": 539_999}))
    assert problem.value.field == "variance_why"
    assert send(save(period, spent_pence=540_000, spend={"Salaries": 540_000})).status == "sent"


def test_overspend_asks_why_as_well(period):
    with pytest.raises(Problem, match="more than 10% over"):
        send(save(period, spent_pence=660_001, spend={"Salaries": 660_001}))
    assert send(save(period, spent_pence=660_001, spend={"Salaries": 660_001}, variance_why="A second trip.")).sent_at


@pytest.mark.parametrize(
    ("measured", "sentence"),
    [
        (Measured(101, 10, 8), "Enter a percentage from 0 to 100"),
        (Measured(60, 10, None), "Enter how many people answered"),
        (Measured(60, 7, 8), "More people answered than were asked"),
        (Measured(60, None, 8), "Enter how many people you asked"),
    ],
)
def test_a_percentage_says_how_many_were_asked_and_answered(period, measured, sentence):
    wellbeing = next(key for key, each in make.report(period).measured.items() if each.answered_count)
    with pytest.raises(Problem, match=sentence) as problem:
        send(save(period, measured={wellbeing: measured}))
    assert problem.value.field.endswith(f"_{wellbeing}")


def test_a_return_that_was_sent_cannot_be_written_in(period):
    send(save(period))
    with pytest.raises(WrongMoment, match="This return has been sent"):
        save(period)


def test_a_period_that_has_not_begun_has_no_return_yet(database):
    award = make.award(make.round())
    period = make.period(award, 1)
    with clock.stand_still(make.on(2024, 12, 31)), pytest.raises(WrongMoment, match="begins on 1 January 2025"):
        save(period)


def test_two_people_do_not_overwrite_each_other(period):
    row = save(period)
    lead = make.lead(period.award)
    save_return(period, make.report(period, story="Mine"), by=lead, now=clock.now(), seen_version=row.version)
    with pytest.raises(Stale, match="Somebody else changed this"):
        save_return(period, make.report(period, story="Theirs"), by=lead, now=clock.now(), seen_version=1)
    assert row.story == "Mine"


def test_sent_back_the_next_version_starts_from_the_last_and_both_stay(period, database):
    first = make.sent_back(period, why="Say how the trip was paid.", story="A trip", people_count=11)
    second = save(period, story="A trip, paid from Travel", people_count=11)
    send(second)
    assert [(row.number, row.status, row.story) for row in versions_of(period)] == [
        (2, "sent", "A trip, paid from Travel"),
        (1, "sent_back", "A trip"),
    ]
    for row in (first, second):
        assert database.session.query(SpendLine).filter_by(return_id=row.id).count() == 2
        assert database.session.query(Measurement).filter_by(return_id=row.id).count() == 2
    assert [each.action for each in RETURN.history(first)] == ["send", "send_back"]


def test_the_next_tranche_waits_until_the_return_is_accepted(database):
    award = make.award()
    wanted = database.session.query(Tranche).filter_by(award_id=award.id, waits_for="return-1")
    tranche = wanted.one()
    row = make.sent(make.period(award, 1))
    assert tranche.cleared_at is None
    manager = people.staff("grant_manager", award.round, name="Sam Reed")
    accept_return(row, by=manager, now=clock.now())
    assert tranche.cleared_at == clock.now()
    mail = database.session.query(OutboxMessage).filter_by(template="return_accepted").one()
    assert mail.recipient == make.lead(award).email
    assert mail.subject == f"Return 1 for {award.reference}: read and accepted"
    assert "Read by Sam on 3 February 2026. Thank you." in mail.body
    assert "Your next payment of £6,000 is on its way." in mail.body


def test_sending_back_frees_nothing_and_says_why(database):
    award = make.award()
    make.sent_back(make.period(award, 1), why="Say how the trip was paid.")
    assert database.session.query(Tranche).filter_by(award_id=award.id, waits_for="return-1").one().cleared_at is None
    mail = database.session.query(OutboxMessage).filter_by(template="return_sent_back").one()
    assert "Say how the trip was paid." in mail.body
    assert f"/returns/{make.period(award, 1).id}" in mail.body


def test_sending_back_needs_a_reason(period):
    with pytest.raises(Problem, match="Give a reason"):
        send_back_return(make.sent(period), " ", by=people.staff("grant_manager", period.award.round), now=clock.now())


def test_nobody_of_the_group_accepts_its_own_return(period, database):
    row = make.sent(period)
    manager = people.staff("grant_manager", period.award.round)
    people.member(period.award.organisation, manager)
    with pytest.raises(Forbidden, match="You belong to the group"):
        accept_return(row, by=manager, now=clock.now())
    with pytest.raises(Forbidden):
        accept_return(row, by=people.staff("grant_manager", people.round()), now=clock.now())


def test_every_state_and_action_does_what_the_table_says(period, database):
    manager, lead = people.staff("grant_manager", period.award.round), make.lead(period.award)
    row = make.draft(period)
    assert all(state.staff and state.applicant for state in RETURN.states)
    for action in ("accept", "send_back"):
        with pytest.raises(WrongMoment):
            RETURN.move(row, action, by=manager, now=clock.now(), reason="x")
    with pytest.raises(Forbidden):
        RETURN.move(row, "send", by=people.person(), now=clock.now())
    send_return(row, by=lead, now=clock.now() + timedelta(hours=1))
    accept_return(row, by=manager, now=clock.now() + timedelta(hours=2))
    for action in ("send", "accept", "send_back"):
        with pytest.raises(WrongMoment):
            RETURN.move(row, action, by=manager, now=clock.now(), reason="x")
