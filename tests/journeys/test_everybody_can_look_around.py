"""Everybody of the cast, one button, then every link that the landing page and its neighbours offer: each page stands.

Pages that differ only in a number are one kind and are asked for once by each person. A kind is drawn and read by axe once
for each group of the cast: what differs inside a group is who is named, not how the page is built. What the others of a
group are answered is not drawn again; its links are followed.
"""

import re
from collections import deque
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import pytest

from fund.core.permissions import public
from fund.demonstration import BY_KEY

pytestmark = pytest.mark.journey
MOST, DEEP = 25, 2
READ: set[tuple[str, str]] = set()


def kind_of(address: str) -> str:
    """/applications/12/check and /applications/7/check are one kind; a filtered list is the list."""
    return re.sub(r"\d+", "0", urlsplit(address).path)


class Links(HTMLParser):
    """The addresses of our own that a page offers as pages, in its order."""

    def __init__(self, html: str, here: str):
        super().__init__()
        self.here, self.found = here, []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "a" and "href" in given and "download" not in given:
            address = urlsplit(urljoin(self.here, given["href"]))
            if address.netloc == urlsplit(self.here).netloc and address.scheme == "http":
                self.found.append(address.path + (f"?{address.query}" if address.query else ""))


def is_file(address: str) -> bool:
    as_file = r"format=(csv|docx|pdf|xlsx)|(\.csv|\.xlsx|\.json|/pdf|\.pdf|/docx|/odt)($|\?)|/documents/\d+$|/files/"
    return bool(re.search(as_file, address))


def look_around(visitor, group: str) -> dict[str, int]:
    """Open what is offered, near things first; what is a file is only asked for. Answers the status of each kind."""
    here = visitor.page.url
    seen = {kind_of(here.removeprefix(visitor.site.address)): 200}
    waiting = deque((each, 1) for each in Links(visitor.page.content(), here).found)
    while waiting and len(seen) < MOST:
        address, depth = waiting.popleft()
        if kind_of(address) in seen:
            continue
        is_new = not is_file(address) and (kind_of(address), group) not in READ
        ask = visitor.page.goto if is_new else visitor.page.request.get
        answer = ask(visitor.site.address + address)
        seen[kind_of(address)] = answer.status
        if is_new and answer.status < 400:
            READ.add((kind_of(address), group))
            visitor.check()
        if depth < DEEP and not is_file(address):
            html = visitor.page.content() if is_new else answer.text()
            waiting.extend((each, depth + 1) for each in Links(html, answer.url).found)
    return seen


@pytest.mark.parametrize("cast_as", BY_KEY)
def test_one_button_and_every_page_it_leads_to(cast_as, visit):
    visitor = visit().go("/demo")
    part = BY_KEY[cast_as]
    visitor.follow(f"form[action$='/demo/sign-in/{cast_as}'] button").check()
    assert f"You are now {part.name}" in visitor.words
    assert kind_of(visitor.page.url) == part.starts_at
    assert {kind: status for kind, status in look_around(visitor, part.group).items() if status >= 400} == {}


def test_the_public_sees_what_is_public(visit):
    visitor = visit().go("/demo").press("Be the public")
    assert {kind: status for kind, status in look_around(visitor, "public").items() if status >= 400} == {}


def test_an_unknown_a_forbidden_and_a_failed_page_are_plain_pages(visit, site):
    """Each says what happened and what to do; the failed one gives a reference and nothing of the machine."""
    amina = visit("lead")
    assert amina.go("/no-such-page").heading == "Page not found"
    amina.go("/office")
    assert "cannot" in amina.words or "not allowed" in amina.words.casefold()
    site.app.view_functions["public.rounds"] = public(fail)
    amina.go("/rounds")
    assert amina.heading == "Sorry, something went wrong"
    assert "reference" in amina.words
    assert "secret of the machine" not in amina.page.content()


def fail():
    raise RuntimeError("secret of the machine")
