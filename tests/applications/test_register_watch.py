"""While a bid or grant runs its number is asked about every week, officers are told once what is new, and the bid says it."""

import pytest
from sqlalchemy import select

from applications import register_watch
from applications.workflow import APPLICATION
from fund import organisations
from fund.core import clock
from fund.core.database import db
from fund.core.outbox import OutboxMessage
from fund.registers import looking
from fund.registers.jobs import ask_registers
from fund.tables import QueuedLook, RegisterLook
from tests.checks.registers import Registers, charity
from tests.factories import applications as make_bid
from tests.factories import fund as make
from tests.fund.test_registers import use
from tests.kept import kept


@pytest.fixture
def registers(app, database, monkeypatch):
    with Registers() as running:
        use(app, running, monkeypatch)
        yield running


@pytest.fixture
@kept
def lead(database):
    return make.person(name="Amina Clarke")


@pytest.fixture
def bid(registers, lead):
    """A bid for £40,000.00 of a charity whose number its register confirmed, waiting to be screened."""
    lamplight = organisations.add_organisation("Lamplight Mentors", "cio", by=lead, now=clock.now())
    organisations.add_identifier(lamplight, "GB-CHC", "9900201", by=lead, now=clock.now())
    registers.say("9900201", charity(9900201, "LAMPLIGHT MENTORS"))
    work()
    application = make_bid.draft(lead, organisation=lamplight)
    application.requested_pence, application.submitted_at = 4_000_000, clock.now()
    make.put(application, "submitted", APPLICATION)
    db.session.commit()
    return application


@pytest.fixture
@kept
def officer(bid):
    return make.staff("fund_officer", bid.round)


def work():
    db.session.commit()
    ask_registers(clock.now())


def week(time):
    """A week passes, and the Monday's jobs run."""
    time.move(days=7)
    db.session.commit()
    register_watch.watch_registers(clock.now())
    work()
    register_watch.tell_register_news(clock.now())
    db.session.expire_all()


def news() -> list[OutboxMessage]:
    return list(
        db.session.scalars(select(OutboxMessage).filter_by(template="register_news").order_by(OutboxMessage.id))
    )


def test_a_number_of_a_running_bid_is_asked_about_every_week(registers, time, bid):
    assert len(registers.seen) == 1
    for asked in (2, 3):
        week(time)
        assert len(registers.seen) == asked
    assert [look.why for look in db.session.scalars(select(RegisterLook).order_by(RegisterLook.id))] == ["entered", "weekly", "weekly"]  # fmt: skip
    assert news() == []


@pytest.mark.parametrize("status", ["draft", "withdrawn", "closed", "ineligible"])
def test_what_does_not_run_is_left_alone(registers, time, bid, status):
    bid.submitted_at = None if status == "draft" else bid.submitted_at
    make.put(bid, status, APPLICATION)
    week(time)
    assert len(registers.seen) == 1


def test_without_keys_nothing_is_queued(app, registers, bid, monkeypatch):
    use(app, registers, monkeypatch, key="")
    assert register_watch.queue_running(clock.now()) == 0
    assert db.session.scalar(select(QueuedLook)) is None


def test_a_charity_taken_off_the_register_lowers_the_cap_marks_the_bid_and_tells_the_officer_once(
    registers, as_, time, bid, officer, lead
):
    """Rule 2, the whole way: £40,000.00 is over by £35,000.00, the bid is kept, nobody is told twice."""
    gone = charity(9900201, "LAMPLIGHT MENTORS", reg_status="RM", date_of_removal="2026-02-05T00:00:00")
    registers.say("9900201", gone)
    week(time)
    (mail,) = news()
    assert mail.recipient == officer.email
    assert mail.subject == "A register says something new about charity number 9900201"
    for words in (
        "It says now: removed on 5 February 2026.",
        f"{bid.reference}. Over by £35,000.00: no register confirms the number, and groups that are not registered can ask for up to £5,000.00.",
        f"/office/organisations/{bid.organisation_id}",
    ):
        assert words in mail.body
    page = as_(officer).get(f"/office/applications/{bid.id}").text
    assert "Over by £35,000.00:" in page
    assert "Removed" in page
    mine = as_(lead).get(f"/applications/{bid.id}").text
    assert "Over by £35,000.00:" in mine
    assert "Your bid is kept." in mine
    assert bid.status == "submitted"
    week(time)
    register_watch.tell_register_news(clock.now())
    assert len(news()) == 1


def test_officers_elsewhere_other_staff_and_ended_roles_hear_nothing(registers, time, bid, officer):
    make.staff("fund_officer", make.partnership())
    make.staff("finance_officer", bid.round)
    ended = make.staff("fund_officer", bid.round)
    for grant in ended.grants:
        grant.until = clock.now()
    registers.say("9900201", charity(9900201, "LAMPLIGHT MENTORS", reporting_status="Submission Overdue"))
    week(time)
    assert [mail.recipient for mail in news()] == [officer.email]


def test_a_change_nobody_has_a_running_bid_for_is_told_to_nobody(registers, time, bid, officer):
    registers.say("9900201", charity(9900201, "LANTERN MENTORS"))
    number = bid.organisation.identifiers[0]
    enquiry = looking.prepare(number, now=clock.now(), at_most_old=clock.now() - clock.now())
    looking.record_look(enquiry, looking.hear(enquiry, 2), "officer", by=officer, now=clock.now())
    make.put(bid, "withdrawn", APPLICATION)
    register_watch.tell_register_news(clock.now())
    assert news() == []
    assert looking.looks_to_tell() == []


def test_no_answer_in_the_weekly_look_changes_nothing(registers, time, bid, officer):
    registers.say("9900201", b"<html>Maintenance</html>", 503)
    week(time)
    assert news() == []
    assert bid.organisation.identifiers[0].check_result == "confirmed"


def test_a_bid_with_a_number_to_check_says_so_to_both_sides(registers, as_, lead, bid, officer):
    number = bid.organisation.identifiers[0]
    number.check_result = number.checked_at = None
    db.session.commit()
    assert "is to be checked" in as_(officer).get(f"/office/applications/{bid.id}").text
    assert "Your number is <strong>to be checked</strong>" in as_(lead).get(f"/applications/{bid.id}").text
