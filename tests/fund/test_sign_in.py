"""Signing in: a code to an address, the same for known and unknown, used once, guessed slowly, gone when it should be."""

import re

import pytest
from sqlalchemy import func, select

from fund import sessions, sign_in
from fund.core import clock
from fund.core.database import db
from fund.core.outbox import OutboxMessage
from fund.landing import safe_next
from fund.people import disable_person, end_role, find_person, grant_role
from fund.tables import SignInCode, SignInSession
from tests.factories import fund as make

DAY_PAGE = "/account"


@pytest.fixture
def fresh(app, database):
    """A browser that nobody has used."""
    return lambda: app.test_client()


def ask(client, email):
    return client.post("/sign-in", data={"email": email})


def newest_code(email) -> str:
    wanted = select(OutboxMessage.body).where(
        OutboxMessage.recipient == email, OutboxMessage.template == "sign_in_code"
    )
    return re.search(r"\b\d{6}\b", db.session.scalars(wanted.order_by(OutboxMessage.id.desc())).first()).group()


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


def enter(client, code):
    return client.post("/sign-in/code", data={"code": code})


def come_in(client, email):
    ask(client, email)
    return enter(client, newest_code(email))


def plain(response, *typed: str) -> str:
    """The page without what this browser typed and its own form token."""
    text = re.sub(r'(name="csrf_token" value=")[^"]+', r"\1", response.text)
    for each in typed:
        text = text.replace(each, "")
    return text


def test_a_code_lets_a_known_person_in(client):
    who = make.person(name="Amina Clarke")
    assert come_in(client, who.email).status_code == 302
    assert "Amina Clarke" in client.get(DAY_PAGE).text


def test_an_unknown_address_becomes_a_person_who_is_asked_for_a_name(client):
    answer = come_in(client, "new@example.org")
    assert answer.location == "/account/name"
    assert client.post("/account/name", data={"name": "Nia Rhys"}).location == "/organisations"
    assert find_person("new@example.org").name == "Nia Rhys"


def test_nobody_becomes_a_person_before_their_first_right_code(client):
    ask(client, "new@example.org")
    enter(client, wrong(newest_code("new@example.org")))
    assert find_person("new@example.org") is None


def test_known_and_unknown_addresses_get_the_same_pages_and_as_many_statements(fresh, statements):
    known = make.person().email
    answers = []
    for email in (known, "nobody@example.org"):
        client = fresh()
        with statements() as first:
            asked = ask(client, email)
        page, code = client.get("/sign-in/code"), wrong(newest_code(email))
        with statements() as second:
            refused = enter(client, code)
        answers.append((asked.status_code, asked.location, plain(page, email), refused.status_code, plain(refused, email, code), len(first), len(second)))  # fmt: skip
    assert answers[0] == answers[1]


def test_a_code_works_once(fresh):
    who, one, other = make.person(), fresh(), fresh()
    ask(one, who.email)
    code = newest_code(who.email)
    with other.session_transaction() as cookie:
        cookie["signing_in"] = who.email
    assert enter(one, code).status_code == 302
    answer = enter(other, code)
    assert "That code does not work any more" in answer.text
    assert other.get(DAY_PAGE).location == "/sign-in"


def test_a_code_lives_fifteen_minutes(client, time):
    who = make.person()
    ask(client, who.email)
    time.move(minutes=15)
    assert "does not work any more" in enter(client, newest_code(who.email)).text


def test_a_newer_code_ends_the_older(client):
    who = make.person()
    ask(client, who.email)
    older = newest_code(who.email)
    ask(client, who.email)
    if older != newest_code(who.email):
        assert "That code is not right" in enter(client, older).text
    assert enter(client, newest_code(who.email)).status_code == 302


def test_after_five_wrong_tries_even_the_right_code_is_refused(client):
    who = make.person()
    ask(client, who.email)
    code = newest_code(who.email)
    for _ in range(5):
        enter(client, wrong(code))
    assert "does not work any more" in enter(client, code).text


