"""What people type is words and nothing else; whatever it is, a readable letter comes out, and soon."""

import io
import time

import pypdf
import pytest

from fund.core.pdf import blocks
from fund.core.pdf.as_html import as_html
from fund.core.pdf.document import Document, draw, plain_text
from fund.core.pdf.lines import break_lines, line_width
from fund.core.pdf.runs import Bold, Link, plain
from tests.core.pdf.pdf_helpers import document, failures, page_words, spoken, words

MARKUP = [
    "Smith <Ltd>",
    '<img src="file:///etc/passwd"/>',
    "&amp; &lt;b&gt; &#65;",
    "<b>bold</b> <font color='red'>red</font> <br/> <para>",
    '<a href="javascript:alert(1)">x</a>',
    "<font color=\"[[[getattr(pow, Word('__globals__'))['os'].system('touch x') for Word in [str]]]]\">x</font>",
    "<!-- gone --> <![CDATA[gone]]> <?gone?>",
    "</p></body><script>alert(1)</script>",
    "{{ 7 * 7 }} {% raw %} %s ${x} {0}",
    "(unbalanced \\ parentheses (( \\) ET Q endstream",
    "<onDraw name='x' label='y'/> <seq id='x'/> <index item='x'/>",
    "--- === *** `code` [words](http://x)",
]
STRANGE = [
    "\x00NUL \x1b[31m \x08 \x7f \x85 end",
    "\ud800 high \udc00 low",
    "\ufffe \uffff \ufdd0 none",
    "\u202eevil\u202c \u2066x\u2069 \u200f.",
    "😀 👨‍👩‍👧 🏴󠁧󠁢󠁷󠁬󠁳󠁿 1️⃣ ❤️",
    "שָׁלוֹם (שלום) עולם 12.50 ok",
    "محمد علي, 中文, हिन्दी",
    "Z̸̡̢͔̘͎̲͔̏̈́̌͜ạ̷͝l̶go a\u0301\u0301",
    "\ue000 private \U0010ffff \U000e0041",
    "ﬁne １２３ ½ ⅞ x² non‑breaking ✓ → ≥",
    "tab\tand\u3000wide\u2003space\xa0kept",
    "one\r\ntwo\rthree\u2028four\vfive",
]


@pytest.mark.parametrize("text", MARKUP)
def test_markup_stands_as_it_was_typed_everywhere(text):
    letter = document(
        blocks.Paragraph([text, " ", Bold(text), " ", Link(text, "https://fund.example/")]),
        blocks.Heading(2, text),
        blocks.BulletList([text]),
        blocks.KeyValue([(text, text)]),
        blocks.Table([text], [[text]], caption=text, total=[text]),
        blocks.BarChart([blocks.Bar(text, 1, text)], text),
        blocks.QrCode(text, text, text),
        blocks.SignatureBlock(text, text, text),
        letterhead=blocks.Letterhead(text, [text]),
    )
    data = draw(letter)
    assert failures(data) == []
    assert spoken(data) == words(plain_text(letter)) == page_words(as_html(letter))
    assert spoken(data).count(words(text)) == 21


@pytest.mark.parametrize("text", STRANGE)
def test_strange_characters_draw_something_and_break_neither_standard(text):
    letter = Document(
        text,
        [
            blocks.Heading(1, text),
            blocks.Paragraph(text),
            blocks.Table([text], [[text]]),
            blocks.QrCode("x", text, text),
        ],
        document().created_at,
        blocks.Letterhead(text, [text]),
        reference=text,
        author=text,
        subject=text,
    )
    data = draw(letter)
    assert failures(data) == []
    assert spoken(data) == words(plain_text(letter)) == page_words(as_html(letter))


def test_what_the_typeface_lacks_shows_as_a_square():
    reader = pypdf.PdfReader(io.BytesIO(draw(document(blocks.Paragraph("Smile 😀 please")))))
    assert "Smile □ please" in words(reader.pages[0].extract_text())


def test_marks_that_turn_text_round_are_left_out():
    assert plain_text(document(blocks.Paragraph("safe\u202egnp.exe"))).endswith("safegnp.exe")


@pytest.mark.parametrize("letter", ["a", *(pytest.param(each, marks=pytest.mark.proof) for each in "😀ש")])
def test_a_word_of_a_million_letters_is_broken_and_takes_less_than_five_seconds(letter):
    started = time.process_time()
    draw(document(blocks.Paragraph(letter * 1_000_000)))
    assert time.process_time() - started < 5


@pytest.mark.proof
def test_a_table_cell_of_a_million_letters_runs_over_pages_and_takes_less_than_five_seconds():
    started = time.process_time()
    data = draw(document(blocks.Table(["Name", "Reason"], [["x", "a" * 1_000_000]])))
    assert time.process_time() - started < 5
    assert len(pypdf.PdfReader(io.BytesIO(data)).pages) > 50


def test_a_long_word_loses_no_letter():
    word = "".join(chr(97 + number % 26) for number in range(5000))
    assert word in spoken(draw(document(blocks.Paragraph(["Before ", word, " after"]))))


@pytest.mark.parametrize(
    "text", ["W" * 500, "one two three " * 50, "שלום " * 99, ["a" * 30, Bold("b" * 90), " c"], "\n", ""]
)
@pytest.mark.parametrize("width", [1, 30, 200])
def test_no_line_is_wider_than_its_room(text, width):
    lines = break_lines(text, 10, width)
    shown = [fragment for line in lines for fragment in line]
    assert words("".join(fragment.text for fragment in shown)) == words(plain(text))
    for line in lines:
        assert line_width(line, 10) <= width or sum(len(fragment.text.rstrip()) for fragment in line) == 1


@pytest.mark.parametrize("address", ["javascript:alert(1)", "file:///etc/passwd", "data:text/html,x", "/relative", ""])
def test_a_link_to_anything_but_the_web_mail_or_a_telephone_is_refused(address):
    with pytest.raises(ValueError, match="must lead to"):
        Link("words", address)
