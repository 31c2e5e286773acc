"""Lists that people bring from a spreadsheet: uploaded or pasted, separated by commas, semicolons or tabs."""

import csv
import io

from fund.core.problems import Problem

MOST_BYTES, MOST_LINES = 500_000, 10_000


def read_upload(upload) -> str:
    """The text of an uploaded file, or nothing when none came. Older spreadsheets do not save UTF-8: theirs is read too."""
    if upload is None or not upload.filename:
        return ""
    content = upload.read(MOST_BYTES + 1)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", "replace")
    return text.replace("\x00", "")


def cells_of(text: str) -> list[tuple[int, list[str]]]:
    """(number of the line, its cells without blanks around them), lines without any cell left out. Raises Problem."""
    if len(text) > MOST_BYTES or text.count("\n") > MOST_LINES:
        raise Problem("This list is too long", "lines")
    first = text.lstrip().partition("\n")[0]
    rows = csv.reader(io.StringIO(text.strip()), delimiter=next((sign for sign in "\t;" if sign in first), ","))
    try:
        cells = [[cell.strip() for cell in row] for row in rows]
    except csv.Error as error:
        raise Problem("This is not a list that we can read. Save it as CSV and try again.", "lines") from error
    return [(number, row) for number, row in enumerate(cells, 1) if any(row)]