@pytest.mark.parametrize("typed", ["123456\x00", "١٢٣٤٥٦", "12345", "1" * 5000, "\ud800", "' or 1=1 --", ""])
def test_what_is_no_code_is_refused_calmly(client, typed):
    ask(client, make.person().email)
    answer = client.post("/sign-in/code", data={"code": typed.encode("utf-8", "surrogatepass")})
    assert answer.status_code == 200
    assert "There is a problem" in answer.text


def test_spaces_in_the_code_do_not_matter(client):
    who = make.person()
    ask(client, who.email)
    code = newest_code(who.email)
    assert enter(client, f" {code[:3]} {code[3:]} ").status_code == 302


def test_the_tenth_wrong_code_in_five_minutes_is_refused_whatever_the_browser_or_the_spelling(fresh, time):
    who, other = make.person(email="victim@example.org"), make.person()
    spellings = ["victim@example.org", "Victim@Example.org", "  VICTIM@example.org "]
    statuses = []
    for number in range(12):
        client = fresh()
        ask(client, spellings[number % 3])
        with client.session_transaction() as cookie:
            cookie["signing_in"] = spellings[number % 3]
        statuses.append(enter(client, wrong(newest_code("victim@example.org"))).status_code)
    assert statuses == [200] * 9 + [429] * 3
    assert come_in(fresh(), other.email).status_code == 302
    late = fresh()
    with late.session_transaction() as cookie:
        cookie["signing_in"] = who.email
    assert enter(late, newest_code(who.email)).status_code == 429
    time.move(minutes=5)
    assert enter(late, newest_code(who.email)).status_code == 302


def test_ten_codes_an_hour_to_one_address(fresh, time):
    answers = [ask(fresh(), "often@example.org").status_code for _ in range(11)]
    assert answers == [302] * 10 + [429]
    time.move(hours=1)
    assert ask(fresh(), "often@example.org").status_code == 302


def test_one_network_address_cannot_ask_for_everybody(fresh):
    for number in range(60):
        db.session.add(SignInCode(email=f"p{number}@example.org", code_hash="", salt="", sent_at=clock.now(), expires_at=clock.now(), source="127.0.0.1"))  # fmt: skip
    assert ask(fresh(), "another@example.org").status_code == 429


def test_a_mistyped_address_is_kept_and_explained(client):
    answer = ask(client, "amina at example")
    assert "Enter an email address in the correct format" in answer.text
    assert "amina at example" in answer.text


def test_the_code_is_kept_hashed_with_a_salt_of_its_own(client):
    ask(client, "one@example.org")
    code, row = newest_code("one@example.org"), db.session.scalar(select(SignInCode))
    assert code not in (row.code_hash, row.salt)
    assert row.code_hash == sign_in._hash(code, row.salt) != sign_in._hash(code, "another salt")
    assert code not in db.session.scalar(select(OutboxMessage.subject))


def test_the_session_and_the_form_token_are_new_after_signing_in(app, client):
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/sign-in").text).group(1)
        with client.session_transaction() as cookie:
            before = cookie["csrf_token"]
        client.post("/sign-in", data={"email": "new@example.org", "csrf_token": token})
        client.post("/sign-in/code", data={"code": newest_code("new@example.org"), "csrf_token": token})
        client.get("/account/name")
        with client.session_transaction() as cookie:
            assert cookie["token"]
            assert cookie["csrf_token"] != before
        assert client.post("/account/name", data={"name": "N", "csrf_token": token}).status_code == 400
    finally:
        app.config["WTF_CSRF_ENABLED"] = False


def test_a_copied_cookie_does_nothing_after_signing_out(fresh):
    who, client, thief = make.person(), fresh(), fresh()
    come_in(client, who.email)
    with client.session_transaction() as cookie:
        copied = dict(cookie)
    with thief.session_transaction() as cookie:
        cookie.update(copied)
    assert thief.get(DAY_PAGE).status_code == 200
    assert client.post("/sign-out").status_code == 302
    assert thief.get(DAY_PAGE).location == "/sign-in"


def test_signing_out_is_not_a_link(client):
    assert client.get("/sign-out").status_code == 405


