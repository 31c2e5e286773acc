"""The page beside the PDF: real headings, lists and tables, nothing that the content security policy refuses."""

import re

import html5lib
import pytest

from fund.core.pdf import blocks
from fund.core.pdf.as_html import as_html
from fund.core.pdf.runs import Link
from tests.core.pdf.pdf_helpers import OFFER, document, every_block


def test_the_html_is_valid_and_has_no_style_and_no_script():
    html = as_html(every_block())
    html5lib.HTMLParser(strict=True).parse(
        f"<!DOCTYPE html><html lang=en><head><title>x</title></head><body>{html}</body></html>"
    )
    assert not re.search(r"style=|<script|<style| on\w+=", html)


def test_headings_can_begin_lower_for_a_page_with_its_own():
    assert '<h1 class="govuk-heading-l">Award letter</h1>' in as_html(document())
    assert '<h2 class="govuk-heading-l">Award letter</h2>' in as_html(document(), top_level=2)


def test_tables_have_a_caption_scopes_and_numbers_to_the_right():
    html = as_html(
        document(blocks.Table(["Part", "Sum"], [["First", "£1"]], "Payments", None, [1], True, ["Total", "£1"]))
    )
    assert ">Payments</caption>" in html
    assert html.count('scope="col"') == 2
    assert html.count('scope="row"') == 2
    assert html.count("--numeric") == 3


def test_a_list_carries_on_from_its_number():
    html = as_html(document(blocks.NumberedList(["x"], start=4), blocks.NumberedList(["y"], letters=True)))
    assert 'start="4"' in html
    assert 'type="a"' in html


def test_line_breaks_stay_line_breaks():
    assert "1 High Street<br>\nDurham" in as_html(document(blocks.Paragraph("1 High Street\r\nDurham")))


@pytest.mark.parametrize("text", ['"><script>alert(1)</script>', "' onmouseover='x"])
def test_what_people_typed_is_escaped_in_text_and_attributes(text):
    link = Link(text, f"https://fund.example/{text}")
    html = as_html(
        document(blocks.Paragraph([text, link]), blocks.QrCode(text, text), letterhead=blocks.Letterhead(text, [text]))
    )
    tree = html5lib.parseFragment(html, namespaceHTMLElements=False)
    assert not [node for node in tree.iter() if node.tag == "script" or "onmouseover" in node.attrib]
    assert html.count("<a ") == 1


def test_a_link_leads_where_it_says():
    assert f'href="{OFFER.replace("&", "&amp;")}"' in as_html(document(blocks.Paragraph(Link("x", OFFER))))
