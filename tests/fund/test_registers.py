"""A number that is entered is asked about by a job; the answer is kept as evidence and lowers or confirms the cap (rule 2)."""

import os
import sqlite3
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select, text

from fund import caps, members, organisations, sessions
from fund.core import clock
from fund.core.audit import AuditEvent, lines_about
from fund.core.database import db
from fund.core.jobs import JOBS, run_job
from fund.core.problems import TooMany
from fund.registers import known, looking
from fund.registers.jobs import ask_registers
from fund.registers.looking import calls_left, is_resting, looks_to_tell
from fund.tables import Identifier, IdentifierCheck, QueuedLook, RegisterAnswer, RegisterLook
from tests import postgres
from tests.checks.registers import KEY, Registers, charity, company
from tests.factories import fund as make
from tests.kept import kept
from tests.quick import create_tables
from wsgi import create_app

NAME = "Lamplight Mentors"


@pytest.fixture
def registers():
    with Registers() as running:
        yield running


@pytest.fixture
def asks(app, database, registers, monkeypatch):
    """The app has keys for both registers, which are on this machine."""
    use(app, registers, monkeypatch)
    return registers


def use(app, registers, monkeypatch, key=KEY):
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    settings = replace(
        app.config["SETTINGS"], charity_commission_key=key, charity_commission_url=f"{registers.address}/register/api",
        companies_house_key=key, companies_house_url=registers.address,
    )  # fmt: skip
    monkeypatch.setitem(app.config, "SETTINGS", settings)


@pytest.fixture
@kept
def lead(database):
    return make.person(name="Amina Clarke")


@pytest.fixture
@kept
def lamplight(lead):
    return organisations.add_organisation(NAME, "cio", by=lead, now=clock.now(), annual_income_pence=18_000_000)


@pytest.fixture
@kept
def number(lamplight, lead):
    return organisations.add_identifier(lamplight, "GB-CHC", "9900201", by=lead, now=clock.now())


@pytest.fixture
@kept
def officer(database):
    return make.staff("fund_officer", make.partnership())


def run() -> str | None:
    db.session.commit()
    return ask_registers(clock.now())


def looks_of(number: Identifier) -> list[RegisterLook]:
    return list(db.session.scalars(select(RegisterLook).filter_by(identifier_id=number.id).order_by(RegisterLook.id)))


def queued() -> list[QueuedLook]:
    return list(db.session.scalars(select(QueuedLook).order_by(QueuedLook.id)))


def test_a_number_just_entered_is_asked_about_and_confirmed(asks, lamplight, number):
    asks.say("9900201", charity(9900201, "LAMPLIGHT MENTORS CIO"))
    assert caps.registration_of(lamplight) == "to_check"
    assert run() == "1 asked, 0 without an answer"
    db.session.expire_all()
    assert caps.registration_of(lamplight) == "confirmed"
    (look,) = looks_of(number)
    assert (look.outcome, look.why, look.name_score, look.was_sent) == ("confirmed", "entered", 100, True)
    assert number.check_evidence == "LAMPLIGHT MENTORS CIO, registered."
    assert number.checked_by_id is None
    assert queued() == []
    assert run() is None


def test_entering_a_number_asks_nobody_inside_the_applicants_request(asks, as_, lamplight, lead):
    answer = as_(lead).post(f"/organisations/{lamplight.id}/numbers", data={"scheme": "GB-CHC", "number": "9900201"})
    assert answer.status_code == 302
    assert asks.seen == []
    assert len(queued()) == 1


