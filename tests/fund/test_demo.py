"""The demonstration: the same world every time, one button to be anybody, and nothing of it in production."""

import dataclasses
import json
import tempfile
from pathlib import Path

import pytest
from sqlalchemy import func, select

from fund import demonstration
from fund.core import clock, outbox
from fund.core.database import db
from fund.core.demonstration import World
from fund.core.problems import Problem
from fund.demonstration import CAST, people_and_organisations
from fund.members import is_lead_of_organisation, is_member_of
from fund.tables import Organisation, Person, RoleGrant
from tests.factories import fund as make
from tests.kept import kept
from tests.quick import create_tables
from wsgi import create_app


@pytest.fixture
@kept
def world(database):
    world = World(now=clock.now(), applications=0)
    world["durham"] = make.partnership("durham-darlington")
    people_and_organisations(world)
    return world


@pytest.fixture
def demo(app, monkeypatch):
    """The app as it is in demonstration mode."""
    monkeypatch.setitem(app.config, "SETTINGS", dataclasses.replace(app.config["SETTINGS"], env="demonstration"))
    monkeypatch.setitem(app.config, "DEMO", True)


def test_everybody_of_the_cast_is_there_with_their_role(world):
    assert {each.key for each in CAST} == set(db.session.scalars(select(Person.cast_as)))
    assert world["decision_maker"].grants[0].role == world["second_decision_maker"].grants[0].role == "decision_maker"
    assert {grant.partnership_id for grant in world["officer"].grants} == {world["durham"].id}
    assert not world["lead"].grants


def test_addresses_and_numbers_are_nobodys(world):
    assert all(each.email.endswith("@example.org") for each in CAST)
    assert len({each.email for each in CAST}) == len(CAST) == 19
    for organisation in db.session.scalars(select(Organisation)):
        assert organisation.postcode.endswith("9ZZ")
        assert all(number.number.startswith("99") for number in organisation.identifiers)


def test_the_lead_has_a_colleague_and_the_stranger_is_one(world):
    assert is_lead_of_organisation(world["lead"], world["charity"])
    assert is_member_of(world["colleague"], world["charity"])
    assert not is_member_of(world["stranger"], world["charity"])
    assert world["group"].legal_form == "unincorporated"


def test_the_first_page_lists_everybody_with_a_button(client, world, demo):
    page = client.get("/demo").text
    for each in CAST:
        assert each.name in page
        assert f'action="/demo/sign-in/{each.key}"' in page


@pytest.mark.parametrize("key", [each.key for each in CAST])
def test_one_button_makes_you_anybody(client, world, demo, key):
    answer = client.post(f"/demo/sign-in/{key}")
    assert answer.status_code == 302
    assert client.get("/account").text.count(world[key].name) >= 2


def test_being_somebody_else_ends_the_session_before(app, client, world, demo):
    client.post("/demo/sign-in/lead")
    with client.session_transaction() as cookie:
        before = cookie["token"]
    client.post("/demo/sign-in/officer")
    other = app.test_client()
    with other.session_transaction() as cookie:
        cookie.update(token=before, seen=int(clock.now().timestamp()))
    assert other.get("/account").location == "/sign-in"


def test_being_the_public_signs_out(client, world, demo):
    client.post("/demo/sign-in/lead")
    assert client.post("/demo/sign-in").location == "/"
    assert client.get("/account").location == "/sign-in"


def test_the_mail_is_shown_newest_first_and_by_reader(client, world, demo):
    client.post("/sign-in", data={"email": world["lead"].email})
    client.post("/sign-in", data={"email": world["officer"].email})
    page = client.get("/demo/mail").text
    assert page.index("Sam Reed</td>") < page.index("Amina Clarke</td>")
    assert "Sam Reed</td>" not in client.get(f"/demo/mail?to={world['lead'].email}").text
    message = db.session.scalar(select(outbox.OutboxMessage).order_by(outbox.OutboxMessage.id))
    assert "is your code to sign in" in client.get(f"/demo/mail/{message.id}").text


def test_what_a_message_says_is_text_and_never_markup(client, world, demo):
    row = outbox.queue("invitation", "x@example.org", now=clock.now(), inviter="<script>alert(1)</script>", organisation="O")  # fmt: skip
    page = client.get(f"/demo/mail/{row.id}").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


@pytest.mark.parametrize(("method", "path"), [("get", "/demo"), ("get", "/demo/mail"), ("get", "/demo/mail/1"), ("post", "/demo/sign-in/lead"), ("post", "/demo/sign-in")])  # fmt: skip
def test_outside_demonstration_mode_there_is_no_such_page(client, world, method, path):
    outbox.queue("sign_in_code", "x@example.org", now=clock.now(), code="123456", minutes=15)
    assert getattr(client, method)(path).status_code == 404


@pytest.mark.parametrize("cast", ["nobody", "Lead", "lead%00", "1"])
def test_nobody_else_can_be_entered(client, world, demo, cast):
    make.person(cast_as=None)
    assert client.post(f"/demo/sign-in/{cast}").status_code == 404


