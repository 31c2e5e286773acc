"""The open data as a spreadsheet: one sheet of grants under the standard's titled columns, one that says whose they are.

Text stays text: no cell is a formula or a link, whatever an applicant wrote.
"""

import io
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import xlsxwriter

from awards.register import PublicAward

from .giving import COLUMNS, package_of, rows_of

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PLAIN = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": True,
}


def workbook_of(awards: list[PublicAward], site: str, now: datetime) -> bytes:
    """The same grants as the JSON package, checked by the same schema first. Raises ValueError when it refuses them."""
    package = package_of(awards, site, now)
    meta = [
        ("Title", package["title"]), ("Description", package["description"]), ("Issued", package["issued"]),
        ("Publisher:Name", package["publisher"]["name"]), ("License", package["license"]), ("Version", package["version"]),
        ("Identifier", package["identifier"]), ("Access URL", package["accessURL"]),
    ]  # fmt: skip
    return write({"grants": (COLUMNS, list(rows_of(awards, site))), "Meta": (("Field", "Value"), meta)}, now)


def write(sheets: dict[str, tuple[Sequence[str], Sequence[Sequence[Any]]]], now: datetime) -> bytes:
    """A workbook of these sheets: {name: (headers, rows)}; the same bytes for the same moment."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, PLAIN) as book:
        book.set_properties({"created": now.replace(tzinfo=None, microsecond=0)})
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        for name, (headers, rows) in sheets.items():
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, headers, bold)
            sheet.freeze_panes(1, 0)
            sheet.set_column(0, len(headers) - 1, 22)
            for number, row in enumerate(rows, start=1):
                _write_row(sheet, number, row)
    return out.getvalue()


def _write_row(sheet, number: int, row: Sequence[Any]) -> None:
    for column, cell in enumerate(row):
        if isinstance(cell, int | float):
            sheet.write_number(number, column, cell)
        elif cell:
            sheet.write_string(number, column, str(cell)[:32_767])