def test_a_removed_number_lowers_the_cap_at_once(asks, lamplight, number):
    """Rule 2: £40,000 provisionally, £5,000 from the moment the register says that the charity is gone."""
    asks.say("9900201", charity(9900201, "LAMPLIGHT MENTORS", reg_status="RM", date_of_removal="2024-03-03T00:00:00"))
    round = make.round()
    assert caps.cap_for(round, lamplight).most_pence == 4_000_000
    run()
    db.session.expire_all()
    assert caps.registration_of(lamplight) == "removed"
    cap = caps.cap_for(round, lamplight)
    assert (cap.most_pence, cap.provisional) == (500_000, False)
    assert caps.over_cap_sentence(cap, 4_000_000).endswith("Take off £35,000.00 to carry on.")
    assert number.check_evidence == "LAMPLIGHT MENTORS, removed on 3 March 2024."


def test_a_number_that_companies_house_does_not_have_lowers_the_cap(asks, lead):
    club = organisations.add_organisation("Skerne Side Sports", "cic", by=lead, now=clock.now())
    number = organisations.add_identifier(club, "GB-COH", "99000301", by=lead, now=clock.now())
    run()
    db.session.expire_all()
    assert number.check_result == "not_found"
    assert caps.registration_of(club) == "none"


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        (
            {"charity_name": "NIGHTFALL TRUST"},
            "The name on the register is NIGHTFALL TRUST. The organisation gave Lamplight Mentors (different, ",
        ),
        ({"charity_name": "LAMPLIGHT MENTORING"}, "(nearly the same, "),
        ({"insolvent": True}, "LAMPLIGHT MENTORS, registered, but insolvent."),
    ],
)
def test_what_a_machine_must_not_decide_waits_for_a_person(asks, lamplight, number, facts, sentence):
    asks.say("9900201", charity(9900201, "LAMPLIGHT MENTORS") | facts)
    run()
    db.session.expire_all()
    (look,) = looks_of(number)
    assert look.outcome == "by_hand"
    assert sentence in look.sentence
    assert caps.registration_of(lamplight) == "to_check"
    assert number.check_result is None
    assert queued() == []


def test_a_working_name_is_a_name_of_the_charity(asks, lamplight, number):
    other = [{"other_name": "LAMPLIGHT MENTORS", "name_type": "W"}]
    asks.say("9900201", charity(9900201, "THE LAMPLIGHT AND LANTERN FOUNDATION", other_names=other))
    run()
    assert looks_of(number)[0].outcome == "confirmed"


def test_a_former_name_of_a_company_is_said(asks, lead):
    club = organisations.add_organisation("Skerne Sports Ltd", "cic", by=lead, now=clock.now())
    number = organisations.add_identifier(club, "GB-COH", "99000301", by=lead, now=clock.now())
    former = [{"name": "SKERNE SPORTS LIMITED"}]
    asks.say("99000301", company("99000301", "WEIRSIDE ACTIVE CIC", previous_company_names=former))
    run()
    (look,) = looks_of(number)
    assert look.outcome == "by_hand"
    assert look.sentence.endswith("It was called that before.")


@pytest.mark.parametrize(
    ("answer", "status", "failure"),
    [({}, 429, "busy"), ({}, 503, "unreachable"), (b"<html>", 200, "unreadable"), (b'{"a', 200, "unreadable"), ({}, 403, "refused")],
)  # fmt: skip
def test_no_answer_is_no_verdict_and_is_tried_again(asks, time, lamplight, number, answer, status, failure):
    asks.say("9900201", answer, status)
    assert run() == "1 asked, 1 without an answer"
    (look,) = looks_of(number)
    assert (look.outcome, look.failure) == ("no_answer", failure)
    assert caps.registration_of(lamplight) == "to_check"
    assert run() is None
    asks.say("9900201", charity(9900201, "LAMPLIGHT MENTORS"))
    time.move(minutes=6)
    assert run() == "1 asked, 0 without an answer"
    db.session.expire_all()
    assert caps.registration_of(lamplight) == "confirmed"


def test_the_register_is_left_alone_as_long_as_it_asks(asks, time, number):
    asks.say("9900201", {}, 429, Retry_After="3600")
    run()
    time.move(minutes=59)
    assert run() is None
    time.move(minutes=2)
    assert run() is not None


