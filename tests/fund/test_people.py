"""People and their roles: who may give, end and close what, and what the administrator's pages show."""

import pytest
from sqlalchemy import text

from fund import people
from fund.core import audit, clock, outbox
from fund.core.database import db
from fund.core.problems import Problem, WrongMoment
from fund.roles import holds
from tests.factories import fund as make
from tests.kept import kept


@pytest.fixture
@kept
def partnership(database):
    return make.partnership()


@pytest.fixture
@kept
def boss(database):
    return make.staff("administrator", name="Alex Morgan")


def grant(person, role, by, **where):
    return people.grant_role(person, role, by=by, now=clock.now(), **where)


def test_a_role_holds_in_its_partnership_and_nowhere_else(partnership, boss):
    who, elsewhere = make.person(), make.partnership()
    grant(who, "fund_officer", boss, partnership=partnership)
    assert holds(who, "fund_officer", thing=partnership)
    assert not holds(who, "fund_officer", thing=elsewhere)
    assert not holds(who, "decision_maker", thing=partnership)


def test_a_role_for_one_round_holds_for_that_round_only(partnership, boss):
    this, other, who = make.round(partnership), make.round(partnership), make.person()
    grant(who, "decision_maker", boss, round=this)
    assert holds(who, "decision_maker", thing=this)
    assert not holds(who, "decision_maker", thing=other)


def test_a_role_ends_at_its_moment(partnership, boss, time):
    who = make.person()
    until = clock.now() + make.timedelta(days=1)
    grant(who, "grant_manager", boss, partnership=partnership, until=until)
    time.move(hours=23)
    assert holds(who, "grant_manager", thing=partnership)
    time.move(hours=1)
    assert not holds(who, "grant_manager", thing=partnership)


def test_nobody_gives_or_ends_their_own_role_or_closes_their_own_account(partnership, boss):
    with pytest.raises(Problem, match="cannot give yourself a role"):
        grant(boss, "finance_officer", boss, partnership=partnership)
    with pytest.raises(Problem, match="cannot end your own role"):
        people.end_role(boss.grants[0], by=boss, now=clock.now())
    with pytest.raises(Problem, match="cannot close your own account"):
        people.disable_person(boss, by=boss, now=clock.now())


def test_the_same_role_is_not_given_twice(partnership, boss):
    who = make.person()
    grant(who, "auditor", boss, partnership=partnership)
    with pytest.raises(Problem, match="has that role already"):
        grant(who, "auditor", boss, partnership=partnership)


def test_a_role_ends_once(partnership, boss):
    held = grant(make.person(), "auditor", boss, partnership=partnership)
    people.end_role(held, by=boss, now=clock.now())
    with pytest.raises(WrongMoment):
        people.end_role(held, by=boss, now=clock.now())


def test_two_spellings_of_an_address_are_one_person(database):
    people.add_person("Amina@Example.org", "Amina", by=None, now=clock.now())
    with pytest.raises(Problem, match="already here"):
        people.add_person(" amina@example.ORG ", "Another", by=None, now=clock.now())


PAGES = {
    "/office/people": ("administrator",),
    "/office/jobs": ("administrator",),
    "/office/mail": ("administrator",),
    "/office/audit-log": ("administrator", "auditor"),
    "/office/organisations": ("administrator", "auditor", "fund_officer", "head_of_fund", "decision_maker", "finance_officer", "grant_manager"),
}  # fmt: skip


@pytest.mark.parametrize("address", PAGES)
def test_who_may_open_the_pages_of_the_machinery(address, as_, client, partnership):
    assert client.get(address).location == "/sign-in"
    assert as_(make.person()).get(address).status_code == 403
    for role in ("administrator", "auditor", "fund_officer", "head_of_fund", "decision_maker", "finance_officer", "grant_manager", "evaluator"):  # fmt: skip
        answer = as_(make.staff(role, None if role == "administrator" else partnership)).get(address)
        assert answer.status_code == (200 if role in PAGES[address] else 403), role


def test_the_administrator_gives_and_ends_a_role_on_the_page(as_, boss, partnership):
    client, who = as_(boss), make.person(name="Sam Reed")
    where = f"/office/people/{who.id}"
    answer = client.post(f"{where}/roles", data={"role": "fund_officer", "where": f"partnership-{partnership.id}"})
    assert answer.status_code == 302
    assert holds(who, "fund_officer", thing=partnership)
    assert partnership.name in client.get(where).text
    client.post(f"{where}/roles/{who.grants[0].id}/end")
    assert not holds(who, "fund_officer", thing=partnership)


