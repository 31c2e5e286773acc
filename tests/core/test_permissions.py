"""The permissions engine: closed unless a rule says yes; hidden is 404, visible but not yours is 403, too late is 409."""

from types import SimpleNamespace

import pytest

from fund.core import permissions
from fund.core.database import db
from fund.core.permissions import No, all_of, ask, may, needs, require, rule
from fund.core.problems import Forbidden, NotYours, Stale, TooMany, WrongMoment
from tests.quick import create_tables
from wsgi import create_app


@pytest.fixture
def rules(monkeypatch):
    monkeypatch.setattr(permissions, "RULES", {})
    return permissions.RULES


def yes(person, thing=None):
    return True


def no(person, thing=None):
    return False


def conflicted(person, thing=None):
    return No("You declared a conflict with this bid.")


def test_one_yes_is_enough(rules):
    rule("see", "anybody", no, conflicted, yes)
    assert ask("somebody", "see", "thing") is True
    assert may("somebody", "see")


def test_without_predicates_nobody_may(rules):
    rule("see", "nobody")
    assert not may("somebody", "see", "thing")
    with pytest.raises(NotYours):
        require("somebody", "see", "thing")


def test_a_refusal_with_a_reason_speaks_and_a_plain_one_hides(rules):
    rule("see", "assessors", no, conflicted)
    rule("hidden", "members", no)
    with pytest.raises(Forbidden, match="You declared a conflict"):
        require("somebody", "see", "thing")
    with pytest.raises(NotYours, match="We cannot find that page"):
        require("somebody", "hidden", "thing")
    with pytest.raises(Forbidden, match="does not have the role"):
        require("somebody", "hidden")


def test_an_unknown_rule_is_an_error_not_a_yes(rules):
    with pytest.raises(KeyError):
        may("somebody", "misspelt")


def test_two_rules_cannot_share_a_name(rules):
    rule("see", "anybody", yes)
    with pytest.raises(ValueError, match="two rules"):
        rule("see", "others", no)


def test_all_of_stops_at_the_first_refusal(rules):
    rule("see", "seated without conflict", all_of(yes, conflicted, no))
    assert isinstance(ask("somebody", "see"), No)
    assert all_of(yes, yes)("somebody", "thing") is True
    assert all_of(yes, conflicted).__name__ == "yes_and_conflicted"


@pytest.fixture
def site(tmp_path, monkeypatch):
    """An app of our own with one door for each answer."""
    small = create_app(tmp_path, env="test", secret_key="a key for tests that is long enough", database_url="")
    small.config.update(WTF_CSRF_ENABLED=False)
    with small.app_context():
        create_tables()
    monkeypatch.setattr(permissions, "RULES", dict(permissions.RULES))
    monkeypatch.setattr(permissions, "signed_in", lambda: "somebody")
    rule("open", "anybody", yes)
    rule("conflict", "nobody", conflicted)
    rule("hidden", "nobody", no)

    def door(path, name, load=None, view=lambda **things: "come in"):
        loaders = {"thing": load} if load else {}
        small.add_url_rule(path, path, needs(name, **loaders)(view))

    def raising(problem):
        def view(**_):
            raise problem

        return view

    door("/open", "open")
    door("/things/<key:thing_id>/open", "open", load=lambda key: key if key == 1 else None)
    door("/things/<key:thing_id>/conflict", "conflict", load=lambda key: key)
    door("/things/<key:thing_id>/hidden", "hidden", load=lambda key: key if key == 1 else None)
    door("/late", "open", view=raising(WrongMoment("The round closed at 5pm.")))
    door("/stale", "open", view=raising(Stale("Somebody changed this.", theirs="a", yours="b")))
    door("/often", "open", view=raising(TooMany("Wait a minute.")))
    yield small.test_client()
    with small.app_context():
        db.engine.dispose()


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/open", 200, "come in"),
        ("/things/1/open", 200, "come in"),
        ("/things/2/open", 404, ""),
        ("/things/1/conflict", 403, "You declared a conflict with this bid."),
        ("/things/1/hidden", 404, ""),
        ("/late", 409, "The round closed at 5pm."),
        ("/stale", 409, "Somebody changed this."),
        ("/often", 429, "Wait a minute."),
        ("/things/0/open", 404, ""),
        ("/things/01/open", 404, ""),
        ("/things/-1/open", 404, ""),
        ("/things/12345678901234567890/open", 404, ""),
        ("/things/١/open", 404, ""),
        ("/things/1%00/open", 404, ""),
        ("/things/1;x/open", 404, ""),
        ("/things/..%2f1/open", 404, ""),
    ],
)
def test_each_refusal_has_its_own_answer(site, path, status, words):
    answer = site.get(path)
    assert answer.status_code == status
    assert words in answer.get_data(as_text=True)


def test_somebody_elses_thing_looks_like_no_thing(site):
    """Same status, same words: nobody learns which keys exist."""
    theirs, nothing = site.get("/things/1/hidden"), site.get("/things/2/hidden")
    assert (theirs.status_code, theirs.data) == (nothing.status_code, nothing.data)


def test_a_script_gets_its_refusal_as_json(site):
    answer = site.get("/late", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json) == (409, {"error": "The round closed at 5pm."})


def test_who_is_not_signed_in_is_asked_to(app, client):
    """And afterwards goes where they wanted to."""
    from fund.core.commands import address_list

    path = next(
        row["address"]
        for row in address_list(app)
        if row["rule"] not in ("public", "") and "<" not in row["address"] and "GET" in row["methods"]
    )
    answer = client.get(f"{path}?page=2")
    assert answer.status_code == 302
    assert answer.location.endswith("/sign-in")
    with client.session_transaction() as cookie:
        assert cookie["next"] == f"{path}?page=2"


def test_a_question_is_asked_once_while_a_page_is_read_and_anew_by_what_writes(app):
    asked = []

    @permissions.asked_once
    def question(person, thing=None):
        asked.append((person.id, thing))
        return len(asked)

    someone, other = SimpleNamespace(id=1), SimpleNamespace(id=2)
    with app.test_request_context("/"):
        assert [question(someone, 7), question(someone, 7), question(other, 7), question(someone, 8)] == [1, 1, 2, 3]
    with app.test_request_context("/"):
        assert question(someone, 7) == 4, "another request asks anew"
    with app.test_request_context("/", method="POST"):
        assert [question(someone, 7), question(someone, 7)] == [5, 6]
    assert question(someone, 7) == 7, "so does what runs without a request"