def test_a_register_that_is_away_is_asked_once_and_not_for_every_number(asks, time, lead, number):
    for each in range(5):
        body = organisations.add_organisation(f"Body {each}", "cio", by=lead, now=clock.now())
        organisations.add_identifier(body, "GB-CHC", f"990030{each}", by=lead, now=clock.now())
    asks.said["9900201"] = ({}, 500, {})
    assert run() == "1 asked, 1 without an answer"
    assert is_resting("GB-CHC", clock.now())
    assert not is_resting("GB-COH", clock.now())
    assert run() is None
    assert len(asks.seen) == 1


def test_patience_grows_and_ends(asks, time, number):
    asks.say("9900201", {}, 500)
    gaps = []
    while queued():
        due = queued()[0].due_at
        gaps.append((due - clock.now()).total_seconds() // 60)
        time.move(seconds=(due - clock.now()).total_seconds() + 1)
        assert run()
    assert gaps[:7] == [0, 5, 15, 60, 360, 720, 720]
    assert len(gaps) == 20
    assert number.check_result is None


def test_an_answer_we_stumble_over_holds_up_no_other_number(asks, time, lead, number, monkeypatch):
    """A fault of ours in reading one answer is no answer; the numbers behind it are asked about."""
    other = organisations.add_organisation("Weir Trust", "cio", by=lead, now=clock.now())
    behind = organisations.add_identifier(other, "GB-CHC", "9900301", by=lead, now=clock.now())
    asks.say("9900301", charity(9900301, "WEIR TRUST"))
    read = known.charity_commission.read

    def stumble(data, main, suffix):
        if main == "9900201":
            raise ZeroDivisionError
        return read(data, main, suffix)

    asks.say("9900201", charity(9900201, "LAMPLIGHT MENTORS"))
    monkeypatch.setattr(known.charity_commission, "read", stumble)
    assert run() == "2 asked, 1 without an answer"
    assert [looks_of(each)[0].outcome for each in (number, behind)] == ["no_answer", "confirmed"]


def test_without_a_key_nobody_is_asked_and_a_key_set_later_works_off_what_waits(app, registers, number, monkeypatch):
    assert run() is None
    assert known.with_keys() == []
    use(app, registers, monkeypatch)
    registers.say("9900201", charity(9900201, "LAMPLIGHT MENTORS"))
    assert run() == "1 asked, 0 without an answer"


def test_numbers_of_other_registers_are_not_queued(asks, lead):
    school = organisations.add_organisation("Weir School", "school", by=lead, now=clock.now())
    organisations.add_identifier(school, "GB-EDU", "990001", by=lead, now=clock.now())
    assert queued() == []


def test_an_answer_is_used_again_for_a_week(asks, time, lead, number):
    asks.say("9900201", charity(9900201, "LAMPLIGHT MENTORS"))
    run()
    time.move(days=6)
    copy = organisations.add_organisation("Lamplight Mentors", "cio", by=lead, now=clock.now())
    again = organisations.add_identifier(copy, "GB-CHC", "9900201", by=lead, now=clock.now())
    run()
    assert looks_of(again)[0].was_sent is False
    assert len(asks.seen) == 1
    time.move(days=2)
    third = organisations.add_organisation("Lamplight Mentors", "cio", by=lead, now=clock.now())
    organisations.add_identifier(third, "GB-CHC", "9900201", by=lead, now=clock.now())
    run()
    assert len(asks.seen) == 2


def test_our_own_limit_holds_over_all_that_ask(asks, time, number, monkeypatch):
    monkeypatch.setitem(known.REGISTERS, "GB-CHC", replace(known.REGISTERS["GB-CHC"], most_in_five_minutes=2))
    asks.say("9900201", charity(9900201, "LAMPLIGHT MENTORS"))
    for left in (2, 1):
        assert calls_left("GB-CHC", clock.now()) == left
        enquiry = looking.prepare(number, now=clock.now(), at_most_old=timedelta(0))
        looking.record_look(enquiry, looking.hear(enquiry, 2), "officer", by=None, now=clock.now())
    with pytest.raises(TooMany, match="We asked the Charity Commission very often"):
        looking.prepare(number, now=clock.now(), at_most_old=timedelta(0))
    time.move(minutes=5, seconds=1)
    assert calls_left("GB-CHC", clock.now()) == 2


def test_a_number_taken_off_while_the_register_thinks_is_forgotten(asks, lamplight, lead, number):
    asks.say("9900201", charity(9900201, "LAMPLIGHT MENTORS"))
    enquiry = looking.prepare(number, now=clock.now())
    heard = looking.hear(enquiry, 2)
    organisations.remove_identifier(lamplight, number, by=lead, now=clock.now())
    assert looking.record_look(enquiry, heard, "entered", by=None, now=clock.now()) is None
    assert queued() == []


def test_an_officer_who_found_a_number_removed_is_not_overruled(asks, lamplight, officer, number):
    organisations.record_check(number, "removed", "Seen on paper", by=officer, now=clock.now())
    asks.say("9900201", charity(9900201, "LAMPLIGHT MENTORS"))
    run()
    db.session.expire_all()
    assert caps.registration_of(lamplight) == "removed"
    assert "An officer found otherwise before" in looks_of(number)[0].sentence


def test_the_same_verdict_again_is_one_check_and_two_looks(asks, time, number, officer):
    asks.say("9900201", charity(9900201, "LAMPLIGHT MENTORS"))
    for _ in range(2):
        enquiry = looking.prepare(number, now=clock.now(), at_most_old=timedelta(0))
        looking.record_look(enquiry, looking.hear(enquiry, 2), "officer", by=officer, now=clock.now())
    assert len(looks_of(number)) == 2
    assert db.session.scalar(select(func.count()).select_from(IdentifierCheck)) == 1
    assert looks_to_tell() == []


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"reg_status": "RM"}, "It says now: removed."),
        ({"charity_name": "LANTERN MENTORS"}, "The name on it was LAMPLIGHT MENTORS and is LANTERN MENTORS now."),
        ({"reporting_status": "Submission Overdue"}, "Accounts or the annual return are overdue."),
        ({"in_administration": True}, "It said “registered” and says now “registered, but in administration”."),
    ],
)
def test_what_is_new_in_an_answer_is_noted(asks, number, facts, sentence):
    for answer in (charity(9900201, "LAMPLIGHT MENTORS"), charity(9900201, "LAMPLIGHT MENTORS") | facts):
        asks.say("9900201", answer)
        enquiry = looking.prepare(number, now=clock.now(), at_most_old=timedelta(0))
        look = looking.record_look(enquiry, looking.hear(enquiry, 2), "weekly", by=None, now=clock.now())
    assert look is not None
    assert look.changes == [sentence]
    assert looks_to_tell() == [look]


