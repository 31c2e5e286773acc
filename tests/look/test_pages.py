"""Every page made from the layouts and components is valid, labelled and passes a strict content security policy."""

import re
from collections import Counter
from html.parser import HTMLParser

import html5lib
import pytest
from flask.testing import FlaskClient

from tests.look.gallery import ADDRESSES, ERRORS, create_gallery


class Tags(HTMLParser):
    """Collects (tag, attributes) of a page in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


@pytest.fixture(params=ADDRESSES)
def page(request: pytest.FixtureRequest, gallery: FlaskClient) -> str:
    answer = gallery.get(request.param)
    assert answer.status_code == 200
    return answer.text


def test_page_is_valid_html(page: str) -> None:
    html5lib.HTMLParser(strict=True).parse(page)


def test_page_has_no_inline_style_or_script(page: str) -> None:
    for tag, attributes in Tags(page).found:
        assert tag != "style"
        assert not [name for name in attributes if name == "style" or name.startswith("on")]
        assert tag != "script" or attributes.get("src")


def test_every_id_stands_once_and_every_reference_finds_its_id(page: str) -> None:
    tags = Tags(page).found
    ids = Counter(attributes["id"] for _, attributes in tags if attributes.get("id"))
    assert [name for name, times in ids.items() if times > 1] == []
    for _, attributes in tags:
        for name in ("for", "aria-describedby", "aria-labelledby", "aria-controls", "data-words-for"):
            assert not [ref for ref in (attributes.get(name) or "").split() if ref not in ids]


def test_every_id_used_as_a_fill_is_drawn(page: str) -> None:
    assert set(re.findall(r"url\(#([^)]+)\)", page)) <= set(re.findall(r'id="([^"]+)"', page))


def test_title_names_the_page_and_the_service(page: str) -> None:
    assert re.search(r"<title>(Error: )?\w[^<]+ - Violence Prevention Fund</title>", page)


def test_title_of_a_page_with_errors_says_so_first(gallery: FlaskClient) -> None:
    assert "<title>Error: About your group - Violence" in gallery.get("/mistakes").text
    assert "Error:" not in gallery.get("/applicant").text


def test_what_people_type_is_escaped_everywhere(page: str) -> None:
    for hostile in ("<script> strand", "<Green>", "<Nights>", "<b>this", "<script>terms"):
        assert hostile not in page


def test_no_crown_and_no_name_of_another_house(page: str) -> None:
    assert not re.search(r"GOV\.UK|crown|crest", page, re.IGNORECASE)


def test_every_link_of_the_error_summary_finds_its_box(gallery: FlaskClient) -> None:
    html = gallery.get("/mistakes").text
    summary = html[html.index("govuk-error-summary__list") : html.index("<h1")]
    links = re.findall(r'href="#([^"]+)"', summary)
    assert "start-month" in links, "the date's error leads to the wrong part"
    boxes = {
        attributes["id"]
        for tag, attributes in Tags(html).found
        if tag in ("input", "select", "textarea") and attributes.get("id")
    }
    assert len(links) == 5
    assert set(links) <= boxes


def test_nothing_typed_is_lost_when_a_form_is_refused(gallery: FlaskClient) -> None:
    html = gallery.get("/mistakes").text
    assert 'value="5,000.01"' in html
    assert "23 of 20 words: 3 too many" in html
    assert 'name="start-day" type="text" value="31"' in html


def test_form_carries_its_token_and_version_once(gallery: FlaskClient) -> None:
    html = gallery.get("/mistakes").text
    form = html[html.index('<form method="post" action="" novalidate enctype') : html.index("</main>")]
    assert form.count('name="csrf_token"') == 1
    assert form.count('name="version"') == 1


def test_sort_and_page_links_keep_the_filter(gallery: FlaskClient) -> None:
    html = gallery.get("/staff?state=scoring&q=caf%C3%A9&page=4&sort=-total").text
    assert 'href="/staff?state=scoring&amp;q=caf%C3%A9&amp;sort=total"' in html
    assert 'href="/staff?state=scoring&amp;q=caf%C3%A9&amp;sort=-total&amp;page=5"' in html
    assert 'aria-sort="descending"' in html


@pytest.mark.parametrize("code", ERRORS)
def test_error_page_needs_neither_person_nor_database(code: int) -> None:
    """A person that cannot be loaded must not turn one failure into two."""
    app = create_gallery()

    class Unreachable:
        def __getattr__(self, name: str) -> object:
            raise ConnectionError(name)

    app.context_processor(lambda: {"current_user": Unreachable(), "navigation": Unreachable()})
    assert app.test_client().get(f"/error/{code}").status_code == 200


def test_failed_page_gives_its_reference(gallery: FlaskClient) -> None:
    assert "<strong>7f3a-91</strong>" in gallery.get("/error/500").text


def test_page_that_forgets_its_title_still_opens() -> None:
    app = create_gallery()
    with app.test_request_context("/"):
        html = app.jinja_env.from_string('{% extends "layouts/public.html" %}').render()
    assert "<title>Violence Prevention Fund</title>" in html
