"""Before what matters most a code is asked for again; another e-mail address is shown by a code and told to the old one."""

import re

import pytest
from sqlalchemy import select

from fund.core import audit
from fund.core.database import db
from fund.core.outbox import OutboxMessage
from fund.members import is_member_of
from fund.people import find_person
from tests.factories import fund as make
from tests.fund.test_sign_in import come_in
from tests.kept import kept

CONFIRM = "/account/confirm"
SHUT = ("/account/email", "/account/email/code", "/account/second-step/start", "/account/second-step/codes")


@pytest.fixture
@kept
def amina(database):
    return make.person(name="Amina Clarke", email="amina@old.example.org")


def newest(template: str, recipient: str) -> str:
    wanted = (OutboxMessage.template == template, OutboxMessage.recipient == recipient)
    return db.session.scalars(select(OutboxMessage.body).where(*wanted).order_by(OutboxMessage.id.desc())).first() or ""


def code_in(body: str) -> str:
    return re.search(r"\b\d{6}\b", body).group()


@pytest.mark.parametrize("path", SHUT)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_an_hour_after_signing_in_a_code_is_asked_for_first(as_, amina, time, path, method):
    client = as_(amina)
    assert client.open(path, method=method).location != CONFIRM
    time.move(hours=1)
    assert client.open(path, method=method).location == CONFIRM


def test_the_code_leads_on_to_what_one_wanted(as_, amina, time):
    client = as_(amina)
    time.move(hours=1)
    client.get("/account/email")
    client.post(CONFIRM, data={"send": "1"})
    assert client.post(CONFIRM, data={"code": "000000"}).status_code == 200
    assert client.get("/account/email").location == CONFIRM
    assert (
        client.post(CONFIRM, data={"code": code_in(newest("confirm_code", amina.email))}).location == "/account/email"
    )
    assert client.get("/account/email").status_code == 200


def test_a_form_that_was_opened_in_time_can_still_be_sent(as_, amina, time):
    client = as_(amina)
    time.move(minutes=20)
    assert client.get("/account/email").location == CONFIRM
    assert client.post("/account/email", data={"email": "amina@new.example.org"}).location == "/account/email/code"


def test_a_code_for_one_purpose_is_none_for_another(app, as_, amina, time):
    client, elsewhere = as_(amina), app.test_client()
    client.post(CONFIRM, data={"send": "1"})
    code = code_in(newest("confirm_code", amina.email))
    with elsewhere.session_transaction() as cookie:
        cookie["signing_in"] = amina.email
    assert elsewhere.post("/sign-in/code", data={"code": code}).status_code == 200
    assert elsewhere.get("/account").location == "/sign-in"


def change(client, email):
    client.post("/account/email", data={"email": email})
    return client.post("/account/email/code", data={"code": code_in(newest("new_email_code", email.lower()))})


def test_a_new_address_is_taken_told_to_the_old_one_and_ends_other_sessions(app, as_, amina):
    organisation = make.organisation(amina)
    here, elsewhere = as_(amina), as_(amina)
    assert change(here, "Amina@New.example.org").location == "/account"
    assert "amina@new.example.org" in here.get("/account").text
    assert elsewhere.get("/account").location == "/sign-in"
    assert find_person("amina@new.example.org").id == amina.id
    assert is_member_of(amina, organisation)
    told = newest("email_changed", "amina@old.example.org")
    assert "a…@new.example.org" in told
    assert "amina@new" not in told
    assert newest("email_is_yours", "amina@new.example.org")
    assert come_in(app.test_client(), "amina@new.example.org").status_code == 302
    assert "example.org" not in str([each.details for each in audit.lines_about(amina)])


def test_nothing_changes_without_the_code(as_, amina):
    client = as_(amina)
    client.post("/account/email", data={"email": "amina@new.example.org"})
    assert "not right" in client.post("/account/email/code", data={"code": "123"}).text
    assert find_person("amina@old.example.org").id == amina.id


def test_an_address_that_is_taken_looks_free_until_its_owner_types_the_code(as_, amina):
    make.person(email="taken@example.org")
    client, pages = as_(amina), []
    for email in ("taken@example.org", "free@example.org"):
        answer = client.post("/account/email", data={"email": email})
        page = client.get(answer.location).text.replace(email, "")
        pages.append((answer.status_code, re.sub(r'name="csrf_token" value="[^"]+', "", page)))
    assert pages[0] == pages[1]
    answer = change(client, "taken@example.org")
    assert "Another account has that address" in answer.text
    assert find_person("amina@old.example.org").id == amina.id


def test_ones_own_address_is_no_new_one(as_, amina):
    assert "your address already" in as_(amina).post("/account/email", data={"email": " Amina@OLD.example.org"}).text