def test_a_closed_account_is_signed_out_at_once_and_its_codes_do_not_let_it_in(fresh, as_):
    who, boss = make.person(), make.staff("administrator")
    inside = as_(who)
    disable_person(who, by=boss, now=clock.now())
    assert inside.get(DAY_PAGE).location == "/sign-in"
    client = fresh()
    answer = come_in(client, who.email)
    assert answer.status_code == 403
    assert "This account is closed" in answer.text


def test_a_changed_role_signs_the_person_out(as_):
    officer, boss = make.staff("fund_officer", make.partnership()), make.staff("administrator")
    inside = as_(officer)
    assert inside.get(DAY_PAGE).status_code == 200
    end_role(officer.grants[0], by=boss, now=clock.now())
    assert inside.get(DAY_PAGE).location == "/sign-in"
    inside = as_(officer)
    grant_role(officer, "auditor", by=boss, now=clock.now())
    assert inside.get(DAY_PAGE).location == "/sign-in"


def test_staff_are_signed_out_after_half_an_hour_and_applicants_are_not(as_, time):
    officer, applicant = as_(make.staff("fund_officer", make.partnership())), as_(make.person())
    time.move(minutes=30, seconds=1)
    assert officer.get(DAY_PAGE).location == "/sign-in"
    assert applicant.get(DAY_PAGE).status_code == 200


def test_everybody_is_signed_out_after_twelve_hours(as_, time):
    client = as_(make.person())
    for _ in range(11):
        time.move(hours=1)
        assert client.get(DAY_PAGE).status_code == 200
    time.move(hours=1)
    assert client.get(DAY_PAGE).location == "/sign-in"


def test_signing_out_everywhere_ends_every_session(as_):
    who = make.person()
    here, there = as_(who), as_(who)
    here.post("/account/sign-out-everywhere")
    assert there.get(DAY_PAGE).location == "/sign-in"
    assert sessions.running_of(who, now=clock.now()) == []


def test_after_signing_in_people_land_where_they_were_going(client):
    who = make.person()
    assert client.get("/account/name?from=mail").location == "/sign-in"
    assert come_in(client, who.email).location == "/account/name?from=mail"


BAD = [
    "https://evil.example/", "http:evil.example", "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example",
    "/%5cevil.example/..", "javascript:alert(1)", "data:text/html,x", " //evil.example", "/\t/evil.example", "/account\r\nX: y",
    "/account\x00", "@evil.example", "evil.example", "/.evil.example", "", "/account#" + "x" * 700, "/sign-in", "/no-such-page",
    "/sign-out", "//account", "/account//evil.example", "/static/fund.css", "/аccount", None, 7,
]  # fmt: skip


@pytest.mark.parametrize("bad", BAD)
def test_only_pages_of_this_site_may_follow_a_sign_in(app, database, bad):
    assert safe_next(bad) is None


@pytest.mark.parametrize("bad", [each for each in BAD if isinstance(each, str) and "\r" not in each])
def test_a_bad_next_in_the_address_is_forgotten(client, bad):
    client.get("/sign-in", query_string={"next": bad})
    assert come_in(client, make.person().email).location == "/organisations"


def test_a_good_next_is_followed(client):
    client.get("/sign-in", query_string={"next": "/account/name?a=1"})
    assert come_in(client, make.person().email).location == "/account/name?a=1"


def test_what_stopped_mattering_is_forgotten_and_the_code_in_the_mail_too(client, time):
    come_in(client, make.person().email)
    ask(client, "other@example.org")
    time.move(days=1, hours=13)
    sign_in.tidy_sign_in(clock.now())
    assert [db.session.scalar(select(func.count()).select_from(table)) for table in (SignInCode, SignInSession)] == [
        0,
        0,
    ]
    assert set(db.session.scalars(select(OutboxMessage.body))) == {""}


def test_the_code_box_helps_phones(client):
    ask(client, "one@example.org")
    page = client.get("/sign-in/code").text
    assert 'autocomplete="one-time-code"' in page
    assert 'inputmode="numeric"' in page


def test_the_code_page_without_an_address_goes_back_to_the_start(client):
    assert client.get("/sign-in/code").location == "/sign-in"
