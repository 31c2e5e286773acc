"""The permissions engine: every address says who may use it, and what says nothing is closed.

A rule is a name, a sentence for people, and predicates of which one must say yes. A predicate takes (person, thing) and
answers True, False, or a `No` that carries its own reason. Loading and permission belong together: `needs` hands the view
the thing it may touch, or stops.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from flask import abort, current_app, g, has_request_context, redirect, request, session, url_for
from flask_login import current_user

from . import withholding
from .problems import Forbidden, NotYours


@dataclass(frozen=True)
class No:
    """A refusal with its reason, shown to the person (403). Plain False hides the thing instead (404)."""

    reason: str

    def __bool__(self) -> bool:
        return False


@dataclass(frozen=True)
class Rule:
    name: str
    who: str
    any_of: tuple[Callable, ...]


RULES: dict[str, Rule] = {}
PUBLIC = "public"


def rule(name: str, who: str, *any_of: Callable) -> Rule:
    """Register one row of a package's permission table: `who` is the sentence that the address list shows."""
    if name in RULES:
        raise ValueError(f"two rules are called {name}")
    RULES[name] = Rule(name, who, any_of)
    return RULES[name]


def all_of(*predicates: Callable) -> Callable:
    """A predicate that holds when each of these does; the first refusal speaks."""

    def every(person, thing):
        for predicate in predicates:
            answer = predicate(person, thing)
            if not answer:
                return answer
        return True

    every.__name__ = "_and_".join(predicate.__name__ for predicate in predicates)
    return every


def asked_once(question: Callable) -> Callable:
    """A question about a person and a thing (or its key) that a request which only reads asks once: while it reads,
    nothing changes the answer. What writes asks anew every time.
    """

    @wraps(question)
    def remembering(person, thing=None):
        if person is None or not has_request_context() or request.method not in ("GET", "HEAD"):
            return question(person, thing)
        answers = request.__dict__.setdefault("_asked_once", {})
        key = (question, person.id, type(thing), getattr(thing, "id", thing))
        if key not in answers:
            answers[key] = question(person, thing)
        return answers[key]

    return remembering


def ask(person, name: str, thing=None) -> bool | No:
    """May this person do this with this thing? True, or the refusal: a `No` with a reason wins over plain False."""
    answers = []
    for predicate in RULES[name].any_of:
        answer = predicate(person, thing)
        if answer:
            return True
        answers.append(answer)
    if kept := withholding.refusal(person, thing):
        return No(kept)
    return next((answer for answer in answers if isinstance(answer, No)), False)


def may(person, name: str, thing=None) -> bool:
    return bool(ask(person, name, thing))


def require(person, name: str, thing=None) -> None:
    """Raises Forbidden (with its reason), or NotYours when the thing should look like no thing at all."""
    answer = ask(person, name, thing)
    if answer:
        return
    if isinstance(answer, No):
        raise Forbidden(answer.reason)
    if thing is not None:
        raise NotYours()
    raise Forbidden("Your account does not have the role for this page.")


def signed_in() -> Any:
    """The person of this request, or None."""
    return current_user._get_current_object() if current_user.is_authenticated else None


def public(view: Callable) -> Callable:
    """Anybody may use this address, signed in or not."""
    view.permission = PUBLIC
    return view


def needs(name: str, **loaders: Callable):
    """Only who the rule lets may use this address.

    Each loader (`round=load_round`) takes the address's `round_id` and gives the view its `round`; None means 404. The rule
    is asked about the first thing loaded.
    """

    def declare(view: Callable) -> Callable:
        @wraps(view)
        def guarded(**given):
            person = signed_in()
            if person is None:
                return _ask_to_sign_in()
            things = {}
            for noun, load in loaders.items():
                things[noun] = load(given.pop(f"{noun}_id"))
                if things[noun] is None:
                    raise NotYours()
            require(person, name, next(iter(things.values()), None))
            g.thing = next(iter(things.values()), None)
            withholding.begin(person)
            return view(**things, **given)

        guarded.permission = name
        return guarded

    return declare


def _ask_to_sign_in():
    session["next"] = request.full_path.rstrip("?") if request.method == "GET" else request.referrer and "/"
    return redirect(url_for("accounts.sign_in"))


def close_what_is_not_declared() -> None:
    """Before every request: an address whose view declares no permission is refused, however it got there."""
    if request.endpoint in (None, "static"):
        return
    view = current_app.view_functions[request.endpoint]
    if getattr(view, "permission", None) is None:
        abort(403)


def declared(app) -> dict[str, str]:
    """Permission by endpoint, for the address list and the house test; None where nothing is declared."""
    return {name: getattr(view, "permission", None) for name, view in app.view_functions.items() if name != "static"}