def test_a_name_put_right_is_compared_again_without_asking_twice(asks, lamplight, lead, number):
    asks.say("9900201", charity(9900201, "LAMPLIGHT MENTORING"))
    run()
    assert caps.registration_of(lamplight) == "to_check"
    organisations.change_organisation(lamplight, by=lead, now=clock.now(), town="Seaham")
    assert queued() == []
    organisations.change_organisation(lamplight, by=lead, now=clock.now(), name="Lamplight Mentoring")
    run()
    db.session.expire_all()
    assert caps.registration_of(lamplight) == "confirmed"
    assert len(asks.seen) == 1


def test_a_confirmed_organisation_that_takes_another_name_is_news_once(asks, lamplight, lead, number):
    asks.say("9900201", charity(9900201, "LAMPLIGHT MENTORS"))
    run()
    for name in ("Nightfall Trust", "Nightfall Trust North"):
        organisations.change_organisation(lamplight, by=lead, now=clock.now(), name=name)
        run()
    assert [look.outcome for look in looks_of(number)] == ["confirmed", "by_hand", "by_hand"]
    assert number.check_result == "confirmed"
    (look,) = looks_to_tell()
    assert look.changes == [
        "The number is confirmed, but what the register says does not agree with the organisation now."
    ]


def test_names_of_trustees_stand_in_the_latest_answer_only(asks, number):
    for _ in range(2):
        asks.say("9900201", charity(9900201, "LAMPLIGHT MENTORS"))
        enquiry = looking.prepare(number, now=clock.now(), at_most_old=timedelta(0))
        looking.record_look(enquiry, looking.hear(enquiry, 2), "officer", by=None, now=clock.now())
    answers = list(db.session.scalars(select(RegisterAnswer).order_by(RegisterAnswer.id)))
    assert [answer.facts["trustees"] for answer in answers] == [[], ["Ada Wear", "Bede Tees"]]


