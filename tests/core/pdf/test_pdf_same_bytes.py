"""The same document is the same bytes: twice, in threads, on another date, in another country, on another machine."""

import hashlib
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from fund.core.pdf import blocks
from fund.core.pdf.document import draw
from tests.core.pdf.pdf_helpers import document, every_block

ELSEWHERE = """
import hashlib, importlib.resources, sys, time
then = time.time() + 400 * 24 * 3600
time.time = lambda: then
sys.path[:0] = [{root!r}, {helpers!r}]
from tests.core.pdf.pdf_helpers import document, every_block
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from fund.core.pdf.document import draw
path = str(importlib.resources.files("fund.core.pdf") / "fonts" / "LiberationSans-Regular.ttf")
pdfmetrics.registerFont(TTFont("Somebody else's", path))
draw(document())
print(hashlib.sha256(draw(every_block())).hexdigest())
"""
SETTINGS = {
    "TZ": "Pacific/Auckland",
    "LANG": "tr_TR.UTF-8",
    "LC_ALL": "C",
    "PYTHONHASHSEED": "7",
    "SOURCE_DATE_EPOCH": "1",
    # ReportLab takes each of its settings from such a variable.
    "RL_pageCompression": "1",
    "RL_useA85": "0",
    "RL_invariant": "0",
    "RL_ttfAsciiReadable": "1",
    "RL_canvas_basefontname": "Courier",
}


def test_drawn_twice_the_bytes_are_the_same():
    once = every_block()
    assert draw(once) == draw(once) == draw(every_block())


def test_drawn_on_another_day_in_another_place_the_bytes_are_the_same(tmp_path):
    code = ELSEWHERE.format(root=str(Path(__file__).parents[3]), helpers=str(Path(__file__).parent))
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, **SETTINGS},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == hashlib.sha256(draw(every_block())).hexdigest()


def test_drawn_in_four_threads_at_once_the_bytes_are_the_same():
    with ThreadPoolExecutor(4) as threads:
        drawn = set(threads.map(lambda _: draw(every_block()), range(8)))
    assert drawn == {draw(every_block())}


def test_another_word_or_another_moment_gives_other_bytes():
    first = document(blocks.Paragraph("One hundred pounds"))
    later = replace(first, created_at=first.created_at + timedelta(seconds=1))
    other = document(blocks.Paragraph("Two hundred pounds"))
    assert len({draw(first), draw(later), draw(other)}) == 3


def test_nothing_is_compressed_because_builds_of_zlib_differ():
    assert b"/FlateDecode" not in draw(every_block())
