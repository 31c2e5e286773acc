"""The PDF, its page and its plain text say the very same words, in the same order."""

import io
from dataclasses import replace

import pypdf

from fund.core.pdf import blocks
from fund.core.pdf.as_html import as_html
from fund.core.pdf.document import draw, plain_text
from fund.core.pdf.typeface import REGULAR, face
from tests.core.pdf.pdf_helpers import document, every_block, page_words, spoken, without_artifacts, words


def test_a_screen_reader_speaks_the_words_of_the_page():
    letter = every_block()
    assert spoken(draw(letter)) == words(plain_text(letter)) == page_words(as_html(letter))


def test_text_extracted_by_another_program_is_the_words_of_the_page():
    pictures = (blocks.Figure, blocks.BarChart, blocks.QrCode)
    letter = every_block()
    *shown, _names = [block for block in letter.blocks if not isinstance(block, pictures)]  # pypdf ignores ActualText
    letter = replace(letter, blocks=shown)
    reader = pypdf.PdfReader(io.BytesIO(without_artifacts(draw(letter))))
    text = " ".join(page.extract_text() for page in reader.pages)
    # pypdf puts a space wherever bold ends, so only the letters are compared; the test above compares the spaces too.
    assert "".join(text.split()) == "".join(plain_text(letter).split()) == "".join(page_words(as_html(letter)).split())


def test_words_that_the_typeface_lacks_are_spoken_as_they_were_written():
    names = "שלום עולם 12, محمد علي, 😀 👨‍👩‍👧 and ✓"
    assert names in spoken(draw(document(blocks.Paragraph(f"Names: {names}."))))


def test_right_to_left_words_stand_in_the_order_in_which_they_are_read():
    pieces = face(REGULAR).pieces("Name: שלום 12 (עולם) x")
    assert [piece.shown for piece in pieces] == ["Name: ", "(םלוע) 12 םולש", " x"]
    assert pieces[1].means == "שלום 12 (עולם)"
