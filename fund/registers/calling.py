"""One request to a register: to the configured host and no other, with a clock and a limit on what is read.

The number is checked for its shape and quoted before it becomes part of an address, no redirect is followed, and the key
is put into a header: it never stands in an address, a log line or the audit log.
"""

import dataclasses
import json
import time
from typing import Any
from urllib.parse import quote, urlsplit

import requests
import structlog
import urllib3

from fund.identifiers import IdentifierProblem, check_identifier

from .said import NoAnswer

log = structlog.get_logger(__name__)
CONNECT_SECONDS = 3.0
LARGEST = 512 * 1024  # bytes; the longest real answers are a few dozen kB
PIECE = 16 * 1024
LONGEST_WAIT = 24 * 3600  # seconds; a register that asks for more is not believed
HERE = ("127.0.0.1", "localhost", "::1")


@dataclasses.dataclass(frozen=True)
class Answer:
    """What came back: the status, and the JSON object in it (None when it is none)."""

    status: int
    data: dict[str, Any] | None


def plausible(scheme: str, number: str) -> str:
    """The number, certain to be of its register's shape. Raises NoAnswer: nothing else is ever asked about."""
    try:
        return check_identifier(scheme, number)
    except IdentifierProblem:
        raise NoAnswer("unreadable") from None


def address_of(base: str, *parts: str) -> str:
    """An address below the configured one. Raises NoAnswer when that is not https (http on this machine only)."""
    where = urlsplit(base)
    if where.scheme != "https" and not (where.scheme == "http" and where.hostname in HERE):
        raise NoAnswer("refused")
    return "/".join([base.rstrip("/"), *(quote(part, safe="") for part in parts)])


def call(address: str, *, headers: dict[str, str] | None = None, auth: tuple[str, str] | None = None, seconds: float) -> Answer:  # fmt: skip
    """GET the address within so many seconds. Raises NoAnswer for everything that is neither an answer nor "not found"."""
    until = time.monotonic() + seconds
    plain = {"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": "violence-prevention-fund"}
    try:
        with (
            requests.Session() as session,
            session.get(
                address, headers=plain | (headers or {}), auth=auth, timeout=(min(CONNECT_SECONDS, seconds), seconds),
                allow_redirects=False, stream=True,
            ) as response,
        ):  # fmt: skip
            status, body = response.status_code, b""
            if status in (200, 404):
                body = _read(response, until)
            wait = _wait_of(response.headers.get("Retry-After"))
    except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
        _note(address, type(error).__name__)
        raise NoAnswer("unreachable") from None
    if status not in (200, 404):
        _note(address, str(status))
        raise NoAnswer(_kind_of(status), wait)
    return Answer(status, _as_object(body, status, address))


def _read(response: requests.Response, until: float) -> bytes:
    """The body, unless it is too long, packed, or takes longer than allowed."""
    if response.headers.get("Content-Encoding", "identity") not in ("", "identity"):
        raise NoAnswer("unreadable")
    body = b""
    while piece := response.raw.read1(PIECE):
        body += piece
        if len(body) > LARGEST:
            raise NoAnswer("unreadable")
        if time.monotonic() > until:
            raise NoAnswer("unreachable")
    return body


def _as_object(body: bytes, status: int, address: str) -> dict[str, Any] | None:
    """The JSON object of an answer. One that is broken is no answer; that of "not found" may be missing."""
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        data = None
    if status == 200 and not isinstance(data, dict):
        _note(address, "not JSON")
        raise NoAnswer("unreadable")
    return data if isinstance(data, dict) else None


def _kind_of(status: int) -> str:
    if status == 429:
        return "busy"
    if status in (401, 403):
        return "refused"
    return "unreachable" if status >= 500 else "unreadable"


def _wait_of(header: str | None) -> int | None:
    return min(int(header), LONGEST_WAIT) if header and header.isascii() and header.isdigit() else None


def _note(address: str, what: str) -> None:
    """A line for the log: which register did not answer and how, never the number or the key."""
    log.warning("register_no_answer", host=urlsplit(address).hostname, what=what)
