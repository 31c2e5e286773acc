"""Where somebody goes after signing in: where they were going, else the first page of what they do here."""

import re
from collections.abc import Callable
from urllib.parse import urlsplit

from flask import current_app
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from fund.tables import Person

LONGEST = 600
_STARTS: list[tuple[int, Callable[[Person], bool], str]] = []
_NOWHERE = (
    "static", "accounts.sign_in", "accounts.code", "accounts.sign_out", "own_sign_in.second_step", "own_sign_in.confirm",
)  # fmt: skip


def add_start(order: int, who: Callable[[Person], bool], address: str) -> None:
    """Say where people of one kind begin. Packages add theirs; the lowest order that fits wins."""
    _STARTS.append((order, who, address))
    _STARTS.sort(key=lambda each: each[0])


def safe_next(text: object) -> str | None:
    """An address inside this site that can be opened, or None: nothing else may follow a sign-in (CWE-601)."""
    if not isinstance(text, str) or not 0 < len(text) <= LONGEST or not text.isascii():
        return None
    if not text.startswith("/") or text.startswith("//") or re.search(r"[\\\x00-\x20\x7f]", text):
        return None
    try:
        parts = urlsplit(text)
    except ValueError:
        return None
    if parts.scheme or parts.netloc or "//" in parts.path or not leads_somewhere(parts.path):
        return None
    return text


def leads_somewhere(path: str) -> bool:
    """Whether this path is a page of the site that can be fetched."""
    try:
        endpoint, _values = current_app.url_map.bind("localhost").match(path, method="GET")
    except (HTTPException, RequestRedirect):
        return False
    return endpoint not in _NOWHERE


def home_of(person: Person) -> str:
    """The first page of what this person does here, or their account."""
    for _order, who, address in _STARTS:
        if leads_somewhere(address) and who(person):
            return address
    return "/account"