def test_somebody_who_merely_claims_a_part_outside_the_cast_cannot_be_entered(client, world, demo):
    make.person(cast_as="root")
    assert client.post("/demo/sign-in/root").status_code == 404


def test_a_reset_is_refused_in_production_and_where_real_people_are(app, database):
    settings = app.config["SETTINGS"]
    with pytest.raises(Problem, match="never loaded in production"):
        demonstration.check_may_reset(dataclasses.replace(settings, env="production"))
    demonstration.check_may_reset(settings)
    make.person()
    with pytest.raises(Problem, match="holds real people"):
        demonstration.check_may_reset(settings)
    make.person(cast_as="lead")
    demonstration.check_may_reset(settings)


def _durham(world):
    world["durham"] = make.partnership("durham-darlington")


@pytest.fixture
def installation(monkeypatch):
    """An installation of its own with this package's scenes only, so that its commits touch nothing else."""
    monkeypatch.setattr("fund.core.demonstration.SCENES", [(5, "durham", _durham), (10, "people", people_and_organisations)])  # fmt: skip
    monkeypatch.setattr("fund.core.reference.LOADERS", [])
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(Path(folder), env="demonstration", secret_key="a key for tests that is long enough")
        with app.app_context():
            create_tables()
        yield app
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


def test_a_reset_puts_the_same_world_back_and_prints_the_cast(installation):
    runner = installation.test_cli_runner()
    seen = []
    for _ in range(2):
        result = runner.invoke(args=["demo", "reset"])
        assert result.exit_code == 0, result.output
        with installation.app_context():
            seen.append(db.session.execute(select(Person.id, Person.email, Person.cast_as).order_by(Person.id)).all())
            assert db.session.scalar(select(func.count()).select_from(RoleGrant)) == 9
            db.session.add(Person(email="visitor@example.org", name="Visitor", created_at=clock.now()))
            db.session.commit()
    assert seen[0] == seen[1]
    cast = json.loads(result.stdout)
    assert cast[0] == {"cast_as": "lead", "name": "Amina Clarke", "email": "amina.clarke@example.org", "role": "Leads a registered charity", "description": CAST[0].description}  # fmt: skip
    assert {tuple(each) for each in cast} == {("cast_as", "name", "email", "role", "description")}


def test_a_reset_that_fails_leaves_everything_as_it_was(installation, monkeypatch):
    runner = installation.test_cli_runner()
    runner.invoke(args=["demo", "reset"])

    def breaks(world):
        raise RuntimeError("a scene broke")

    monkeypatch.setattr("fund.core.demonstration.SCENES", [(5, "durham", _durham), (10, "breaks", breaks)])
    assert runner.invoke(args=["demo", "reset"]).exit_code == 1
    with installation.app_context():
        assert db.session.scalar(select(func.count()).select_from(Person)) == len(CAST)


def test_the_first_administrator_is_made_by_a_command(installation):
    runner = installation.test_cli_runner()
    assert runner.invoke(args=["add-administrator", "Boss@Example.org", "The Boss"]).exit_code == 0
    with installation.app_context():
        boss = db.session.scalar(select(Person).where(Person.email == "boss@example.org"))
        assert [grant.role for grant in boss.grants] == ["administrator"]
    assert runner.invoke(args=["add-administrator", "boss@example.org", "The Boss"]).exit_code == 1


def test_the_people_were_there_before_the_finished_round_and_the_clock_is_back(world):
    assert world["lead"].created_at < world.now - demonstration.timedelta(days=600)
    assert clock.now() == world.now


PAGES = ("/accessibility", "/privacy", "/contact", "/complaints", "/sign-in")


@pytest.mark.parametrize("address", PAGES)
def test_the_plain_pages_are_open_to_everybody(client, database, address):
    make.partnership(name="County Durham and Darlington", email="vpf@durham.example.org")
    assert client.get(address).status_code == 200


def test_the_contact_page_says_whom_to_ask(client, database):
    make.partnership(email="vpf@durham.example.org")
    assert "mailto:vpf@durham.example.org" in client.get("/contact").text


def test_the_way_to_complain_stands_on_every_page_and_names_the_same_days_as_the_letters(client, database):
    make.partnership(email="vpf@durham.example.org")
    page = client.get("/complaints").text
    for words in ("mailto:vpf@durham.example.org", "within 20 working days", "did not decide on your bid"):
        assert words in page
    assert 'href="/complaints"' in client.get("/contact").text


def test_a_card_may_offer_a_second_way_in_and_no_other(world, demo, client, monkeypatch):
    monkeypatch.setattr("fund.views.demonstration.leads_somewhere", lambda address: True)
    enter = "/demo/sign-in/lead"
    assert client.post(enter, data={"start": "/grants"}).location == "/grants"
    assert client.post(enter, data={"start": "//evil.example"}).location == "/applications"
