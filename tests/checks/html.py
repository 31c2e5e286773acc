"""Is this page whole? Read with a real HTML parser, every fault as a sentence with its line where there is one."""

import re
from collections import Counter
from collections.abc import Iterator
from hashlib import blake2b
from xml.etree.ElementTree import Element

import html5lib
from html5lib.constants import E as PARSE_ERRORS

from tests.checks.shapes import shape_of

CONTROLS = {"input", "select", "textarea"}
NEED_NO_LABEL = {"hidden", "submit", "button", "reset", "image"}
LIST_CHILDREN = {"li", "script", "template"}
_whole: set[tuple[bytes, bool]] = set()


class BadPage(AssertionError):
    """The page is not whole; says every fault."""


def check_page(html: str, where: str, *, csrf: bool) -> None:
    """Raises BadPage when the page has a fault. `where` names it; `csrf` says whether forms must carry a token."""
    found = faults(html, csrf)
    if found:
        raise BadPage(f"{where} is not a whole page:\n  " + "\n  ".join(found))


def faults(html: str, csrf: bool = False) -> tuple[str, ...]:
    """Every fault of the page. A shape that was found whole once in a run is whole every time."""
    shape = blake2b(shape_of(html).encode("utf-8", "surrogatepass")).digest()
    if (shape, csrf) in _whole:
        return ()
    found = _read(html, csrf)
    if not found:
        _whole.add((shape, csrf))
    return found


def _read(html: str, csrf: bool) -> tuple[str, ...]:
    parser = html5lib.HTMLParser(tree=html5lib.getTreeBuilder("etree"), namespaceHTMLElements=False)
    page = parser.parse(html)
    found = [
        f"line {line}: {PARSE_ERRORS.get(code, code) % data} ({code})" for (line, _column), code, data in parser.errors
    ]
    for rule in (_head, _ids, _labels, _policy, _words, _structure, _references):
        found += rule(page)
    return tuple(found + list(_tokens(page) if csrf else ()))


def text_of(element: Element) -> str:
    """What is read out: the text, and the words of images, labels and graphics inside."""
    if element.get("aria-label"):
        return element.get("aria-label", "")
    spoken = [element.text or ""]
    for child in element:
        if isinstance(child.tag, str):
            spoken.append(child.get("alt", "") if child.tag == "img" else text_of(child))
        spoken.append(child.tail or "")
    return " ".join(" ".join(spoken).split())


def all_of(page: Element, *tags: str) -> Iterator[Element]:
    """The page's elements of these kinds, in order; without kinds, every one."""
    for element in page.iter():
        if isinstance(element.tag, str) and (not tags or element.tag in tags):
            yield element


def _head(page):
    if not (page.get("lang") or "").strip():
        yield "<html> names no language"
    title = page.find("head/title")
    if title is None or not (title.text or "").strip():
        yield "the title is empty"
    headings = [text_of(each) for each in all_of(page, "h1")]
    if len(headings) != 1:
        yield f"one h1 is wanted, there are {len(headings)}: {headings}"
    for each in all_of(page, "h1", "h2", "h3", "h4"):
        if not text_of(each):
            yield f"an empty <{each.tag}>"
    if len(list(all_of(page, "main"))) != 1:
        yield "one <main> is wanted"


def _ids(page):
    counted = Counter(each.get("id") for each in all_of(page) if each.get("id") is not None)
    for name, times in counted.items():
        if times > 1:
            yield f"the id {name!r} stands {times} times"
        if not name or re.search(r"\s", name):
            yield f"the id {name!r} is empty or has spaces"


def _labels(page):
    labelled = {each.get("for") for each in all_of(page, "label") if text_of(each)}
    inside = {control for label in all_of(page, "label") if text_of(label) for control in all_of(label, *CONTROLS)}
    for each in all_of(page, *CONTROLS):
        if each.get("type") in NEED_NO_LABEL or each in inside or each.get("id") in labelled - {None}:
            continue
        if not (each.get("aria-label") or "").strip() and not each.get("aria-labelledby"):
            yield f"no label: {_show(each)}"
    for each in all_of(page, "fieldset"):
        legend = each.find("legend")
        if (
            not (legend is not None and text_of(legend))
            and not each.get("aria-label")
            and not each.get("aria-labelledby")
        ):
            yield f"a fieldset without a legend: {_show(each)}"


