"""What stands where: page numbers, tables over several pages, links and figures for screen readers, headings."""

import io
import subprocess
import sys

import pikepdf
import pypdf
import pytest

from fund.core.pdf import blocks
from fund.core.pdf.document import Document, draw
from fund.core.pdf.runs import Link
from tests.core.pdf.pdf_helpers import MOMENT, OFFER, document, elements, every_block, words

LONG = "Words that fill the page and go on. " * 30


def pages(data: bytes) -> list[str]:
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages]


def test_every_page_says_which_of_how_many_it_is():
    texts = pages(draw(every_block()))
    assert len(texts) > 3
    for number, text in enumerate(texts, start=1):
        assert f"Page {number} of {len(texts)}" in text
        assert "VPF-2024-0042" in text


def test_page_numbers_and_running_heads_are_not_read_aloud():
    read = " ".join(text for _, text in elements(draw(every_block())))
    assert "Page 1 of" not in read
    assert read.count("Durham Police and Crime Commissioner") == 1


def test_a_table_of_200_rows_repeats_its_header_on_each_page_and_reads_it_once():
    rows = [[f"Row {number}", f"{number}"] for number in range(200)]
    data = draw(document(blocks.Table(["Ward", "Figure"], rows, numeric=[1])))
    texts, read = pages(data), elements(data)
    assert len(texts) > 4
    assert all("Ward" in text and "Figure" in text for text in texts)
    headers = [text for path, text in read if path.endswith("/TH") and text.strip()]
    assert headers == ["Ward", "Figure"]
    cells = [text for path, text in read if path.endswith("/TBody/TR/TD") and text.strip()]
    assert cells == [cell for row in rows for cell in row]


def test_header_cells_say_what_they_head():
    with pikepdf.open(io.BytesIO(draw(every_block()))) as pdf:
        scopes = [
            str(thing.A.Scope)
            for thing in pdf.objects
            if isinstance(thing, pikepdf.Dictionary) and thing.get("/S") == "/TH"
        ]
    assert scopes.count("/Column") == 6
    assert scopes.count("/Row") == 5  # two of the summary, two instalments, the total


def test_a_short_table_is_not_cut_by_the_end_of_the_page():
    rows = [["First", "£1.00"], ["Second", "£2.00"], ["Third", "£3.00"]]
    for filler in range(300, 700, 25):
        texts = pages(draw(document(blocks.Spacer(filler), blocks.Paragraph("x"), blocks.Table(["Part", "Sum"], rows))))
        assert len([text for text in texts if "Part" in text or "Third" in text]) == 1


def test_a_heading_is_never_the_last_thing_on_a_page():
    for filler in range(300, 700, 10):
        texts = pages(
            draw(
                document(
                    blocks.Spacer(filler), blocks.Paragraph("x"), blocks.Heading(2, "Kept"), blocks.Paragraph(LONG)
                )
            )
        )
        assert any("Kept" in text and "Words that fill" in text.split("Kept")[1] for text in texts)


def test_what_is_kept_together_stays_on_one_page():
    parts = [blocks.Paragraph("Yours sincerely"), blocks.SignatureBlock("Joy Allen", "Commissioner")]
    for filler in range(300, 700, 20):
        texts = pages(draw(document(blocks.Spacer(filler), blocks.Paragraph("x"), blocks.KeepTogether(parts))))
        assert any("Yours sincerely" in text and "Commissioner" in text.split("Joy Allen")[-1] for text in texts)


def test_a_page_break_begins_a_page_but_never_an_empty_one():
    assert len(pages(draw(document(blocks.PageBreak(), blocks.PageBreak(), blocks.Paragraph("x"))))) == 2


