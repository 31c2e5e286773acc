"""Reading other funders' 360Giving files, JSON or CSV. A file is a stranger's: what is too large, too deep or not of the standard is
refused whole, with a sentence; nothing in it is fetched, run or drawn unescaped."""

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from fund.core.problems import Problem

MOST_BYTES = 5 * 1024 * 1024
MOST_GRANTS = 20_000
MOST_POUNDS = Decimal(1_000_000_000)
LONGEST = 300  # letters of any text we keep
CSV_NAMES = ("Identifier", "Title", "Amount Awarded", "Award Date", "Recipient Org:Identifier", "Recipient Org:Name", "Funding Org:Name")  # fmt: skip


@dataclass(frozen=True)
class Read:
    """One grant as the file has it. Amounts in pence."""

    identifier: str
    title: str
    pence: int
    awarded_on: date
    recipient_id: str
    recipient: str
    funder: str


def read_file(content: bytes) -> list[Read]:
    """Every grant of a file. Raises Problem with the place of the first thing that is wrong."""
    if len(content) > MOST_BYTES:
        raise Problem("This file is larger than 5 MB. Take the years you need", "file")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Problem("This is no 360Giving file in JSON or CSV (UTF-8). Save it as one of them", "file") from None
    lines = _from_json(text) if text.lstrip()[:1] in ("{", "[") else _from_csv(text)
    found: dict[str, Read] = {}
    for number, line in enumerate(lines, start=1):
        if number > MOST_GRANTS:
            raise Problem(f"This file has more than {MOST_GRANTS:,} grants. Take the years you need", "file")
        row = _read(line, number)
        found[row.identifier] = row
    if not found:
        raise Problem("There is no grant in this file", "file")
    return list(found.values())


def _from_json(text: str) -> Iterator[dict[str, Any]]:
    try:
        package = json.loads(text, parse_float=Decimal, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise Problem("This file is not whole JSON. Fetch it again", "file") from None
    grants = package.get("grants") if isinstance(package, dict) else None
    if not isinstance(grants, list):
        raise Problem("There is no list of grants in this file", "file")
    for grant in grants:
        if not isinstance(grant, dict):
            raise Problem("There is something else than grants in this file", "file")
        recipient, funder = _first(grant, "recipientOrganization"), _first(grant, "fundingOrganization")
        yield {
            "Identifier": grant.get("id"), "Title": grant.get("title"), "Amount Awarded": grant.get("amountAwarded"),
            "Award Date": grant.get("awardDate"), "Recipient Org:Identifier": recipient.get("id"),
            "Recipient Org:Name": recipient.get("name"), "Funding Org:Name": funder.get("name"),
        }  # fmt: skip


def _no_constant(word: str):
    raise ValueError(f"{word} is no number")


def _first(grant: dict[str, Any], key: str) -> dict[str, Any]:
    """The one organisation of a grant; grants to people have none and are read as nobody's."""
    value = grant.get(key)
    return value[0] if isinstance(value, list) and value and isinstance(value[0], dict) else {}


def _from_csv(text: str) -> Iterator[dict[str, Any]]:
    try:
        rows = csv.DictReader(io.StringIO(text, newline=""), strict=True)
        if missing := [name for name in CSV_NAMES if name not in (rows.fieldnames or ())]:
            raise Problem(f"The column “{missing[0]}” is missing. 360Giving files have it", "file")
        yield from rows
    except csv.Error:
        raise Problem("This file is not whole CSV. Fetch it again", "file") from None


def _read(line: dict[str, Any], number: int) -> Read:
    try:
        amount = Decimal(str(line["Amount Awarded"]).strip())
        if not amount.is_finite() or not 0 <= amount <= MOST_POUNDS:
            raise ValueError
        day = datetime.fromisoformat(str(line["Award Date"]).strip()[:10]).date()
        texts = {name: _text(line[name]) for name in CSV_NAMES if name not in ("Amount Awarded", "Award Date")}
        if not texts["Identifier"]:
            raise ValueError
    except (ValueError, InvalidOperation, KeyError):
        raise Problem(f"Grant {number} of this file is not right: it needs an identifier, an amount and a date", "file") from None  # fmt: skip
    return Read(
        texts["Identifier"], texts["Title"], int((amount * 100).to_integral_value()), day, texts["Recipient Org:Identifier"],
        texts["Recipient Org:Name"], texts["Funding Org:Name"],
    )  # fmt: skip


def _text(value: Any) -> str:
    """One line without control characters, short enough to keep."""
    if value is not None and not isinstance(value, str):
        raise ValueError(value)
    return " ".join("".join(sign if sign.isprintable() else " " for sign in value or "").split())[:LONGEST]