def test_only_an_administrator_or_auditor_may_hold_a_role_everywhere(as_, boss):
    client, who = as_(boss), make.person()
    where = f"/office/people/{who.id}/roles"
    assert "Choose the partnership or the round" in client.post(where, data={"role": "finance_officer", "where": "everywhere"}).text  # fmt: skip
    assert client.post(where, data={"role": "auditor", "where": "everywhere"}).status_code == 302


@pytest.mark.parametrize("data", [{}, {"role": "king", "where": "everywhere"}, {"role": "auditor", "where": "partnership-999999"}, {"role": "auditor", "where": "everywhere", "until-day": "31", "until-month": "2", "until-year": "2027"}])  # fmt: skip
def test_a_role_that_cannot_be_is_refused_beside_its_field(as_, boss, data):
    who = make.person()
    answer = as_(boss).post(f"/office/people/{who.id}/roles", data=data)
    assert answer.status_code == 200
    assert "There is a problem" in answer.text
    assert who.grants == []


def test_a_stranger_can_post_none_of_it(as_, boss, partnership):
    who = make.staff("fund_officer", partnership)
    stranger = as_(make.person())
    for act in ("roles", f"roles/{who.grants[0].id}/end", "close", "open", "sign-out"):
        assert stranger.post(f"/office/people/{who.id}/{act}", data={"role": "auditor"}).status_code == 404
    assert who.disabled_at is None
    assert [held.until for held in who.grants] == [None]


def test_an_account_is_closed_and_opened_again(as_, boss):
    client, who = as_(boss), make.person()
    client.post(f"/office/people/{who.id}/close")
    assert who.disabled_at is not None
    client.post(f"/office/people/{who.id}/open")
    assert who.disabled_at is None


def test_the_list_of_people_finds_sorts_and_exports(as_, boss, partnership):
    make.person(name="Zed Last", email="zed@example.org")
    make.staff("fund_officer", partnership, name="Sam Reed", email="sam@example.org")
    client = as_(boss)
    assert "zed@example.org" not in client.get("/office/people?role=fund_officer").text
    assert "sam@example.org" not in client.get("/office/people?q=ZED").text
    names = client.get("/office/people?sort=-name").text
    assert names.index("Zed Last") < names.index("Sam Reed")
    sheet = client.get("/office/people?format=csv")
    assert sheet.mimetype == "text/csv"
    assert "Sam Reed,sam@example.org,Fund officer" in sheet.text


@pytest.mark.parametrize("query", ["q=%25_'\"<script>", "sort=password", "page=-1", "page=99999999999", "role=king", "q=%00", "state=%ed%a0%80"])  # fmt: skip
@pytest.mark.parametrize("address", ["/office/people", "/office/organisations", "/office/audit-log", "/office/mail"])
def test_lists_take_any_query_calmly(as_, boss, address, query):
    assert as_(boss).get(f"{address}?{query}").status_code in (200, 400)


def test_the_audit_log_says_whether_it_is_whole(as_, boss):
    people.name_person(boss, "Alexandra", by=boss, now=clock.now())
    client = as_(boss)
    assert "The audit log is whole" in client.get("/office/audit-log?verify=1").text
    line = db.session.query(audit.AuditEvent).filter_by(action="person.name").one()
    db.session.execute(text("update audit_event set actor = 'person-999' where id = :id"), {"id": line.id})
    assert f"Line {line.number} of the audit log was changed" in client.get("/office/audit-log?verify=1").text


def test_the_audit_log_never_holds_a_name_or_an_address(as_, boss):
    who = people.add_person("secret@example.org", "Secret Name", by=None, now=clock.now())
    people.name_person(who, "Other Secret", by=who, now=clock.now())
    assert "ecret" not in as_(boss).get("/office/audit-log").text


def test_the_mail_page_never_shows_what_a_message_says(as_, boss):
    outbox.queue("sign_in_code", "amina@example.org", now=clock.now(), code="123456", minutes=15)
    page = as_(boss).get("/office/mail").text
    assert "amina@example.org" in page
    assert "123456" not in page


@pytest.mark.parametrize("address", ["/office/people", "/office/organisations", "/office/audit-log", "/office/mail"])
def test_lists_need_no_more_statements_for_more_rows(as_, boss, statements, address):
    counts = []
    for _ in range(2):
        client = as_(boss)
        with statements() as seen:
            client.get(address)
        counts.append(len(seen))
        for _ in range(8):
            make.organisation(make.person())
    assert counts[0] == counts[1] <= 10
