"""The page checker catches what it promises to catch, and lets a whole page pass."""

import pytest

from tests.checks.html import BadPage, check_page, faults
from tests.checks.shapes import shape_of

WHOLE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Rounds</title></head>
<body><main id="main"><h1>Rounds</h1>{}</main></body></html>
"""

CAUGHT = {
    "a tag left open": ("<p>one<div>two</p>", "line 3"),
    "a wrong nesting": ("<b><i>one</b></i>", "line 3"),
    "an attribute twice": ('<p id="a" id="b">one</p>', "duplicate-attribute"),
    "an unescaped ampersand entity": ("<p>&nosuch;</p>", "line 3"),
    "a second h1": ("<h1>Again</h1>", "one h1"),
    "an id twice": ('<p id="a">1</p><p id="a">2</p>', "the id 'a' stands 2 times"),
    "an id with a space": ('<p id="a b">1</p>', "has spaces"),
    "a box without a label": ('<input name="a" id="a">', "no label"),
    "an empty label": ('<label for="a"></label><input name="a" id="a">', "no label"),
    "a choice without a label": ('<select name="a"><option>1</option></select>', "no label"),
    "a fieldset without a legend": ("<fieldset><p>one</p></fieldset>", "legend"),
    "a style attribute": ('<p style="color:red">one</p>', "style attribute"),
    "a style element": ("<style>p{}</style>", "<style>"),
    "a script in the page": ("<script>alert(1)</script>", "script in the page"),
    "a handler": ('<p onclick="go()">one</p>', "handler"),
    "a script from elsewhere": ('<script src="//elsewhere.example/a.js"></script>', "policy forbids"),
    "a running link": ('<a href="javascript:go()">Go</a>', "runs"),
    "a link without words": ('<a href="/"><span></span></a>', "nothing to read"),
    "a button without words": ('<button type="button"></button>', "nothing to read"),
    "an image without alt": ('<img src="/a.png">', "no alt"),
    "an empty heading": ("<h2> </h2>", "an empty <h2>"),
    "a div in a list": ("<ul><div>one</div></ul>", "straight inside"),
    "a button in a link": ('<a href="/">Go <button type="button">on</button></a>', "inside <a>"),
    "a table without headings": ("<table><tbody><tr><td>1</td></tr></tbody></table>", "heading cell"),
    "a label for nothing": ('<label for="gone">Name</label>', "not there"),
    "a hint that is gone": ('<input aria-label="Name" aria-describedby="gone">', "not there"),
    "an error link to nowhere": ('<a href="#gone">Enter your name</a>', "not there"),
    "machinery showing": ("<p>{{ name }}</p>", "machinery"),
    "a method shown instead of its answer": ("<p>&lt;bound method Round.title&gt;</p>", "machinery"),
}


@pytest.mark.parametrize(("inside", "said"), CAUGHT.values(), ids=CAUGHT.keys())
def test_a_bad_page_fails(inside, said):
    with pytest.raises(BadPage, match=r"(?s)/here is not a whole page") as refused:
        check_page(WHOLE.format(inside), "/here", csrf=False)
    assert said in str(refused.value)


def test_a_whole_page_passes():
    inside = (
        '<form method="post" action="/"><input type="hidden" name="csrf_token" value="x"><fieldset><legend>Who</legend>'
        '<label for="a">Name</label><input id="a" name="a" aria-describedby="hint"><span id="hint">As it is known</span>'
        '<label><input type="checkbox" name="b"> Yes</label></fieldset><button type="submit">Send</button></form>'
        '<svg role="img" viewBox="0 0 1 1"><title>A chart</title><path d="M0 0"/></svg>'
    )
    assert faults(WHOLE.format(inside), True) == ()


ALIKE = {
    "other words": ("<p>One bid</p>", "<p>Two bids, and &#39;more&#39;</p>"),
    "other numbers": ('<p id="bid-7">7</p><a href="#bid-7">Bid</a>', '<p id="bid-12">31</p><a href="#bid-12">Bid</a>'),
    "another value": ('<input aria-label="Sum" value="5">', '<input aria-label="The sum" value="1,200.00">'),
}
NOT_ALIKE = {
    "words that are gone": ("<h2>Bids</h2>", "<h2> </h2>"),
    "words that are only a space that holds": ("<h2>Bids</h2>", "<h2>&nbsp;</h2>"),
    "a number twice": ('<p id="a1">1</p><p id="a2">2</p>', '<p id="a1">1</p><p id="a1">2</p>'),
    "a number that is gone": ('<p id="a1">1</p><a href="#a1">Up</a>', '<p id="a1">1</p><a href="#a2">Up</a>'),
    "another heading": ("<h2>Bids</h2>", "<h1>Bids</h1>"),
    "machinery": ("<p>One bid</p>", "<p>{{ bid }}</p>"),
    "an object": ("<p>One bid</p>", "<p>A Bid object at 0x7f</p>"),
    "a method": ("<p>&lt;One bid&gt;</p>", "<p>&lt;bound method Bid.title&gt;</p>"),
    "nothing at the end": ("<p>Bids</p>", "<p>None</p>"),
    "a bare ampersand": ("<p>R&amp;D</p>", "<p>R&copyD</p>"),
    "an unknown reference": ("<p>R &amp; D</p>", "<p>R &nosuch; D</p>"),
    "a style": ('<p class="a">One</p>', '<p style="a">One</p>'),
    "a sign that opens a tag": ("<p>One</p>", "<p>One < two</p>"),
    "a handler after a sign": ('<p title="a > b" class="c">One</p>', '<p title="a > b" onclick="c">One</p>'),
    "no token": ('<form method="post"><input type="hidden" name="csrf_token" value="x"></form>', '<form method="post"><input type="hidden" name="csrf_token" value=""></form>'),
}  # fmt: skip


@pytest.mark.parametrize(("one", "other"), ALIKE.values(), ids=ALIKE.keys())
def test_pages_that_differ_in_words_and_numbers_are_of_one_shape(one, other):
    assert shape_of(WHOLE.format(one)) == shape_of(WHOLE.format(other))
    assert faults(WHOLE.format(other)) == ()


@pytest.mark.parametrize(("whole", "bad"), NOT_ALIKE.values(), ids=NOT_ALIKE.keys())
def test_a_fault_is_found_after_a_whole_page_that_is_much_like_it(whole, bad):
    assert faults(WHOLE.format(whole), True) == ()
    assert faults(WHOLE.format(bad), True)


def test_a_form_that_posts_needs_its_token():
    form = '<form method="post" action="/"><button type="submit">Send</button></form>'
    assert faults(WHOLE.format(form), False) == ()
    assert "csrf_token" in faults(WHOLE.format(form), True)[0]


def test_a_page_without_a_title_fails():
    assert "the title is empty" in faults(WHOLE.format("").replace("Rounds</title>", " </title>"))


def test_a_page_without_a_language_fails():
    assert "<html> names no language" in faults(WHOLE.format("").replace(' lang="en"', ""))


def test_a_page_without_a_doctype_fails():
    assert "doctype" in faults(WHOLE.format("").replace("<!DOCTYPE html>", ""))[0].lower()


def test_the_client_checks_what_it_fetches(app, client):
    """A page that is not whole fails the test that fetched it, wherever it stands."""
    with pytest.raises(BadPage, match="is not a whole page"):
        _answering(client, "<p>half a page")
    assert client.get("/no-such-page").status_code == 404


def test_the_client_wants_the_headers(app, client, monkeypatch):
    monkeypatch.setattr("tests.checks.client.HEADERS", {"X-Wanted": "yes"})
    with pytest.raises(BadPage, match="came without its X-Wanted"):
        client.get("/no-such-page")


def _answering(client, html: str):
    """Have the error page answer this HTML once."""
    from unittest import mock

    with mock.patch("fund.core.web.render_template", return_value=html):
        client.get("/no-such-page")