def test_every_look_is_in_the_audit_log_without_the_key_or_anybodys_name(asks, lamplight, number):
    asks.say("9900201", charity(9900201, "LAMPLIGHT MENTORS"))
    run()
    lines = {line.action: line.details for line in lines_about(lamplight)}
    assert lines["identifier.ask"]["outcome"] == "confirmed"
    assert lines["identifier.check"]["result"] == "confirmed"
    everything = " ".join(str(line.details) for line in db.session.scalars(select(AuditEvent)))
    assert KEY not in everything
    assert "Ada Wear" not in everything


# The office's page


def ask_page(as_, officer, number):
    return as_(officer).post(f"/office/identifiers/{number.id}/ask", follow_redirects=True).text


def test_an_officer_asks_now_and_sees_what_the_register_said(asks, as_, officer, number):
    asks.say("9900201", charity(9900201, "LAMPLIGHT MENTORS"))
    page = ask_page(as_, officer, number)
    for words in (
        "We asked the Charity Commission. Confirmed: LAMPLIGHT MENTORS, registered.",
        "The organisation gave: Lamplight Mentors (the same)",
        "To 31 March 2025",
        "£186,400",
        "The organisation gave: £180,000",
        f"{officer.name} asked",
        "Ada Wear",
    ):
        assert words in page
    assert queued() == []
    assert "What the register’s service said" in as_(officer).get(f"/office/identifiers/{number.id}").text


def test_another_name_is_shown_beside_ours_with_how_like_it_is(asks, as_, officer, number):
    asks.say("9900201", charity(9900201, "NIGHTFALL TRUST"))
    page = ask_page(as_, officer, number)
    assert "Check by hand" in page
    assert "The organisation gave: Lamplight Mentors (different, " in page
    assert "To be checked" in page


def test_no_answer_on_the_page_is_a_sentence_and_no_dead_end(asks, as_, officer, number):
    asks.say("9900201", b"<html>Bad gateway</html>", 502)
    page = ask_page(as_, officer, number)
    assert "The register is out of reach at the moment. The number is still to be checked." in page
    assert "Record a check" in page
    assert len(queued()) == 1
    answer = as_(officer).post(
        f"/office/identifiers/{number.id}", data={"result": "confirmed", "evidence": "Seen by hand"}
    )
    assert answer.status_code == 302


def test_without_a_key_the_page_says_so_and_the_hand_check_stays(as_, officer, lamplight, number):
    page = as_(officer).get(f"/office/organisations/{lamplight.id}").text
    assert "This installation has no key for this register, so its numbers are checked by hand." in page
    assert "Ask the register now" not in page
    assert "Record a check" in page
    assert as_(officer).post(f"/office/identifiers/{number.id}/ask").status_code == 409


