"""Fill form packs and have LibreOffice save them again and again: `python -m bench.packs [--packs 50]`.

Each pack is a blank form of its round into which a sample bid is typed cell by cell, saved by headless LibreOffice along one of four ways (Word to OpenDocument
and back among them), and read again. A field is one thing somebody wrote: an answer, a fact, a cell of a table, a tick.
It is placed when it is read back as it was, shown when it is not but the check screen names it, and lost when neither.
"""

import argparse
import itertools
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from applications.answers import values_of
from applications.forms import AskedForm, AskedQuestion, form_of
from applications.packs.boxes import fields_of, grid_of, row_form, shape_of
from applications.packs.cells import said, same
from applications.packs.docx_writer import as_docx
from applications.packs.hearing import Heard, hear
from applications.packs.odt_writer import as_odt
from applications.packs.reading import ReadPack, read_pack
from applications.packs.sheet import pack_of
from applications.tables import Application
from bench.measured import World, app_in
from bench.typist import type_into_docx, type_into_odt
from fund.core import clock

WAYS = (("docx", "odt", "docx"), ("odt", "docx"), ("docx", "odt"), ("odt", "docx", "odt"))
WRITERS = {"docx": (as_docx, type_into_docx), "odt": (as_odt, type_into_odt)}


@dataclass
class Count:
    """What became of the fields of some packs."""

    packs: int = 0
    fields: int = 0
    placed: int = 0
    shown: int = 0
    lost: int = 0

    def add(self, other: "Count") -> None:
        for name in ("packs", "fields", "placed", "shown", "lost"):
            setattr(self, name, getattr(self, name) + getattr(other, name))


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.packs")
    parser.add_argument("--packs", type=int, default=50, help="how many packs are filled")
    wanted = parser.parse_args().packs
    office = shutil.which("soffice") or shutil.which("libreoffice")
    print("LibreOffice saves each pack." if office else "LibreOffice is not on this machine: packs are filled and read without it.")  # fmt: skip
    with tempfile.TemporaryDirectory(prefix="fund-bench-packs-") as folder:
        world = World(Path(folder, "world"))
        app = app_in(world.folder)
        with app.app_context():
            counts = measure(Path(folder), wanted, office)
    report(counts)


def measure(folder: Path, wanted: int, office: str | None) -> dict[tuple[str, ...], Count]:
    """Counts by way. All packs of one format go through LibreOffice in one run."""
    jobs = [(bid, way if office else way[:1]) for bid, way in zip(itertools.cycle(_bids()), itertools.islice(itertools.cycle(WAYS), wanted), strict=False)]  # fmt: skip
    files = [folder / f"pack-{number}.{way[0]}" for number, (_bid, way) in enumerate(jobs)]
    for file, (bid, way) in zip(files, jobs, strict=True):
        file.write_bytes(filled(bid, way[0]))
    for step in range(1, max(len(way) for _bid, way in jobs)):
        for ending in WRITERS:
            moving = [at for at, (_bid, way) in enumerate(jobs) if len(way) > step and way[step] == ending]
            for at, file in zip(moving, convert([files[at] for at in moving], ending, folder, office), strict=True):
                files[at] = file
    counts: dict[tuple[str, ...], Count] = {}
    for file, (bid, way) in zip(files, jobs, strict=True):
        counts.setdefault(way, Count()).add(compare(bid, file))
    return counts


def filled(bid: Application, ending: str) -> bytes:
    """The blank pack of the bid's round, with the bid typed in."""
    write, type_in = WRITERS[ending]
    asked, values = form_of(bid), values_of(bid)
    boxes = [grid_of(asked, question, values[question.key]) for question in asked.questions if question.key in values]
    return type_in(write(pack_of(bid.round, asked), clock.now()), [box for box in boxes if box])


def _bids() -> list[Application]:
    """The sample bids that are written in full, the longest first."""
    bids = Application.query.order_by(Application.id).all()
    return sorted(bids, key=lambda bid: (-len(values_of(bid)), bid.id))


def convert(files: list[Path], ending: str, folder: Path, office: str | None) -> list[Path]:
    """The files saved in another format by one headless LibreOffice with a profile of its own."""
    if not files or office is None:
        return files
    out = Path(tempfile.mkdtemp(dir=folder))
    command = [office, f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", ending, "--outdir", str(out)]  # fmt: skip
    subprocess.run([*command, *map(str, files)], check=True, capture_output=True, timeout=600)
    return [out / f"{file.stem}.{ending}" for file in files]


def compare(bid: Application, file: Path) -> Count:
    """What became of every field of one pack."""
    asked, values = form_of(bid), values_of(bid)
    read = read_pack(file.read_bytes(), file.name, bid.round, asked, most_megabytes=10)
    count = Count(packs=1)
    for question in asked.questions:
        if question.key in values and shape_of(question):
            count.add(_compare_answer(asked, question, values[question.key], read))
    return count


def _compare_answer(asked: AskedForm, question: AskedQuestion, value, read: ReadPack) -> Count:
    heard = hear(question, read.boxes.get(question.key, []))
    before, after, count = fields(question, value), fields(question, heard.value), Count()
    for place, text in before.items():
        count.fields += 1
        if after.get(place) == text:
            count.placed += 1
        elif is_shown(text, heard, read):
            count.shown += 1
            print(f"  shown: {question.key} {place} {text[:60]!r}: {' '.join(heard.sentences)[:160]}")
        else:
            count.lost += 1
            print(f"  lost: {question.key} {place} {text[:60]!r}, read as {after.get(place)!r}")
    return count


def fields(question: AskedQuestion, value) -> dict[tuple, str]:
    """What somebody wrote into the boxes of one question, by place: line and column, or the name of the box."""
    if value is None:
        return {}
    if shape_of(question) == "rows":
        kind = row_form(question)
        rows = [[(each.name, said(each)) for each in kind(data=question.type.row_data(row))] for row in value]
        return {(number, name): text for number, row in enumerate(rows) for name, text in row if text}
    if shape_of(question) == "ticks" and isinstance(value, list):
        return {(each,): "X" for each in value}
    return {(each.name,): said(each) for each in fields_of(question, value) if said(each)}


def is_shown(text: str, heard: Heard, read: ReadPack) -> bool:
    """Whether the check screen would show this text, in a sentence or among the words that are in no box."""
    elsewhere = " ".join([heard.typed if heard.value is None else "", *heard.sentences, *(words for _where, words in read.loose)])  # fmt: skip
    return same(text) in same(elsewhere)


def report(counts: dict[tuple[str, ...], Count]) -> None:
    print("\n| way | packs | fields | placed | shown, not placed | lost |\n|---|---:|---:|---:|---:|---:|")
    whole = Count()
    for way, count in counts.items():
        whole.add(count)
        print(f"| {' → '.join(way)} | {count.packs} | {count.fields} | {count.placed} | {count.shown} | {count.lost} |")
    print(f"\n{whole.packs} packs, {whole.fields} fields: {100 * whole.placed / whole.fields:.2f} % placed, {whole.lost} silently lost.")  # fmt: skip
    if whole.placed < 0.99 * whole.fields or whole.lost:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
