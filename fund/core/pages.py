"""Page helpers for lists: sort, filter, paginate, export, with the words of the address checked against what is offered."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Response, request
from sqlalchemy import Select, func, select

from .database import db
from .look import url_with

PER_PAGE = 50
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
_BLANK = "\u200b\u2060\ufeff"  # with white space, what a spreadsheet may drop before it looks for a formula


@dataclass(frozen=True)
class Page:
    """One page of rows: `rows`, `number` (from 1), `pages`, `total`; `link(n)` is the address of another page."""

    rows: Sequence[Any]
    number: int
    pages: int
    total: int
    per_page: int

    @property
    def first(self) -> int:
        return (self.number - 1) * self.per_page + 1 if self.total else 0

    @property
    def last(self) -> int:
        return min(self.number * self.per_page, self.total)

    def link(self, number: int) -> str:
        return link_with(page=number)


@dataclass(frozen=True)
class Sort:
    """How a list is sorted: the key, and whether downwards. `column` is what the query orders by."""

    key: str
    descending: bool
    column: Any

    def link(self, key: str) -> str:
        turned = key == self.key and not self.descending
        return link_with(sort=f"-{key}" if turned else key, page=None)

    def aria(self, key: str) -> str:
        if key != self.key:
            return "none"
        return "descending" if self.descending else "ascending"

    def apply(self, query: Select, *tie) -> Select:
        column = self.column.desc() if self.descending else self.column.asc()
        return query.order_by(column.nulls_last(), *tie)


def link_with(**changes) -> str:
    """The present address with some query values changed (None takes one away); what was filtered is kept."""
    return url_with(**{"page": None, **changes})


def sort_from(columns: dict[str, Any], default: str) -> Sort:
    """The sort that the address asks for (`?sort=-asked`), or the default when it asks for none of these."""
    wanted = request.args.get("sort", default)
    key = wanted.removeprefix("-")
    if key not in columns:
        wanted, key = default, default.removeprefix("-")
    return Sort(key, wanted.startswith("-"), columns[key])


def page_from(query: Select, per_page: int = PER_PAGE) -> Page:
    """The page of this query that the address asks for, in two statements (one when it fits on a page)."""
    number = _number_asked()
    rows = _slice(query, number, per_page)
    if number == 1 and len(rows) <= per_page:
        return Page(rows, 1, 1, len(rows), per_page)
    total = db.session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
    pages = max(1, -(-total // per_page))
    if number > pages:  # the list got shorter, or somebody typed the number: the last page is what they can have
        number, rows = pages, _slice(query, pages, per_page)
    return Page(rows[:per_page], number, pages, total, per_page)


def page_of(rows: Sequence[Any], per_page: int = PER_PAGE) -> Page:
    """The same of rows that are all known already, such as a list put together from several tables."""
    pages = max(1, -(-len(rows) // per_page))
    number = min(_number_asked(), pages)
    return Page(rows[(number - 1) * per_page : number * per_page], number, pages, len(rows), per_page)


def _number_asked() -> int:
    asked = request.args.get("page", "1")
    return max(1, int(asked)) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 1


def _slice(query: Select, number: int, per_page: int) -> Sequence[Any]:
    return db.session.execute(query.limit(per_page + 1).offset((number - 1) * per_page)).all()


def as_csv(name: str, headers: Sequence[str], rows: Iterable[Sequence[Any]]) -> Response:
    """A CSV download in which no cell starts a formula."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(headers)
    writer.writerows([no_formula(cell) for cell in row] for row in rows)
    response = Response(out.getvalue().encode("utf-8-sig"), mimetype="text/csv")
    response.headers.set("Content-Disposition", "attachment", filename=f"{name}.csv")
    return response


def no_formula(cell: Any) -> Any:
    """Text that a spreadsheet would run gets an apostrophe in front; numbers stay numbers."""
    if isinstance(cell, str) and (cell.startswith(("\t", "\r")) or _bare(cell).startswith(_FORMULA)):
        return f"'{cell}"
    return "" if cell is None else cell


def _bare(cell: str) -> str:
    """The text without what stands invisibly before it, in whatever order that comes."""
    return cell.lstrip("".join({*_BLANK, *(sign for sign in cell if sign.isspace() or sign < " ")}))