@pytest.mark.parametrize(("role", "status"), [("fund_officer", 302), ("head_of_fund", 302), ("grant_manager", 302), ("finance_officer", 403), ("auditor", 403), ("evaluator", 404)])  # fmt: skip
def test_who_may_ask(asks, as_, number, role, status):
    assert as_(make.staff(role, make.partnership())).post(f"/office/identifiers/{number.id}/ask").status_code == status
    assert bool(asks.seen) == (status == 302)


def test_nobody_asks_for_their_own_organisation_and_strangers_find_nothing(asks, as_, officer, lamplight, lead, number):
    make.member(lamplight, officer)
    for person in (officer, lead, make.person()):
        assert as_(person).post(f"/office/identifiers/{number.id}/ask").status_code in (403, 404)
    assert asks.seen == []
    assert members.is_member_of(officer, lamplight)


def test_the_applicant_sees_plain_words_and_nothing_of_the_comparison(asks, as_, lead, lamplight, number):
    asks.say("9900201", charity(9900201, "NIGHTFALL TRUST"))
    run()
    page = as_(lead).get(f"/organisations/{lamplight.id}").text
    assert "To be checked" in page
    assert "NIGHTFALL" not in page


def test_the_page_stays_within_its_statements_with_many_numbers(
    asks, as_, lead, officer, lamplight, number, statements
):
    page = f"/office/organisations/{lamplight.id}"

    def count() -> int:
        with statements() as seen:
            assert client.get(page).status_code == 200
        return len(seen)

    client = as_(officer)
    client.get(page)
    one = count()
    for each in range(6):
        organisations.add_identifier(lamplight, "GB-COH", f"9900040{each}", by=lead, now=clock.now())
    run()
    assert len(asks.seen) == 7
    assert count() == one
    assert one <= 8


# With a real database of its own: nothing is held while a register thinks.


@pytest.fixture
def own(tmp_path, registers, monkeypatch):
    server, name = os.environ.get("TEST_DATABASE_URL", ""), f"registers_{os.getpid()}"
    url = postgres.new_database(server, name) if server else ""
    app = create_app(tmp_path, env="test", secret_key="a key for tests that is long enough", database_url=url)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    use(app, registers, monkeypatch)
    with app.app_context():
        create_tables()
    yield app
    with app.app_context():
        db.engine.dispose()
    if server:
        postgres.drop_database(server, name)


def others_can_write(app) -> bool:
    """Whether somebody else gets the write lock at once, and no transaction of ours is left open."""
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            other = sqlite3.connect(db.engine.url.database or "", timeout=0, isolation_level=None)
            try:
                other.execute("begin immediate")
                other.execute("rollback")
            except sqlite3.OperationalError:
                return False
            finally:
                other.close()
            return True
        idle = (
            "select count(*) from pg_stat_activity where datname = current_database() and state = 'idle in transaction'"
        )
        with db.engine.connect() as connection:
            return connection.scalar(text(idle)) == 0


def test_nothing_is_locked_while_the_register_thinks(own, registers):
    """For the job and for the officer's button alike, on both databases."""
    free: list[bool] = []
    registers.before_answer = lambda: free.append(others_can_write(own))
    registers.say("9900201", charity(9900201, "LAMPLIGHT MENTORS"))
    with own.app_context():
        lead = make.person(name="Amina Clarke")
        body = organisations.add_organisation(NAME, "cio", by=lead, now=clock.now())
        number = organisations.add_identifier(body, "GB-CHC", "9900201", by=lead, now=clock.now()).id
        officer = make.staff("fund_officer", make.partnership())
        token = sessions.begin(officer, now=clock.now())
        db.session.commit()
        assert "ask_registers" in JOBS
        done = run_job("ask_registers", clock.now())
        assert done is not None
        assert done.result == "1 asked, 0 without an answer"
        db.session.remove()
    client = own.test_client()
    with client.session_transaction() as cookie:
        cookie.update(token=token, seen=int(clock.now().timestamp()))
    assert client.post(f"/office/identifiers/{number}/ask").status_code == 302
    assert free == [True, True]
