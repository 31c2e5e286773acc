"""What every answer owes: strict headers, calm errors with a way on, tokens on every form, hosts not believed."""

import re

import pytest

from fund.core import web
from fund.core.database import db
from tests.quick import create_tables
from wsgi import create_app

KEY = "k" * 40
HERE = "http://127.0.0.1:8000"


@pytest.fixture
def site(tmp_path):
    """The app as it stands in production, with form tokens, on an empty database of its own."""
    app = create_app(tmp_path, env="production", secret_key=KEY, public_url="https://fund.example.org")
    with app.app_context():
        create_tables()
    yield app
    with app.app_context():
        db.engine.dispose()


def ask(site, path="/no-such-page", method="GET", **kwargs):
    return site.test_client().open(path, method=method, base_url="https://fund.example.org", **kwargs)


def test_the_policy_allows_nothing_inline(site):
    policy = dict(part.strip().split(" ", 1) for part in ask(site).headers["Content-Security-Policy"].split(";"))
    assert policy["script-src"] == policy["style-src"] == policy["form-action"] == "'self'"
    assert policy["object-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'"
    assert "unsafe" not in str(policy)
    assert "*" not in str(policy)


@pytest.mark.parametrize("path", ["/no-such-page", "/static/fund.css", "/"])
def test_every_answer_carries_the_headers(site, path):
    with ask(site, path, headers={"Origin": "https://evil.example"}) as answer:
        for name, value in web.HEADERS.items():
            assert answer.headers[name] == value
        assert "max-age=63072000" in answer.headers["Strict-Transport-Security"]
        assert "Access-Control-Allow-Origin" not in answer.headers


def test_pages_are_not_stored_but_static_files_are(site):
    """A file whose address carries its fingerprint may be kept for a year, any other is asked for anew."""
    assert ask(site).headers["Cache-Control"] == "no-store"
    with ask(site, "/static/fund.css?v=0123456789") as answer:
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    with ask(site, "/static/fund.css") as answer:
        assert answer.headers["Cache-Control"] == "no-cache"


def test_cookies_are_locked_to_the_site(site):
    answer = ask(site, "/sign-in")
    (cookie,) = [line for line in answer.headers.getlist("Set-Cookie") if "session" in line]
    assert cookie.startswith("__Host-session=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= {part.strip() for part in cookie.split(";")}


@pytest.mark.parametrize(
    "host",
    ["evil.example", "fund.example.org.evil.example", "127.0.0.1", "evil.example:443", "fund.example.org@evil.example"],
)
def test_an_unknown_host_is_refused_calmly(site, host):
    """And its name stands nowhere in the answer."""
    answer = site.test_client().get("/no-such-page", headers={"Host": host})
    assert answer.status_code == 400
    assert b"evil" not in answer.data
    assert "evil" not in str(answer.headers)


def test_forwarded_headers_are_not_believed(site):
    answer = ask(
        site,
        "/sign-in",
        headers={"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "http", "Forwarded": "host=evil.example"},
    )
    assert b"evil.example" not in answer.data
    assert "evil.example" not in str(answer.headers)


TOKENS = {"none": {}, "empty": {"csrf_token": ""}, "wrong": {"csrf_token": "x" * 90}}


@pytest.mark.parametrize("token", TOKENS.values(), ids=TOKENS.keys())
@pytest.mark.parametrize("path", ["/sign-in", "/sign-out", "/no-such-page"])
def test_a_form_without_its_token_is_refused(site, path, token):
    answer = ask(site, path, "POST", data={"email": "a@example.org"} | token)
    assert answer.status_code in ((404,) if path == "/no-such-page" else (400,))
    assert b"<h1" in answer.data


def test_another_sessions_token_is_refused(site):
    page = ask(site, "/sign-in").get_data(as_text=True)
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)[1]
    assert ask(site, "/sign-in", "POST", data={"email": "a@example.org", "csrf_token": token}).status_code == 400


@pytest.mark.parametrize("kind", ["application/json", "text/plain"])
def test_nor_does_json_pass_without_one(site, kind):
    assert ask(site, "/sign-out", "POST", data='{"a": 1}', content_type=kind).status_code == 400


@pytest.fixture
def doors(tmp_path, monkeypatch):
    """A demonstration app with doors that break in every way."""
    from fund.core.permissions import public

    app = create_app(tmp_path, env="demonstration", secret_key=KEY)
    app.config["PROPAGATE_EXCEPTIONS"] = False

    def breaking():
        raise RuntimeError("the secret word is Marmalade")

    def database_away():
        from sqlalchemy.exc import OperationalError

        raise OperationalError("select 1", {}, ConnectionError("Marmalade"))

    for status in (400, 403, 404, 409, 413, 429, 418):
        from flask import abort

        app.add_url_rule(f"/status/{status}", f"status{status}", public(lambda status=status: abort(status)))
    app.add_url_rule("/break", "break", public(breaking))
    app.add_url_rule("/away", "away", public(database_away))
    app.add_url_rule("/form", "form", public(lambda: str(len(__import__("flask").request.form))), methods=["POST"])
    app.config["WTF_CSRF_ENABLED"] = False
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.mark.parametrize("status", [400, 403, 404, 409, 413, 429])
def test_each_error_has_its_calm_page(doors, status):
    from tests.checks.html import faults

    answer = doors.test_client().get(f"/status/{status}", base_url=HERE)
    page = answer.get_data(as_text=True)
    assert answer.status_code == status
    assert faults(page) == ()
    assert "Traceback" not in page
    assert "<a " in page.partition("<main")[2], "a page without a way on"


def test_a_failure_gives_a_reference_and_nothing_else(doors, capsys):
    """The page has a reference, the log has the same one with the cause, and the page says nothing of the cause."""
    answer = doors.test_client().get("/break", base_url=HERE)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 500
    assert "Marmalade" not in page
    assert "Traceback" not in page
    logged = capsys.readouterr().err.strip()
    reference = re.search(r'"reference": "([0-9a-f]{8})"', logged)[1]
    assert reference in page
    assert len(logged.splitlines()) == 1


def test_a_database_that_is_away_says_so(doors):
    answer = doors.test_client().get("/away", base_url=HERE)
    assert answer.status_code == 503
    assert b"Marmalade" not in answer.data


def test_a_wrong_method_says_which_are_right(doors):
    answer = doors.test_client().delete("/form", base_url=HERE)
    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]
    assert b"<h1" in answer.data


@pytest.mark.parametrize("query", ["q=%00", "q=a%00b", "%00=1", "page=1&q=%1b", "q=%08"])
def test_what_no_database_keeps_is_refused_in_addresses(doors, query):
    assert doors.test_client().get(f"/?{query}", base_url=HERE).status_code == 400


def test_too_much_is_refused_before_it_is_read(doors):
    client = doors.test_client()
    assert client.post("/form", data={"a": "x" * 5_000_000}, base_url=HERE).status_code == 413
    assert (
        client.post(
            "/form", data=b"x" * 13_000_000, content_type="application/x-www-form-urlencoded", base_url=HERE
        ).status_code
        == 413
    )
    assert (
        client.post(
            "/form",
            data={f"f{number}": "1" for number in range(4000)},
            content_type="multipart/form-data",
            base_url=HERE,
        ).status_code
        == 413
    )


def test_a_script_that_asks_gets_json(doors):
    answer = doors.test_client().get("/break", base_url=HERE, headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json) == (500, {"error": "This did not work. Try again."})
