"""Reading the published sanctions list: the CSV of the UK Sanctions List or of the former OFSI consolidated list.

Both name a target in columns "Name 1" to "Name 5" with the family name, or the whole name of a body, in "Name 6", one row a
name. The UK list has "Unique ID", "Name type", "Regime Name" and "Designation Type" under a line "Report Date"; the OFSI
list "Group ID", "Alias Type", "Regime" and "Group Type" under a line "Last Updated". Columns are found by their heading.
The published file is larger than an upload may be, so it may come in a ZIP file. XML and ODS are not read.
"""

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from fund.core.problems import Problem

MOST_BYTES = 12 * 1024 * 1024
MOST_UNPACKED = 120 * 1024 * 1024
MOST_ROWS = 300_000
MOST_LETTERS = 300  # of a name
HEAD_ROWS = 25  # lines above the headings
NO_LIST = "This is no sanctions list in CSV. Take the CSV file from the page of the UK Sanctions List on GOV.UK"
COLUMNS = {
    "target": ("unique id", "group id", "ofsi group id"),
    "kind": ("designation type", "individual entity ship", "group type"),
    "name_type": ("name type", "alias type"),
    "regime": ("regime name", "regime"),
}
KINDS = {"individual": "person", "entity": "organisation", "ship": "ship"}
DAYS = ("%d-%b-%Y", "%d/%m/%Y", "%d-%m-%Y", "%Y-%m-%d", "%d %B %Y", "%d %b %Y")


@dataclass(frozen=True)
class Listed:
    """One name of one target."""

    target: str
    kind: str
    name: str
    name_type: str
    regime: str


@dataclass(frozen=True)
class ReadList:
    source: str
    dated_on: date
    names: list[Listed]


def read_list(content: bytes) -> ReadList:
    """The names of a file, each once. Raises Problem with what is wrong; then nothing was read."""
    if len(content) > MOST_BYTES:
        raise Problem("This file is larger than 12 MB. Put the CSV in a ZIP file first", "file")
    try:
        with _opened(content) as lines:
            return _read(csv.reader(lines))
    except UnicodeDecodeError:
        raise Problem("This file is not in UTF-8. Take the CSV as it is published", "file") from None
    except csv.Error:
        raise Problem(NO_LIST, "file") from None
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, OSError, EOFError):
        raise Problem("This ZIP file cannot be opened", "file") from None


def _opened(content: bytes) -> io.TextIOWrapper:
    """The text of the file, or of the one CSV in a ZIP; read as it is unpacked, never whole in memory."""
    stream: Any = io.BytesIO(content)
    if content[:4] == b"PK\x03\x04":
        stream = _from_zip(stream)
    return io.TextIOWrapper(stream, encoding="utf-8-sig", newline="")


def _from_zip(packed: Any) -> Any:
    """The one CSV of a ZIP file. What it says of its size holds: more than that is never unpacked."""
    archive = zipfile.ZipFile(packed)
    files = [each for each in archive.infolist() if not each.is_dir()]
    if len(files) != 1 or not files[0].filename.lower().endswith(".csv") or files[0].flag_bits & 1:
        raise Problem("The ZIP file must hold the CSV of the list and nothing else", "file")
    if files[0].file_size > MOST_UNPACKED:
        raise Problem("What is in this ZIP file is larger than any sanctions list", "file")
    return archive.open(files[0])


def _read(rows: Iterator[list[str]]) -> ReadList:
    headings, said = _head(rows)
    places = {each: place for place, each in enumerate(headings)}
    found = {field: next((places[name] for name in names if name in places), None) for field, names in COLUMNS.items()}
    name_places = [places.get(f"name {number}") for number in (1, 2, 3, 4, 5, 6)]
    if found["target"] is None or found["kind"] is None or name_places[-1] is None:
        raise Problem(NO_LIST, "file")
    names: dict[tuple[str, str], Listed] = {}
    for number, row in enumerate(rows):
        if number > MOST_ROWS:
            raise Problem("This file has more rows than any sanctions list", "file")
        each = _listed(row, found, name_places)
        if each is not None:
            names.setdefault((each.target, each.name.casefold()), each)
    if not names:
        raise Problem("There is no name in this file", "file")
    return ReadList("uk" if "unique id" in places else "ofsi", _day(said), list(names.values()))


def _head(rows: Iterator[list[str]]) -> tuple[list[str], str]:
    """The headings, tidied, and what the lines above them say."""
    said: list[str] = []
    for number, row in enumerate(rows):
        tidy = [_heading(cell) for cell in row]
        if "name 6" in tidy:
            return tidy, " ".join(said)
        said += row
        if number >= HEAD_ROWS:
            break
    raise Problem(NO_LIST, "file")


def _heading(cell: str) -> str:
    return " ".join(re.sub(r"[^a-z0-9]", " ", cell.lower()).split())


def _listed(row: list[str], found: dict[str, int | None], name_places: list[int | None]) -> Listed | None:
    def cell(place: int | None) -> str:
        text = row[place] if place is not None and place < len(row) else ""
        text = "".join(letter if letter.isprintable() else " " for letter in text)
        return " ".join(text.split())[:MOST_LETTERS]

    name = " ".join(filter(None, map(cell, name_places)))[:MOST_LETTERS]
    target = cell(found["target"])
    if not name or not target:
        return None
    kind = KINDS.get(cell(found["kind"]).lower(), "organisation")
    return Listed(target, kind, name, cell(found["name_type"]), cell(found["regime"]))


def _day(said: str) -> date:
    """The day that the file gives itself. Raises Problem without one: an undated list cannot be called fresh."""
    for text in re.findall(r"\d{1,2}[-/ ](?:\d{1,2}|[A-Za-z]{3,9})[-/ ]\d{4}|\d{4}-\d{2}-\d{2}", said):
        for form in DAYS:
            try:
                return datetime.strptime(text, form).replace(tzinfo=UTC).date()
            except ValueError:
                continue
    raise Problem("The file does not say its date. Take it again as it is published, with its first line", "file")
