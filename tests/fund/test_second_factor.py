"""The second step: staff pages stay shut without it, a code works once, five tries and a pause, nobody resets their own."""

import re
from dataclasses import replace

import pyotp
import pytest
from sqlalchemy import func, select, text

from fund import second_factor
from fund.core import clock
from fund.core.commands import address_list
from fund.core.database import db
from fund.core.outbox import OutboxMessage
from fund.core.permissions import PUBLIC
from fund.core.problems import Problem
from fund.people import grant_role
from fund.tables import FactorReset, RecoveryCode, SecondFactor, SignInSession
from tests.factories import fund as make
from tests.fund.test_sign_in import come_in, newest_code
from tests.kept import kept

STEP_PAGE = "/sign-in/second-step"


@pytest.fixture
@kept
def officer(database):
    return make.staff("fund_officer", make.partnership())


@pytest.fixture
def app_of():
    """The authenticator app on somebody's telephone, set up and confirmed some minutes ago."""

    def set_up(person) -> pyotp.TOTP:
        factor = second_factor.begin_set_up(person, now=clock.now())
        phone = pyotp.TOTP(second_factor.secret_of(factor))
        earlier = clock.now().timestamp() - 300
        factor.confirmed_at, factor.last_step = clock.now(), int(earlier) // 30
        db.session.flush()
        return phone

    return set_up


def shown(phone) -> str:
    return phone.at(clock.now())


def give(client, code):
    return client.post(STEP_PAGE, data={"code": code})


def secret_on(page) -> str:
    return re.search(r'fund-secret">([A-Z2-7 ]+)<', page.text).group(1).replace(" ", "")


def test_the_first_sign_in_with_a_role_sets_up_an_app_and_shows_ten_recovery_codes_once(client, officer):
    assert come_in(client, officer.email).location == STEP_PAGE
    page = client.get(STEP_PAGE)
    assert "<svg" in page.text
    assert "style=" not in page.text.split("<svg")[1].split("</svg>")[0]
    answer = give(client, pyotp.TOTP(secret_on(page)).at(clock.now()))
    codes = re.findall(r"<li>([a-z0-9]{5}-[a-z0-9]{5})</li>", answer.text)
    assert len(set(codes)) == 10
    assert client.get("/office").status_code == 200
    assert client.get(STEP_PAGE).status_code == 302
    kept = db.session.scalars(select(RecoveryCode.code_hash)).all()
    assert not [code for code in codes if code.replace("-", "") in "".join(kept)]


def test_before_the_second_step_every_address_behind_a_rule_is_shut(app, client, officer, app_of):
    """Nothing but the code page: every address, every method, as half a session."""
    app_of(officer)
    come_in(client, officer.email)
    open_doors = []
    for row in address_list(app):
        if row["rule"] == PUBLIC:
            continue
        path = re.sub(r"<[^>]+>", "x", re.sub(r"<key:[^>]+>", "1", row["address"]))
        for method in row["methods"].split(","):
            answer = client.open(path, method=method)
            if answer.status_code not in (302, 303, 404, 405) or (
                answer.status_code in (302, 303) and "/sign-in" not in answer.location
            ):
                open_doors.append(f"{method} {path}: {answer.status_code}")
    assert not open_doors
    assert officer.name not in client.get("/").text
    assert client.get("/sign-in").location == STEP_PAGE


def test_the_right_code_opens_the_office_and_leads_where_one_was_going(client, officer, app_of):
    phone = app_of(officer)
    client.get("/office/rounds")
    come_in(client, officer.email)
    assert give(client, shown(phone)).location == "/office/rounds"
    assert client.get("/office/rounds").status_code == 200


def test_a_code_works_once(app, officer, app_of):
    phone, one, other = app_of(officer), app.test_client(), app.test_client()
    for client in (one, other):
        come_in(client, officer.email)
    code = shown(phone)
    assert give(one, code).status_code == 302
    assert "was used already" in give(other, code).text
    assert other.get("/office").location == "/sign-in"


def test_a_code_of_an_earlier_minute_does_not_work(client, officer, app_of, time):
    phone = app_of(officer)
    come_in(client, officer.email)
    code = shown(phone)
    time.move(minutes=2)
    assert "not right" in give(client, code).text


def test_five_wrong_codes_and_a_pause_that_ends_by_itself(client, officer, app_of, time):
    phone = app_of(officer)
    come_in(client, officer.email)
    wrong = f"{(int(shown(phone)) + 1) % 1_000_000:06d}"
    assert [give(client, wrong).status_code for _ in range(5)] == [200, 200, 200, 200, 429]
    assert "5 wrong codes" in give(client, shown(phone)).text
    time.move(minutes=15)
    come_in(client, officer.email)
    assert give(client, shown(phone)).status_code == 302


def test_a_recovery_code_lets_in_once_and_the_person_is_told(app, officer, app_of):
    app_of(officer)
    code = second_factor.make_recovery_codes(officer, now=clock.now())[3]
    one, other = app.test_client(), app.test_client()
    come_in(one, officer.email)
    assert give(one, f" {code.upper()} ").status_code == 302
    come_in(other, officer.email)
    assert "not right" in give(other, code).text
    told = select(OutboxMessage.body).where(OutboxMessage.template == "recovery_code_used")
    assert "You have 9 left" in db.session.scalars(told).one()