def test_a_link_over_two_lines_is_one_element_with_both_places_and_its_words():
    data = draw(document(blocks.Paragraph(["Read ", Link("how to accept the offer online " * 5, OFFER), "now"])))
    with pikepdf.open(io.BytesIO(data)) as pdf:
        notes = list(pdf.pages[0].Annots)
        assert {str(note.A.URI) for note in notes} == {OFFER}
        assert len(notes) == 2
        assert all(str(note.Contents).startswith("how to accept") for note in notes)
        numbers = list(pdf.Root.StructTreeRoot.ParentTree.Nums)
        owners = {numbers[numbers.index(int(note.StructParent)) + 1].objgen for note in notes}
        assert len(owners) == 1
        kinds = [str(kid.Type) for kid in pdf.get_object(owners.pop()).K]
        assert sorted(kinds) == ["/MCR", "/MCR", "/OBJR", "/OBJR"] or kinds.count("/OBJR") == 2


def test_an_address_outside_ascii_is_written_as_the_web_writes_it():
    data = draw(document(blocks.Paragraph(Link("Siân", "https://fund.example/siân pages"))))
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert str(pdf.pages[0].Annots[0].A.URI) == "https://fund.example/si%C3%A2n%20pages"


def test_every_picture_is_a_figure_with_words():
    figures = [text.strip() for path, text in elements(draw(every_block())) if path.endswith("/Figure")]
    assert figures == [
        "Targets by March\nSessions held 96\nVolunteers & more 12",
        "Sessions by quarter: 3, 5 and 8",
        "QR code of the page that checks this letter",
    ]


def test_a_chart_of_more_bars_than_a_page_holds_goes_on_and_says_each_bar_once():
    bars = [blocks.Bar(f"Ward {number} with a rather long name, " * 9, number, f"£{number}.00") for number in range(45)]
    data = draw(document(blocks.BarChart(bars, "Spending by ward")))
    said = " ".join(text for path, text in elements(data) if path.endswith("/Figure"))
    assert [said.count(f"£{number}.00") for number in range(45)] == [1] * 45
    assert said.count("Spending by ward") == 1
    assert all(f"£{number}.00" in " ".join(pages(data)) for number in range(45))


def test_many_words_beside_a_code_stand_below_it_and_go_on_to_the_next_page():
    texts = pages(draw(document(blocks.QrCode("x", "A code", LONG * 9 + "The end."))))
    assert len(texts) > 1
    assert "The end." in words(texts[-1])


def test_list_items_are_tagged_with_label_and_body():
    found = [
        (path.split("/")[-1], text)
        for path, text in elements(draw(document(blocks.NumberedList(["Sign", "Report"]))))
        if "/L/" in path
    ]
    assert [pair for pair in found if pair[1].strip()] == [
        ("Lbl", "1."),
        ("LBody", "Sign"),
        ("Lbl", "2."),
        ("LBody", "Report"),
    ]


def test_headings_are_bookmarks():
    outline = pypdf.PdfReader(io.BytesIO(draw(every_block()))).outline
    assert [entry.title for entry in outline[1] if not isinstance(entry, list)] == ["What we ask of you", "When we pay"]


@pytest.mark.parametrize("levels", [(2,), (1, 3), (1, 2, 4), (0,), (1, 7)])
def test_headings_that_skip_a_level_are_refused(levels):
    with pytest.raises(ValueError, match="Heading level"):
        Document("Title", [blocks.Heading(level, "x") for level in levels], MOMENT)


def test_a_document_needs_a_title_a_language_and_a_moment_in_utc():
    with pytest.raises(ValueError, match="title"):
        Document(" \u200b", [], MOMENT)
    with pytest.raises(ValueError, match="UTC"):
        Document("Title", [], MOMENT.replace(tzinfo=None))
    with pytest.raises(ValueError, match="language"):
        Document("Title", [], MOMENT, language="English")


def test_a_table_with_a_missing_cell_is_refused():
    with pytest.raises(ValueError, match="one cell"):
        blocks.Table(["a", "b"], [["1", "2"], ["3"]])


def test_the_frame_needs_neither_flask_nor_the_database():
    code = (
        "import sys, fund.core.pdf.as_html; print([m for m in ('flask', 'sqlalchemy', 'werkzeug') if m in sys.modules])"
    )
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"
    )
