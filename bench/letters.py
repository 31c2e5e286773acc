"""Measure letters: `python -m bench.letters [--count 1000] [--day] [--signed]`.

A thousand award letters against bare ReportLab (Platypus, no tags, no archive, no fingerprint) drawing the same words in
the same paragraphs, lists and tables; the ratio says what accessible, archivable and repeatable cost on any machine. Both
take turns, so that a busy machine slows both. `--signed` signs ours with a self-made certificate (RSA, 2,048 bits). `--day` also reads and sends an award day of 34 offers and 28 refusals.
"""

import argparse
import hashlib
import io
import statistics
import tempfile
import time
from dataclasses import replace
from functools import cache
from pathlib import Path
from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.platypus import ListFlowable, PageBreak, SimpleDocTemplate, Spacer
from reportlab.platypus import Paragraph as PlatypusParagraph
from reportlab.platypus import Table as PlatypusTable

from awards import letter_batches, offers
from awards.conditions import planned_conditions
from awards.letter_templates import example_facts
from awards.letter_words import document_of
from fund.core import clock
from fund.core.certificates import read_certificate
from fund.core.database import db
from fund.core.pdf import blocks
from fund.core.pdf.as_html import as_html
from fund.core.pdf.document import Document, draw, draw_to_sign, walk
from fund.core.pdf.runs import plain
from fund.core.pdf.signing import fill_place

TURN = 20  # letters of one kind before the other has its turn
OFFERS, REFUSALS = 34, 28
STYLES = getSampleStyleSheet()


def facts(number: int) -> dict:
    """An award letter with all standard conditions, unlike its neighbours."""
    rows = planned_conditions(None, [f"Tell us the dates of evening {number} before you begin."])
    conditions = [[each.number, each.title, each.text, each.gate] for each in rows]
    own = {"reference": f"VPF-2026-{number:04d}", "organisation": f"Marra Mentors {number}", "conditions": conditions}
    return example_facts("award") | own


def bare(document: Document) -> bytes:
    """The same words drawn by Platypus, as one would without any of the demands."""
    out = io.BytesIO()
    flowables = [flowable for block in walk(document.parts) for flowable in _flowables(block)]
    SimpleDocTemplate(out, pagesize=A4, title=document.title).build(flowables)
    return out.getvalue()


def _flowables(block) -> list:
    words = [_paragraph(line) for line in block.lines() if line]
    if isinstance(block, blocks.Heading):
        return [PlatypusParagraph(escape(plain(block.text)), STYLES[f"Heading{block.level}"])]
    if isinstance(block, blocks.Table):
        return [_table([[plain(cell) for cell in row] for row in block.all_rows()])]
    if isinstance(block, blocks.KeyValue):
        return [_table([[plain(key), plain(value)] for key, value in block.rows])]
    if isinstance(block, blocks.NumberedList | blocks.BulletList):
        items = [_paragraph(plain(item.text)) for item in block.entries()]
        return [ListFlowable(items, bulletType="1" if isinstance(block, blocks.NumberedList) else "bullet")]
    if isinstance(block, blocks.PageBreak):
        return [PageBreak()]
    if isinstance(block, blocks.KeepTogether):
        return []  # what is inside comes by itself
    return [*words, Spacer(1, 6)]


def _paragraph(text: str) -> PlatypusParagraph:
    return PlatypusParagraph(escape(text).replace("\n", "<br/>"), STYLES["BodyText"])


def _table(rows: list[list[str]]) -> PlatypusTable:
    cells = [[_paragraph(cell) for cell in row] for row in rows]
    return PlatypusTable(cells, style=[("GRID", (0, 0), (-1, -1), 0.5, colors.grey)])


def measure(count: int, signed: bool = False) -> None:
    """Ours includes reading the template, filling its fields and the fingerprint; bare ReportLab finds its words ready."""
    letter = signed_letter if signed else unsigned_letter
    for number in range(3):
        letter(number), bare(document_of(facts(number)))
    ours, theirs, size = [], [], 0
    for start in range(0, count, TURN):
        numbers = range(start, min(start + TURN, count))
        ready = [document_of(facts(number)) for number in numbers]
        began = time.process_time()
        size += sum(letter(number) for number in numbers)
        middle = time.process_time()
        for document in ready:
            bare(document)
        ours.append((middle - began) / len(numbers))
        theirs.append((time.process_time() - middle) / len(numbers))
    mine, bare_seconds = statistics.median(ours), statistics.median(theirs)
    print(f"{count} {'signed ' if signed else ''}letters of {size / count / 1000:.0f} kB: {mine * 1000:.1f} ms each, bare ReportLab {bare_seconds * 1000:.1f} ms.")  # fmt: skip
    print(f"Ratio: {mine / bare_seconds:.2f} (processor time, medians of turns of {TURN})")


def unsigned_letter(number: int) -> int:
    pdf = draw(document_of(facts(number)))
    hashlib.sha256(pdf).hexdigest()
    return len(pdf)


def signed_letter(number: int) -> int:
    opened, mark, sha256 = draw_to_sign(replace(document_of(facts(number)), to_be_signed="Digital signature"))
    pdf = fill_place(opened, mark, _certificate().sign(sha256, now=clock.now()))
    hashlib.sha256(pdf).hexdigest()
    return len(pdf)


@cache
def _certificate():
    from tests.factories import certificates

    with tempfile.TemporaryDirectory(prefix="fund-bench-") as folder:
        return read_certificate(certificates.certificate_file(Path(folder), ends=2100), certificates.PASSWORD)


def award_day() -> None:
    """Read all letters of an award day, then approve, make and queue them, in a database of its own."""
    from tests.factories import awards as given
    from tests.factories import fund as make
    from wsgi import create_app

    with tempfile.TemporaryDirectory(prefix="fund-bench-") as folder:
        app = create_app(Path(folder), env="test", secret_key="a key for measuring that is long enough")
        with app.app_context():
            db.create_all()
            round = make.round(pot_pence=OFFERS * 1_000_000)
            first, second = given.two_deciders(round)
            for number in range(OFFERS + REFUSALS):
                given.proposed(given.bid(round), "offer" if number < OFFERS else "reject", by=first)
            db.session.commit()
            began = time.perf_counter()
            for each in letter_batches.decisions_in(round, letter_batches.ready_in(round)):
                as_html(document_of(offers.planned_letter(each, now=clock.now())))
            read = time.perf_counter()
            letter_batches.start_batch(round, by=second, now=clock.now())
            db.session.commit()
            sent = letter_batches.work_off(clock.now())
            print(f"Award day: {sent} letters read in {read - began:.1f} s, approved, made and queued in {time.perf_counter() - read:.1f} s.")  # fmt: skip
            db.session.remove()
            db.engine.dispose()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.letters")
    parser.add_argument("--count", type=int, default=1000, help="how many letters to draw")
    parser.add_argument("--day", action="store_true", help="also read and send the letters of an award day")
    parser.add_argument("--signed", action="store_true", help="sign ours")
    asked = parser.parse_args()
    measure(asked.count, asked.signed)
    if asked.day:
        award_day()


if __name__ == "__main__":
    main()