@pytest.mark.parametrize("typed", ["", "12345", "١٢٣٤٥٦", "000000000000", "\ud800", "' or 1=1 --", "a" * 400])
def test_what_is_no_code_is_refused_calmly(client, officer, app_of, typed):
    app_of(officer)
    come_in(client, officer.email)
    answer = give(client, typed.encode("utf-8", "surrogatepass"))
    assert answer.status_code == 200
    assert "There is a problem" in answer.text


def test_half_a_session_ends_after_a_quarter_of_an_hour(client, officer, app_of, time):
    phone = app_of(officer)
    come_in(client, officer.email)
    time.move(minutes=15)
    assert give(client, shown(phone)).location == "/sign-in"


def test_applicants_and_assessors_are_not_asked(client):
    assert come_in(client, make.person(name="Amina").email).location == "/organisations"


def test_whoever_has_chosen_an_app_is_asked_for_it(client, app_of):
    who = make.person(name="Amina")
    app_of(who)
    assert come_in(client, who.email).location == STEP_PAGE


def test_an_installation_may_do_without(app, client, officer, monkeypatch):
    monkeypatch.setitem(app.config, "SETTINGS", replace(app.config["SETTINGS"], second_factor=False))
    assert come_in(client, officer.email).location == "/office"


def test_who_gets_a_role_is_signed_out_and_sets_up_an_app(as_, app, database):
    who, giver = make.person(name="Sam"), make.person()
    before = as_(who)
    grant_role(who, "fund_officer", by=giver, now=clock.now(), partnership=make.partnership())
    assert before.get("/account").status_code == 302
    assert come_in(app.test_client(), who.email).location == STEP_PAGE


def test_the_secret_is_not_in_the_database(client, officer):
    come_in(client, officer.email)
    secret = secret_on(client.get(STEP_PAGE))
    assert secret.encode() not in bytes(db.session.scalars(select(SecondFactor.secret)).one())


def test_an_administrator_resets_anothers_with_a_reason_never_their_own(as_, app, officer, app_of):
    boss = make.staff("administrator")
    app_of(officer), app_of(boss)
    running, client = as_(officer), as_(boss)
    page = client.post(f"/office/people/{officer.id}/second-step", data={"reason": "lost"})
    assert "Say how you know" in page.text
    assert second_factor.confirmed_of(officer) is not None
    reason = "Rang her at the desk: telephone stolen"
    assert client.post(f"/office/people/{officer.id}/second-step", data={"reason": reason}).status_code == 302
    assert reason in client.get(f"/office/people/{officer.id}").text
    assert running.get("/office").status_code == 302
    told = select(OutboxMessage.recipient).where(OutboxMessage.template == "factor_reset")
    assert db.session.scalars(told).all() == [officer.email]
    own = client.post(f"/office/people/{boss.id}/second-step", data={"reason": reason})
    assert "cannot reset your own" in own.text
    assert second_factor.confirmed_of(boss) is not None


def test_a_reset_bypasses_nothing(app, officer, app_of):
    app_of(officer)
    second_factor.reset(officer, "Seen in person, old telephone broken", by=None, now=clock.now())
    client = app.test_client()
    assert come_in(client, officer.email).location == STEP_PAGE
    assert client.get("/office").location == "/sign-in"


def test_nobody_but_administrators_resets(as_, officer, app_of):
    app_of(officer)
    other = as_(make.staff("head_of_fund", make.partnership()))
    assert other.post(f"/office/people/{officer.id}/second-step", data={"reason": "x" * 20}).status_code == 404
    assert db.session.scalar(select(func.count()).select_from(FactorReset)) == 0


def test_another_telephone_needs_a_code_of_the_old_one(as_, officer, app_of):
    phone, client = app_of(officer), as_(officer)
    assert "not right" in client.post("/account/second-step/start", data={"code": "1"}).text
    answer = client.post("/account/second-step/start", data={"code": shown(phone)})
    assert answer.location == "/account/second-step/app"
    page = client.get(answer.location)
    assert secret_on(page) != phone.secret
    new = client.post(answer.location, data={"code": pyotp.TOTP(secret_on(page)).at(clock.now())})
    assert "Keep your recovery codes" in new.text


def test_a_role_that_needs_a_second_step_keeps_it(as_, officer, app_of):
    app_of(officer)
    with pytest.raises(Problem, match="needs a second step"):
        second_factor.stop(officer, now=clock.now())
    who = make.person(name="Amina")
    app_of(who)
    assert as_(who).post("/account/second-step/stop").status_code == 302
    assert second_factor.factor_of(who) is None


def test_knowing_who_is_here_takes_one_statement(as_, officer, statements):
    client = as_(officer)
    with statements() as seen:
        client.get("/accessibility")
    assert len([each for each in seen if "sign_in_session" in each or "role_grant" in each]) == 1


def test_signing_out_ends_half_a_session_too(client, officer, app_of):
    app_of(officer)
    come_in(client, officer.email)
    client.post("/sign-out")
    assert db.session.scalars(select(SignInSession)).one().ended_at is not None
    assert client.get(STEP_PAGE).location == "/sign-in"


def test_no_code_and_no_secret_reaches_the_audit_log(client, officer):
    come_in(client, officer.email)
    secret = secret_on(client.get(STEP_PAGE))
    answer = give(client, pyotp.TOTP(secret).at(clock.now()))
    log = "".join(str(each) for each in db.session.execute(text("select * from audit_event")))
    codes = re.findall(r"<li>([a-z0-9]{5}-[a-z0-9]{5})</li>", answer.text)
    assert not [each for each in (secret, *codes, newest_code(officer.email)) if each in log]
