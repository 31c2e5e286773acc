"""What may be uploaded and what is refused, each with a sentence that says what to do (security Q55 to Q63)."""

import io
import tracemalloc
import zipfile

import pikepdf
import pytest
from PIL import Image

from fund.core.problems import Problem
from fund.core.uploads import TYPES, checked
from tests.factories import uploads as make

GOOD = {
    "rules.pdf": make.pdf(),
    "statement.pdf": make.pdf(encryption=pikepdf.Encryption(owner="bank", user="")),
    "rules.docx": make.office("docx"),
    "money.xlsx": make.office("xlsx"),
    "rules.odt": make.open_document("text"),
    "money.ods": make.open_document("spreadsheet"),
    "club.jpg": make.photo(),
    "club.jpeg": make.photo(),
    "club.png": make.photo("PNG"),
    "notes.txt": "We meet on Tuesdays. Café, £5, 3 < 4.\n".encode(),
    "old notes.txt": "Café £5".encode("cp1252"),
}


def look(content: bytes, name: str):
    return checked(content, name, most_megabytes=10)


@pytest.mark.parametrize("name", GOOD)
def test_what_people_have_is_taken(name):
    upload = look(GOOD[name], name)
    assert upload.media_type == TYPES[upload.name.rpartition(".")[2]]
    assert upload.name == name.replace(".jpeg", ".jpg")


def script(document):
    document.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")


def launch(document):
    action = pikepdf.Dictionary(S=pikepdf.Name.Launch, F="calc.exe")
    document.pages[0].Annots = pikepdf.Array([pikepdf.Dictionary(Type=pikepdf.Name.Annot, A=action)])


def attach(document):
    document.attachments["inside.exe"] = b"MZ" + b"\x00" * 80


def lying(content: bytes) -> bytes:
    """The package with sizes that claim to be small."""
    return content.replace((60 * 1024 * 1024).to_bytes(4, "little"), (1000).to_bytes(4, "little"))


def flagged(content: bytes) -> bytes:
    """The package with every part marked as encrypted."""
    changed = bytearray(content)
    for sign, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = changed.find(sign)
        while place >= 0:
            changed[place + at] |= 1
            place = changed.find(sign, place + 4)
    return bytes(changed)