def _policy(page):
    """The content security policy allows no inline style, script or handler."""
    for each in all_of(page):
        if each.get("style") is not None:
            yield f"a style attribute: {_show(each)}"
        for name in each.attrib:
            if name.startswith("on"):
                yield f"a handler in the page: {_show(each)}"
        if each.tag == "style":
            yield "a <style> element"
        if (
            each.tag == "script"
            and not each.get("src")
            and each.get("type") not in ("application/json", "application/ld+json")
        ):
            yield "a script in the page"
        for name in ("href", "src", "action", "formaction"):
            if (each.get(name) or "").strip().lower().startswith(("javascript:", "http://", "//")) and each.tag != "a":
                yield f"an address the policy forbids: {_show(each)}"
        if each.tag == "a" and (each.get("href") or "").strip().lower().startswith("javascript:"):
            yield f"a link that runs: {_show(each)}"


def _words(page):
    for each in all_of(page, "a", "button"):
        if (
            not text_of(each)
            and not each.get("aria-labelledby")
            and (each.tag == "button" or each.get("href") is not None)
        ):
            yield f"nothing to read in {_show(each)}"
    for each in all_of(page, "img"):
        if each.get("alt") is None:
            yield f"no alt: {_show(each)}"
    for each in all_of(page, "caption", "th", "legend", "label", "summary"):
        if not text_of(each):
            yield f"an empty {_show(each)}"
    body = page.find("body")
    words = " ".join(_own_words(body).split()) if body is not None else ""
    if found := re.search(r"\{\{|\{%|<bound method|<function |\bNone\b(?= *$)|object at 0x", words):
        yield f"the page shows its machinery: …{words[max(0, found.start() - 30) : found.end() + 30]}…"


def _own_words(element) -> str:
    """What the page says itself: not what somebody typed, and not what it quotes as code, such as a field of a letter."""
    if not isinstance(element.tag, str) or element.tag in ("textarea", "code", "pre"):
        return ""
    inner = (f"{_own_words(child)} {child.tail or ''}" for child in element)
    return " ".join([element.text or "", *inner])


def _structure(page):
    for each in all_of(page, "ul", "ol"):
        for child in each:
            if isinstance(child.tag, str) and child.tag not in LIST_CHILDREN:
                yield f"<{child.tag}> straight inside <{each.tag}>"
    for outer in all_of(page, "a", "button", "label"):
        for inner in all_of(outer, "a", "button"):
            if inner is not outer and outer.tag != "label":
                yield f"<{inner.tag}> inside <{outer.tag}>: {_show(inner)}"
    for table in all_of(page, "table"):
        if not any(True for _ in all_of(table, "th")):
            yield "a table without a heading cell"


def _references(page):
    """What points at an id points at one that is there."""
    known = {each.get("id") for each in all_of(page)}
    for each in all_of(page):
        for name in ("for", "aria-describedby", "aria-labelledby", "aria-controls"):
            for wanted in (each.get(name) or "").split():
                if wanted not in known:
                    yield f"{name} points at {wanted!r}, which is not there: {_show(each)}"
        href = each.get("href") or ""
        if each.tag == "a" and href.startswith("#") and href != "#" and href[1:] not in known:
            yield f"a link to {href!r}, which is not there"


def _tokens(page):
    for form in all_of(page, "form"):
        if (form.get("method") or "get").lower() == "post":
            tokens = [each for each in all_of(form, "input") if each.get("name") == "csrf_token" and each.get("value")]
            if not tokens:
                yield f"a form without a csrf_token: {_show(form)}"


def _show(element: Element) -> str:
    facts = " ".join(f'{name}="{value}"' for name, value in list(element.items())[:5])
    return f"<{element.tag} {facts}>".replace(" >", ">")
