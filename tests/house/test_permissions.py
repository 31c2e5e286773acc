"""Every address says who may use it, by a rule that exists; what says nothing is refused; GET never writes."""

import re

import pytest
from sqlalchemy import delete, insert, text, update

from fund.core.commands import address_list
from fund.core.database import db
from fund.core.navigation import AUDIENCES, ITEMS
from fund.core.outbox import OutboxMessage
from fund.core.permissions import PUBLIC, RULES, declared, public
from tests.factories import fund as make
from tests.house.sources import ROOT, modules
from tests.house.sources import text as text_of
from tests.quick import create_tables
from wsgi import create_app

WRITING = {"POST", "PUT", "PATCH", "DELETE"}


def test_every_address_declares_its_permission(app):
    assert not [endpoint for endpoint, name in declared(app).items() if name is None]


def test_every_declared_permission_has_its_rule(app):
    assert not {name for name in declared(app).values() if name not in (PUBLIC, None)} - set(RULES)


def test_no_rule_is_left_over(app):
    """A rule that no address, no navigation item and no code asks about guards nothing."""
    asked = set(declared(app).values()) | {item.rule for item in ITEMS}
    written = "\n".join(text_of(path) for path in [*modules(), *(ROOT / "templates").rglob("*.html")])
    assert not [name for name in RULES if name not in asked and len(re.findall(f"[\"']{name}[\"']", written)) < 2]


def test_every_rule_says_who_in_words(app):
    assert not [rule.name for rule in RULES.values() if not rule.who.strip() or not rule.any_of]


def test_every_blueprint_serves_an_audience(app):
    assert not [name for name, each in app.blueprints.items() if getattr(each, "audience", None) not in AUDIENCES]


def test_navigation_leads_to_addresses_that_are_there(app):
    assert not [item.text for item in ITEMS if item.endpoint not in app.view_functions]
    assert not [item.text for item in ITEMS if item.rule is not None and item.rule not in RULES]


def test_an_address_is_kebab_case_with_refusing_keys(app):
    """`<key:…>` and `<word:…>` refuse what no database can take; plain `<int:…>` and bare names do not."""
    for rule in app.url_map.iter_rules():
        if rule.endpoint == "static":
            continue
        plain = "/".join(part for part in rule.rule.split("/") if not part.startswith("<"))
        assert plain == plain.lower(), rule.rule
        assert "_" not in plain, rule.rule
        assert not [
            c for c in rule._converters.values() if type(c).__name__ in ("IntegerConverter", "PathConverter")
        ], rule.rule


def test_every_address_that_needs_a_person_sends_a_stranger_to_sign_in_or_away(app, client):
    """Nobody who is not signed in sees or does anything behind a rule, whatever the key in the address."""
    open_doors = []
    for row in address_list(app):
        if row["rule"] == PUBLIC:
            continue
        for method in row["methods"].split(","):
            path = _filled(row["address"])
            answer = client.open(path, method=method)
            if answer.status_code not in (302, 303, 403, 404, 405) or (
                answer.status_code in (302, 303) and "/sign-in" not in answer.location
            ):
                open_doors.append(f"{method} {path}: {answer.status_code}")
    assert not open_doors


def _filled(address: str) -> str:
    address = re.sub(r"<key:[^>]+>", "1", address)
    return re.sub(r"<[^>]+>", "x", address)


@pytest.fixture
def bare(tmp_path):
    """An app of our own, to which a test adds doors before it serves anything."""
    bare = create_app(tmp_path, env="test", secret_key="a key for tests that is long enough", database_url="")
    bare.config.update(WTF_CSRF_ENABLED=False, PROPAGATE_EXCEPTIONS=False)
    with bare.app_context():
        create_tables()
    yield bare
    with bare.app_context():
        db.engine.dispose()


def test_an_address_that_declares_nothing_is_refused_at_run_time(bare):
    bare.add_url_rule("/forgotten", "forgotten", lambda: "secret")
    bare.add_url_rule("/open", "open", public(lambda: "for all"))
    assert bare.test_client().get("/forgotten").status_code == 403
    assert b"secret" not in bare.test_client().get("/forgotten").data
    assert bare.test_client().get("/open").data == b"for all"


WAYS_TO_WRITE = {
    "a new object": lambda: (db.session.add(make_message()), db.session.flush()),
    "a changed object": lambda: (_first().__setattr__("subject", "changed"), db.session.flush()),
    "a deleted object": lambda: (db.session.delete(_first()), db.session.flush()),
    "a bulk update": lambda: db.session.execute(update(OutboxMessage).values(subject="changed")),
    "a bulk delete": lambda: db.session.execute(delete(OutboxMessage)),
    "a bulk insert": lambda: db.session.execute(insert(OutboxMessage), [{}]),
    "a query's own update": lambda: db.session.query(OutboxMessage).update({"subject": "changed"}),
    "plain SQL": lambda: db.session.execute(text("  update outbox_message set subject = 'changed'")),
}


def make_message() -> OutboxMessage:
    from fund.core import clock

    return OutboxMessage(
        recipient="a@example.org",
        subject="S",
        body="B",
        template="t",
        created_at=clock.now(),
        try_at=None,
        tries_count=0,
    )


def _first() -> OutboxMessage:
    return db.session.query(OutboxMessage).first()


@pytest.fixture
def doors(bare):
    def door(way: str):
        WAYS_TO_WRITE[way]()
        db.session.commit()
        return "done"

    bare.add_url_rule("/write/<way>", "write", public(door), methods=["GET", "POST"])
    with bare.app_context():
        db.session.add(make_message())
        db.session.commit()
    return bare.test_client()


@pytest.mark.parametrize("way", WAYS_TO_WRITE)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_get_never_writes(doors, bare, capsys, way, method):
    """Whatever the code tries, a GET that writes fails in the open and the database keeps what it had."""
    assert doors.open(f"/write/{way}", method=method).status_code == 500
    assert re.search("GET|HEAD", capsys.readouterr().err)
    with bare.app_context():
        assert [(row.subject, row.recipient) for row in db.session.query(OutboxMessage)] == [("S", "a@example.org")]


@pytest.mark.parametrize("way", ["a new object", "a changed object", "a bulk update", "plain SQL", "a deleted object"])
def test_post_may(doors, way):
    assert doors.post(f"/write/{way}").data == b"done"


def test_reading_a_page_leaves_the_database_as_it_was(client, database):
    """The public pages, fetched in a row, change no row of any table."""
    make.person()
    before = _counts()
    for path in ("/", "/rounds", "/sign-in", "/accessibility", "/privacy", "/no-such-page"):
        client.get(path)
    assert _counts() == before


def _counts() -> dict[str, int]:
    names = [table.name for table in db.metadata.sorted_tables]
    return {name: db.session.execute(text(f'select count(*) from "{name}"')).scalar_one() for name in names}