ZEROS = b"<w>" + b" " * (60 * 1024 * 1024 - 3)
ENTITY = '<?xml version="1.0"?><!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]><w>&x;</w>'
OUTSIDE = '<Relationships><Relationship Type="http://x/attachedTemplate" Target="http://x/y.dotm" TargetMode="External"/></Relationships>'
LOCKED, MACROS, BOMB = "locked with a password", "macros or programs", "holds too much when it is unpacked"
NOT_SO, NO_KIND, OUT, DAMAGED = (
    "not what its ending says",
    "not a kind of file we can take",
    "outside itself",
    "is damaged",
)
BAD = {
    "an empty file": (b"", "a.pdf", "is empty"),
    "too large": (b"%PDF-" + b"x" * (10 * 1024 * 1024), "a.pdf", "larger than 10 MB"),
    "a program": (b"MZ\x90\x00" + b"\x00" * 100, "a.exe", NO_KIND),
    "a renamed program": (b"MZ\x90\x00" + b"\x00" * 100, "a.pdf", NOT_SO),
    "a program as text": (b"MZ this is text", "a.txt", NOT_SO),
    "a page": (b"<html><script>alert(1)</script>", "a.html", NO_KIND),
    "a page as text": (b"Hello <script>alert(1)</script>", "a.txt", NOT_SO),
    "a drawing that runs": (b"<svg onload='x'>", "a.svg", NO_KIND),
    "a drawing as a photo": (b"<svg onload='x'>", "a.png", NOT_SO),
    "a script": (b"#!/bin/sh\nrm -rf x", "a.txt", NOT_SO),
    "rich text": (b"{\\rtf1 hello", "a.txt", NOT_SO),
    "no ending": (make.pdf(), "rules", NO_KIND),
    "another ending": (make.pdf(), "rules.docx", NOT_SO),
    "a plain zip": (make.package(("a.txt", "x")), "a.docx", NOT_SO),
    "a zip by name": (make.package(("a.txt", "x")), "a.zip", NO_KIND),
    "word macros": (make.office("docx", ("word/vbaProject.bin", b"x")), "a.docx", MACROS),
    "macros by type": (make.office("docx", ("x.xml", "macroEnabled.main+xml")), "a.docx", MACROS),
    "a macro ending": (make.office("docx"), "a.docm", NO_KIND),
    "basic macros": (make.open_document("text", ("Basic/Standard/Module1.xml", "x")), "a.odt", MACROS),
    "a program inside": (make.office("docx", ("word/media/a.exe", b"MZ")), "a.docx", MACROS),
    "a hidden program": (make.office("docx", ("word/media/a.bin", b"MZ\x90\x00")), "a.docx", MACROS),
    "an outside entity": (make.office("docx", main=ENTITY), "a.docx", OUT),
    "an entity in UTF-16": (make.office("docx", main=ENTITY.encode("utf-16")), "a.docx", OUT),
    "an outside template": (make.office("docx", ("word/_rels/settings.xml.rels", OUTSIDE)), "a.docx", OUT),
    "a bomb of 60 MB": (make.office("docx", main=ZEROS), "a.docx", BOMB),
    "a bomb that lies": (lying(make.office("docx", main=ZEROS)), "a.docx", DAMAGED),
    "very many parts": (make.office("docx", *((f"p{n}.xml", "x") for n in range(2_100))), "a.docx", BOMB),
    "a locked package": (flagged(make.office("docx")), "a.docx", LOCKED),
    "a locked office file": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "a.docx", LOCKED),
    "a locked letter": (make.open_document("text", ("META-INF/manifest.xml", "<encryption-data/>")), "a.odt", LOCKED),
    "a way out": (make.office("docx", ("../../a.xml", "x")), "a.docx", DAMAGED),
    "half a package": (make.office("docx")[:200], "a.docx", DAMAGED),
    "a locked PDF": (make.pdf(encryption=pikepdf.Encryption(owner="o", user="u")), "a.pdf", LOCKED),
    "a PDF with a script": (make.pdf(script), "a.pdf", "programs or other files"),
    "a PDF that starts programs": (make.pdf(launch), "a.pdf", "programs or other files"),
    "a PDF with a file inside": (make.pdf(attach), "a.pdf", "programs or other files"),
    "a broken PDF": (b"%PDF-1.7\nnothing here", "a.pdf", DAMAGED),
    "a PDF that is a zip too": (make.pdf() + make.package(("a.txt", "x")), "a.pdf", NOT_SO),
    "half a photo": (make.photo(size=(400, 300))[:500], "a.jpg", DAMAGED),
    "a flood of pixels": (make.photo("PNG", (9_000, 9_000)), "a.png", "too many pixels"),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_what_could_harm_is_refused_with_a_sentence(case):
    content, name, words = BAD[case]
    with pytest.raises(Problem) as refused:
        look(content, name)
    assert words in refused.value.sentence
    assert refused.value.field == "files"
    assert refused.value.sentence.endswith(".")


@pytest.mark.parametrize("case", ["a bomb of 60 MB", "a bomb that lies", "very many parts"])
def test_a_bomb_takes_little_memory(case):
    content, name, _words = BAD[case]
    tracemalloc.start()
    with pytest.raises(Problem):
        look(content, name)
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 20 * 1024 * 1024


def test_a_word_on_the_border_of_two_pieces_is_found():
    main = b"<w>" + b"x" * (256 * 1024 - 10) + b"<!DOCTYPE w>"
    with pytest.raises(Problem, match="outside itself"):
        look(make.office("docx", main=main), "a.docx")


def test_a_photo_keeps_the_picture_and_loses_the_place_and_the_camera():
    upload = look(make.photo(located=True), "IMG 1.jpeg")
    with Image.open(io.BytesIO(upload.content)) as kept:
        assert not kept.getexif()
        assert kept.size == (30, 40), "it stands upright"
    assert b"A camera" not in upload.content


def test_what_hides_behind_a_photo_is_gone():
    upload = look(make.photo() + make.package(("run.sh", "x")), "club.jpg")
    assert not zipfile.is_zipfile(io.BytesIO(upload.content))


@pytest.mark.parametrize(
    "name",
    ["../../etc/passwd.pdf", "C:\\temp\\a.pdf", "a" * 300 + ".pdf", 'a"b\r\nX: y.pdf', "a\u202efdp.pdf", "CON.pdf", "=1+1.pdf", "<b>.pdf"],
)  # fmt: skip
def test_names_become_harmless(name):
    kept = look(make.pdf(), name).name
    assert kept.endswith(".pdf")
    assert len(kept) <= 120
    assert not set(kept) & set('/\\"\r\n\x00\u202e<>=')
