"""Which recordings are taken: by their content, sound only, not too long, and without the place they were made."""

import pytest

from fund.core.files import SOUNDS
from fund.core.problems import Problem
from fund.core.upload_audio import TYPES, checked
from tests.factories import sounds as make
from tests.factories import uploads as make_file

GOOD = {
    "answer.webm": make.webm(),
    "answer.ogg": make.ogg(),
    "answer.wav": make.wav(),
    "answer.m4a": make.m4a(),
    "answer.mp3": make.mp3(),
    "tagged.mp3": make.mp3(tagged=True),
}


def look(content: bytes, name: str = "answer.webm", **limits):
    return checked(content, name, **{"most_megabytes": 10, "most_minutes": 5, **limits})


@pytest.mark.parametrize("name", GOOD)
def test_what_phones_and_browsers_record_is_taken_with_its_length(name):
    kept = look(GOOD[name], name)
    assert (kept.name, kept.media_type, kept.seconds) == (name, TYPES[name.rpartition(".")[2]], 2)
    assert kept.media_type in SOUNDS


@pytest.mark.parametrize("name", ["answer.exe", "../answer", "answer.html", "New Recording 3.mp4"])
def test_the_name_gets_the_ending_of_what_it_is(name):
    kept = look(make.m4a(), name)
    assert kept.name.endswith(".m4a")
    assert "/" not in kept.name


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"MZ\x90\x00" * 100, "not a recording"),
        (b"<html><script>alert(1)</script>", "not a recording"),
        (b"<svg onload='x'>", "not a recording"),
        (make_file.pdf(), "not a recording"),
        (make_file.photo(), "not a recording"),
        (make_file.office("docx"), "not a recording"),
        (b"\x1aE\xdf\xa3" + b"matroska" * 9, "not a recording"),
        (b"OggS" + b"\0" * 60, "not a recording"),
        (b"RIFF\0\0\0\0AVI LIST", "not a recording"),
        (b"\0\0\0\x18ftypmp42", "not a recording"),
        (make.webm(codec=b"A_OPUS V_VP8"), "is a film"),
        (make.m4a(film=True), "is a film"),
        (b"\xff\xfb\x90\x00" + b"x" * (10 * 1024 * 1024), "larger than 10 MB"),
    ],
)
def test_everything_else_is_refused_with_a_sentence(content, words):
    with pytest.raises(Problem, match=words) as refused:
        look(content)
    assert refused.value.field == "recording"


@pytest.mark.parametrize("kind", ["webm", "ogg", "wav", "m4a", "mp3"])
def test_five_minutes_pass_and_more_is_refused(kind):
    make_it = getattr(make, kind)
    assert look(make_it(300)).seconds == 300
    with pytest.raises(Problem, match="longer than 5 minutes"):
        look(make_it(310))


def test_the_place_a_phone_wrote_into_a_recording_is_gone():
    content = make.m4a(place=b"+54.7753-001.5849+010.000/")
    kept = look(content)
    assert b"+54.7753" not in kept.content
    assert len(kept.content) == len(content), "nothing else moved"
