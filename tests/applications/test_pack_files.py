"""Hostile files are refused with a sentence, in bounded time and memory; honest ones are read however they were saved."""

import io
import random
import time as stopwatch
import tracemalloc
import zipfile

import pytest
from docx import Document
from docx.oxml import parse_xml
from lxml import etree

from applications.answers import values_of
from applications.forms import form_of
from applications.packs.codes import pack_code
from applications.packs.docx_writer import as_docx
from applications.packs.hearing import hear
from applications.packs.odt_writer import as_odt
from applications.packs.reading import read_pack
from applications.packs.sheet import pack_of
from fund.core import clock
from fund.core.problems import Problem
from tests.factories import applications as make_bid

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
TOO_MUCH, DAMAGED, MACROS = "holds too much", "is damaged", "holds macros or programs"
OUTSIDE = "calls for things outside itself"


def docx_of(application, values=None) -> bytes:
    return as_docx(pack_of(application.round, form_of(application), values or {}, application), clock.now())


def changed(content: bytes, parts: dict[str, bytes], without: str = "") -> bytes:
    """The package with parts put in or replaced; deflated, as a word processor would."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new,
    ):
        for part in old.infolist():
            if part.filename not in parts and part.filename != without:
                new.writestr(part.filename, old.read(part))
        for name, body in parts.items():
            new.writestr(name, body)
    return out.getvalue()


def body(xml: str) -> bytes:
    return f'<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="{W}"><w:body>{xml}</w:body></w:document>'.encode()  # fmt: skip


def noise(size: int) -> bytes:
    """Bytes that hardly pack, so that a bomb is not found by its ratio alone."""
    return random.Random(7).randbytes(size // 60) * 60


NESTED = "<w:sdt>" * 5_000 + "</w:sdt>" * 5_000
HOSTILE = {
    "a bomb of 60 MB": (lambda pack: changed(pack, {"word/media/a.xml": b"0" * 60 * 1024 * 1024}), TOO_MUCH),
    "a bomb of 60 MB that packs badly": (lambda pack: changed(pack, {"word/media/a.bin": noise(60 * 1024 * 1024)}), TOO_MUCH),
    "a document type": (lambda pack: changed(pack, {"word/document.xml": b'<!DOCTYPE x SYSTEM "http://127.0.0.1/x">' + body("")}), OUTSIDE),
    "an external entity": (
        lambda pack: changed(pack, {"word/document.xml": b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>' + body("<w:p><w:r><w:t>&e;</w:t></w:r></w:p>")}), OUTSIDE),
    "a document type in UTF-7": (
        lambda pack: changed(pack, {"word/document.xml": b'<?xml version="1.0" encoding="UTF-7"?>+ADwAIQ-DOCTYPE x+AD4-<x/>'}), DAMAGED),
    "a billion laughs in UTF-16": (
        lambda pack: changed(pack, {"word/document.xml": '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE x [<!ENTITY a "ha">]><x>&a;</x>'.encode("utf-16")}), OUTSIDE),
    "macros": (lambda pack: changed(pack, {"word/vbaProject.bin": b"macro"}), MACROS),
    "a program inside": (lambda pack: changed(pack, {"word/media/picture.png": b"MZ\x90\x00" + b"\x00" * 100}), MACROS),
    "a renamed program": (lambda pack: b"MZ\x90\x00" + b"\x00" * 5_000, "is not what its ending says"),
    "another package inside": (lambda pack: changed(pack, {"word/embeddings/more.docx": pack}), "other packed files inside"),
    "a path outside": (lambda pack: changed(pack, {"../../etc/cron.d/x": b"x"}), DAMAGED),
    "a path with backslashes": (lambda pack: changed(pack, {"word\\..\\..\\x.xml": b"<x/>"}), DAMAGED),
    "seven megabytes of text": (lambda pack: changed(pack, {"word/document.xml": body("<w:p><w:r><w:t>" + "lorem ipsum %d " * 500_000 + "</w:t></w:r></w:p>")}), TOO_MUCH),
    "a million small tags": (lambda pack: changed(pack, {"word/document.xml": body("<w:p/>" * 900_000)}), TOO_MUCH),
    "a hundred thousand tables": (lambda pack: changed(pack, {"word/document.xml": body("<w:tbl></w:tbl>" * 100_000)}), TOO_MUCH),
    "five thousand levels": (lambda pack: changed(pack, {"word/document.xml": body(NESTED)}), DAMAGED),
    "no document": (lambda pack: changed(pack, {}, without="word/document.xml"), DAMAGED),
    "no XML": (lambda pack: changed(pack, {"word/document.xml": b"\xff\xfe not xml"}), DAMAGED),
    "half a file": (lambda pack: pack[: len(pack) // 2], DAMAGED),
    "nothing": (lambda pack: b"", "is empty"),
}  # fmt: skip


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_file_is_refused_with_a_sentence(draft, what):
    make_it, sentence = HOSTILE[what]
    content = make_it(docx_of(draft))
    began = stopwatch.process_time()
    tracemalloc.start()
    try:
        with pytest.raises(Problem) as refused:
            read_pack(content, "our bid.docx", draft.round, form_of(draft), most_megabytes=10)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert sentence in refused.value.sentence
    assert refused.value.field == "pack"
    assert stopwatch.process_time() - began < 4
    assert peak < 60 * 1024 * 1024


def test_the_page_says_it_and_keeps_the_bid(as_, lead, draft):
    content = changed(docx_of(draft), {"word/vbaProject.bin": b"macro"})
    answer = as_(lead).post(f"/applications/{draft.id}/pack", data={"pack": (io.BytesIO(content), "bid.docx")}, content_type="multipart/form-data")  # fmt: skip
    assert "“bid.docx” holds macros or programs." in answer.text
    assert values_of(draft)["title"] == "Evening club"
    assert "Choose the file with your answers" in as_(lead).post(f"/applications/{draft.id}/pack", data={}).text


def odt_with_rows(application, times: str) -> bytes:
    content = as_odt(pack_of(application.round, form_of(application), {}, application), clock.now())
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        xml = package.read("content.xml").decode()
    return changed(content, {"content.xml": xml.replace("<table:table-cell ", f'<table:table-cell table:number-columns-repeated="{times}" ').encode()})  # fmt: skip


def test_repeated_cells_do_not_grow_without_end(draft):
    """An OpenDocument cell may say that it stands there two hundred million times."""
    content = odt_with_rows(draft, "99999999")
    began = stopwatch.process_time()
    read = read_pack(content, "a.odt", draft.round, form_of(draft), most_megabytes=10)
    assert max(len(row) for rows in read.boxes.values() for row in rows) < 1_000
    assert stopwatch.process_time() - began < 4


@pytest.mark.proof
def test_ten_thousand_lines_in_one_table_are_not_each_read_through_a_form(draft):
    code = box(opened(draft), draft, "risks").cell(0, 0).text
    lines = "<w:tr><w:tc><w:p/></w:tc><w:tc><w:p><w:r><w:t>Risk</w:t></w:r></w:p></w:tc></w:tr>" * 10_000
    first = f"<w:tr><w:tc><w:p><w:r><w:t>{code}</w:t></w:r></w:p></w:tc></w:tr>"
    pack = f"<w:p><w:r><w:t>{pack_code(draft.round, form_of(draft))}</w:t></w:r></w:p>"
    content = changed(docx_of(draft), {"word/document.xml": body(f"{pack}<w:tbl>{first}{lines}</w:tbl>")})
    began = stopwatch.process_time()
    read = read_pack(content, "a.docx", draft.round, form_of(draft), most_megabytes=10)
    heard = heard_in(read, draft, "risks")
    assert stopwatch.process_time() - began < 6
    assert heard.value is None
    assert "Enter at most 60 risks." in heard.sentences
    assert read.loose[-1][1].endswith("more pieces of text. Look through your file.")


# What people really do with a file ------------------------------------------------------------------------------------


def opened(application, values=None):
    return Document(io.BytesIO(docx_of(application, values)))


def box(sheet, application, key: str):
    """The table of one question."""
    place = [each.key for each in form_of(application).questions].index(key) + 1
    return next(table for table in sheet.tables if table.cell(0, 0).text.startswith(f"{place:02d}-"))


def read_again(sheet, application):
    out = io.BytesIO()
    sheet.save(out)
    return read_pack(out.getvalue(), "a.docx", application.round, form_of(application), most_megabytes=10)


def heard_in(read, application, key: str):
    return hear(form_of(application).by_key[key], read.boxes[key])


def test_words_outside_every_box_are_shown_and_not_lost(lead):
    application = make_bid.draft(lead)
    sheet = opened(application)
    sheet.add_paragraph("We wrote this at the very end.")
    box(sheet, application, "Q1").cell(0, 0).paragraphs[0].add_run(" in the wrong column")
    box(sheet, application, "Q4").rows[0].cells[0].text = "no code any more"
    read = read_again(sheet, application)
    loose = [text for _where, text in read.loose]
    assert "We wrote this at the very end." in loose
    assert "in the wrong column" in loose
    assert "no code any more" in loose


def test_more_loose_words_than_a_page_can_show_are_counted(lead):
    application = make_bid.draft(lead)
    sheet = opened(application)
    for number in range(70):
        sheet.add_paragraph(f"Stray words {number}")
    assert read_again(sheet, application).loose[-1] == [
        "At other places",
        "10 more pieces of text. Look through your file.",
    ]


def test_a_list_takes_one_tick_and_says_what_is_not_a_tick(lead):
    application = make_bid.draft(lead)
    sheet = opened(application)
    level = box(sheet, application, "level")
    level.cell(1, 1).text = "✓"
    read = read_again(sheet, application)
    assert heard_in(read, application, "level").value == "secondary"
    level.cell(0, 1).text = "x"
    twice = heard_in(read_again(sheet, application), application, "level")
    assert twice.value is None
    assert twice.sentences == ["You ticked 2. Choose one."]
    level.cell(0, 1).text = "perhaps"
    assert "“perhaps” beside" in heard_in(read_again(sheet, application), application, "level").sentences[0]


def test_a_table_takes_more_lines_and_names_the_cell_it_does_not_understand(lead):
    application = make_bid.draft(lead)
    sheet = opened(application)
    budget = box(sheet, application, "budget")
    for place, line in enumerate((["Salaries", "Coach", "80", "hours", "17.50"], ["Travel", "Bus", "lots", "", "£4"])):
        for column, text in enumerate(line, 1):
            budget.cell(place + 1, column).text = text
    for cell, text in zip(budget.add_row().cells, ["", "other", "Hall", "12", "weeks", "20"], strict=True):
        cell.text = text
    heard = heard_in(read_again(sheet, application), application, "budget")
    assert [(row["heading"], row["amount_pence"]) for row in heard.value] == [("Salaries", 140_000), ("Travel", 400), ("Other", 24_000)]  # fmt: skip
    assert heard.sentences == ["Line 2, How many? “lots”: Enter how many, like 12 or 1.5."]


START, END = "When will the work start?", "When will it end?"


def test_what_is_written_beside_a_box_is_said(draft):
    heard = hear(form_of(draft).by_key["dates"], [[1, f"{START} In June we hope", ""], [2, END, "31 May 2027"]])
    assert heard.value == {"end": "2027-05-31"}
    assert heard.sentences == ["“In June we hope” is beside the box, not in it."]


@pytest.mark.parametrize(
    "text", ["1 June 2026", "1/6/2026", "01.06.2026", "2026-06-01", "Mon 1st June 2026", "1–6–2026"]
)
def test_a_day_is_understood_as_people_write_it(draft, text):
    heard = hear(form_of(draft).by_key["dates"], [[1, START, text], [2, END, "31 May 2027"]])
    assert heard.value == {"start": "2026-06-01", "end": "2027-05-31"}
    assert not heard.sentences


def test_a_day_that_is_not_one_is_said(draft):
    heard = hear(form_of(draft).by_key["dates"], [[1, START, "31 February 2026"], [2, END, "soon"]])
    assert heard.value is None
    assert len(heard.sentences) == 2
    assert "Enter a real date" in heard.sentences[0]


def test_suggested_changes_are_read_as_accepted_and_controls_and_notes_are_read(lead):
    application = make_bid.draft(lead)
    sheet = opened(application)
    cell = box(sheet, application, "Q1").cell(0, 1)
    cell._tc.append(parse_xml(
        f'<w:p xmlns:w="{W}"><w:del><w:r><w:delText>Old.</w:delText></w:r></w:del><w:ins><w:r><w:t>New</w:t></w:r></w:ins>'
        f"<w:sdt><w:sdtContent><w:r><w:t> words.</w:t></w:r></w:sdtContent></w:sdt><w:r><w:txbxContent><w:p><w:r><w:t>A box</w:t></w:r></w:p></w:txbxContent></w:r></w:p>"
    ))  # fmt: skip
    read = read_again(sheet, application)
    assert heard_in(read, application, "Q1").value == "New words."
    assert ["In a note, a comment or a text box", "A box"] in read.loose


def test_changes_on_record_in_an_opendocument_text_leave_out_what_was_deleted(lead):
    application = make_bid.draft(lead)
    content = as_odt(pack_of(application.round, form_of(application), {"Q1": "Kept."}, application), clock.now())
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        tree = etree.fromstring(package.read("content.xml"))
    text = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"
    body = tree.find(".//{urn:oasis:names:tc:opendocument:xmlns:office:1.0}text")
    body.insert(0, etree.fromstring(f'<t:tracked-changes xmlns:t="{text}"><t:changed-region><t:deletion><t:p>Gone.</t:p></t:deletion></t:changed-region></t:tracked-changes>'))  # fmt: skip
    read = read_pack(changed(content, {"content.xml": etree.tostring(tree)}), "a.odt", application.round, form_of(application), most_megabytes=10)  # fmt: skip
    assert heard_in(read, application, "Q1").value == "Kept."
    assert read.loose == []


def test_a_pack_of_another_round_is_refused_and_one_without_its_code_too(lead, draft):
    other = make_bid.draft(lead)
    with pytest.raises(Problem, match="belongs to another round"):
        read_pack(docx_of(other), "a.docx", draft.round, form_of(draft), most_megabytes=10)
    sheet = Document()
    sheet.add_paragraph("A letter about something else")
    with pytest.raises(Problem, match="cannot find the code of a form pack"):
        read_again(sheet, draft)


def test_a_pack_of_an_older_version_of_the_form_finds_its_questions_by_their_codes(as_, lead):
    """The form was renumbered and changed after the pack was made: every answer is asked about, and the page says why."""
    application = make_bid.draft(lead)
    content = docx_of(application, {"title": "Chess club", "Q2": "From parents."})
    xml = zipfile.ZipFile(io.BytesIO(content)).read("word/document.xml").decode()
    code = f"PACK-{application.round_id}-1-"
    older = changed(content, {"word/document.xml": xml.replace(code, f"PACK-{application.round_id}-0-").replace(">07-", ">31-").encode()})  # fmt: skip
    answer = as_(lead).post(
        f"/applications/{application.id}/pack", data={"pack": (io.BytesIO(older), "bid.docx")},
        content_type="multipart/form-data", follow_redirects=True,
    )  # fmt: skip
    assert "The form has changed since this pack was made" in answer.text
    assert answer.text.count("New answer, please look") == 2
