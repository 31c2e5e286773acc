"""What a hostile hand tries at every address: keys of no database, other people's things, extra fields, other origins."""

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from fund.core.commands import address_list
from fund.core.database import db
from fund.core.permissions import PUBLIC
from fund.tables import Organisation, Person
from tests.factories import applications as bids
from tests.factories import awards as given
from tests.factories import fund as make

HOSTILE = (
    "0", "-1", "+1", "01", "1.0", "1e3", "0x1", "999999999", "9999999999", "99999999999999999999999", "%00", "1%00",
    "..%2f..%2fetc%2fpasswd", "%2e%2e", "١", "１", "1;drop%20table%20person", "' or 1=1 --", "null", "1%0a", "{{7*7}}", "%3Cb%3E",
)  # fmt: skip
LEFT_OVER = (
    "/.git/config", "/.git/HEAD", "/.env", "/instance/settings.toml", "/instance/fund.sqlite", "/settings.toml", "/console",
    "/debug", "/admin", "/phpinfo.php", "/server-status", "/static/", "/static/../wsgi.py", "/static/%2e%2e/wsgi.py",
    "/backup.zip", "/fund.sqlite", "/robots.txt~", "/wp-login.php", "/documents/", "/__debugger__",
)  # fmt: skip


def keyed(app) -> list[str]:
    """Every address that takes a key, once."""
    return sorted({row["address"] for row in address_list(app) if "<key:" in row["address"]})


def test_no_hostile_key_reaches_the_database(as_, app):
    """Q19: at each address the first key is replaced by one that no database has or that is no key at all."""
    client, wrong = as_(make.staff("administrator")), []
    for place, address in enumerate(keyed(app)):
        for bad in (HOSTILE[place % len(HOSTILE)], HOSTILE[(place * 7 + 3) % len(HOSTILE)]):
            path = re.sub(r"<[^>]+>", "1", re.sub(r"<key:[^>]+>", lambda _, bad=bad: bad, address, count=1))
            status = client.get(path).status_code
            wrong += [f"{path}: {status}"] if not 300 <= status < 500 else []
    assert not wrong


@pytest.mark.parametrize("bad", HOSTILE)
def test_each_hostile_key_is_no_page(as_, bad):
    client = as_(make.person())
    for address in (f"/applications/{bad}", f"/grants/{bad}", f"/organisations/{bad}", f"/rounds/{bad}"):
        assert 300 <= client.get(address).status_code < 500, address


def test_somebody_elses_thing_looks_like_no_thing(as_, database):
    """Q18: the answer to another's key is the answer to a key that nobody has."""
    bid, award = bids.complete_draft(), given.offered(make.round())
    stranger = as_(make.person(name="Dev"))
    for mine in (f"/applications/{bid.id}", f"/organisations/{bid.organisation_id}", f"/grants/{award.id}"):
        nobodys = re.sub(r"\d+$", "987654", mine)
        one, other = stranger.get(mine), stranger.get(nobodys)
        assert (one.status_code, one.text) == (other.status_code, other.text), mine


def test_extra_fields_have_no_effect(as_, database):
    """Q20: fields that no form has are not read: roles, owners, states and amounts stay."""
    extra = {
        "role": "administrator", "is_admin": "1", "email": "other@example.org", "id": "1", "version": "1", "disabled_at": "",
        "status": "offered", "owner": "1", "requested_pence": "1", "round_id": "1", "organisation_id": "1", "late_until": "2030",
        "submitted_at": "2020-01-01", "cast_as": "administrator", "grants": "administrator", "track": "short",
    }  # fmt: skip
    lead = make.person(name="Amina", email="amina@example.org")
    bid = bids.complete_draft(lead)
    before = (bid.status, bid.organisation_id, bid.round_id, bid.requested_pence, bid.late_until, bid.track)
    client = as_(lead)
    client.post("/account/name", data={"name": "Amina Clarke", **extra})
    question = next(
        iter(re.findall(r'href="(/applications/\d+/questions/[^"]+)"', client.get(f"/applications/{bid.id}").text))
    )
    client.post(question, data=extra)
    client.post(f"/applications/{bid.id}/send", data=extra)
    person = db.session.scalars(select(Person).where(Person.id == lead.id)).one()
    assert (person.name, person.email, person.cast_as, person.grants) == ("Amina Clarke", "amina@example.org", None, [])
    assert (bid.status, bid.organisation_id, bid.round_id, bid.requested_pence, bid.late_until, bid.track) == before


def test_a_new_organisation_takes_no_facts_of_its_own_choosing(as_, database):
    client = as_(make.person(name="Amina"))
    client.post("/organisations/new", data={"name": "New", "legal_form": "cio", "town": "Durham", "postcode": "DH1 9ZZ", "home_based": "1", "created_by_id": "77", "id": "4711"})  # fmt: skip
    row = db.session.scalars(select(Organisation)).one()
    assert (row.id == 4711, row.created_by_id == 77) == (False, False)


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://localhost.evil.example"])
def test_no_other_origin_reads(as_, origin):
    """Q34: no answer allows another origin, nor does an asking before the asking."""
    client = as_(make.person())
    for method, path in (("GET", "/"), ("GET", "/account"), ("OPTIONS", "/account"), ("GET", "/register")):
        headers = {"Origin": origin, "Access-Control-Request-Method": "POST"}
        answer = FlaskClient.open(client, path, method=method, headers=headers)  # OPTIONS has no page to check
        assert not [name for name, _ in answer.headers if name.lower().startswith("access-control")], path


@pytest.mark.parametrize("path", LEFT_OVER)
def test_nothing_is_left_over(client, path):
    """Q37: no repository, settings, database, console or listing."""
    assert client.get(path).status_code in (400, 404), path


def test_trace_is_no_method(client):
    answer = client.open("/account", method="TRACE", headers={"X-Secret": "seen"})
    assert answer.status_code == 405
    assert "seen" not in answer.text


def test_answers_name_no_software(client):
    answer = client.get("/")
    assert "X-Powered-By" not in answer.headers
    assert not re.search(r"werkzeug|flask|python/|sqlalchemy", str(answer.headers) + answer.text, re.IGNORECASE)


def test_a_signed_in_stranger_opens_and_does_nothing_of_another(as_, database, app):
    """Q13, Q15: with real rows behind every key, whoever has no part in them is refused at every address and method."""
    given.in_delivery(make.round())
    stranger, opened = as_(make.person(name="Dev")), []
    own = ("own_account", "my_grants", "start_application")
    for row in address_list(app):
        if row["rule"] == PUBLIC or row["rule"] in own or "<key:" not in row["address"]:
            continue
        path = re.sub(r"<[^>]+>", "x", re.sub(r"<key:[^>]+>", "1", row["address"]))
        for method in row["methods"].split(","):
            status = stranger.open(path, method=method).status_code
            opened += [f"{method} {path}: {status}"] if status not in (403, 404, 405) else []
    assert not opened
