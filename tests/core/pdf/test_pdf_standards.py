"""A PDF of ours can be read by everybody and kept for ever: it passes PDF/UA-1 and PDF/A-3a whatever is in it."""

import io

import pikepdf
import pytest

from fund.core.pdf import blocks
from fund.core.pdf.document import Attachment, draw
from tests.core.pdf.pdf_helpers import chart, document, every_block, failures


def test_a_document_of_every_block_over_several_pages_passes_both_standards():
    data = draw(every_block())
    assert failures(data) == []
    assert len(pikepdf.open(io.BytesIO(data)).pages) >= 4


@pytest.mark.parametrize(
    "block",
    [
        blocks.Paragraph(""),
        blocks.Paragraph("\n\n"),
        blocks.BulletList([]),
        blocks.BulletList(["", ""]),
        blocks.KeyValue([]),
        blocks.Table(["Only headers", "here"], []),
        blocks.Table(["", ""], [["", ""]]),
        blocks.BarChart([], "No figures yet"),
        blocks.BarChart([blocks.Bar("None", 0, "0"), blocks.Bar("Below nought", -3, "-3")], "Nothing and less"),
        blocks.SignatureBlock("", ""),
        blocks.KeepTogether([]),
        blocks.Spacer(5000),
        blocks.Heading(2, "A heading at the very end"),
    ],
    ids=lambda block: type(block).__name__,
)
def test_an_empty_or_odd_block_passes_both_standards(block):
    assert failures(draw(document(block))) == []


def test_a_document_without_letterhead_or_reference_passes_both_standards():
    assert failures(draw(document(blocks.Paragraph("Words"), letterhead=None, reference=""))) == []


def test_an_attached_file_comes_back_byte_for_byte():
    files = [
        Attachment("b.json", b"{}\x00\xff", "application/json", "Facts"),
        Attachment("a.csv", b"1,2", "text/csv", "Rows"),
    ]
    data = draw(document(attachments=files))
    assert failures(data) == []
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert pdf.attachments["b.json"].get_file().read_bytes() == b"{}\x00\xff"
        assert pdf.attachments["a.csv"].get_file().mime_type == "text/csv"
        assert [spec.AFRelationship for spec in pdf.Root.AF] == ["/Data", "/Data"]


def test_the_properties_say_title_language_author_subject_and_the_given_moment():
    with pikepdf.open(io.BytesIO(draw(every_block()))) as pdf:
        assert pdf.Root.Lang == "en-GB"
        assert pdf.Root.ViewerPreferences.DisplayDocTitle
        facts = [str(pdf.docinfo[name]) for name in ("/Title", "/Author", "/Subject", "/CreationDate", "/ModDate")]
        assert facts == ["Award letter", "Durham PCC", "Offer of a grant", "D:20240703093000Z", "D:20240703093000Z"]
        xmp = pdf.open_metadata()
        assert (xmp["dc:title"], xmp["xmp:CreateDate"]) == ("Award letter", "2024-07-03T09:30:00Z")


def test_only_our_own_typeface_is_used_and_it_is_embedded():
    with pikepdf.open(io.BytesIO(draw(document(blocks.Figure(chart(), "A chart"))))) as pdf:
        fonts = [font for page in pdf.pages for font in page.Resources.Font.values()]
        assert {str(font.BaseFont).split("+")[1].split("-")[0] for font in fonts} == {"LiberationSans"}
        assert all("/FontFile2" in font.FontDescriptor for font in fonts)
