"""A member's bids of one round as a list: searched, filtered, sorted, page by page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .desk import STATES, MyBid

PER_PAGE = 50
SORTS = {
    "place": lambda bid: (bid.order, bid.assignment_id),
    "bid": lambda bid: bid.reference or "",
    "title": lambda bid: bid.title.casefold(),
    "asks": lambda bid: bid.asked_pence,
    "marks": lambda bid: bid.marks,
    "state": lambda bid: STATES[bid.state][0],
}


@dataclass(frozen=True)
class MyList:
    """What the address asks for: `rows` are the bids of this page, `found` all that fit, `sort`, `state` and `search` as used."""

    rows: Sequence[MyBid]
    found: Sequence[MyBid]
    sort: str
    state: str
    search: str
    number: int
    pages: int


def my_list(bids: Sequence[MyBid], asked: Mapping[str, str]) -> MyList:
    """These bids as the query of the address wants them; what it asks for and we do not have is left aside."""
    sort = asked.get("sort", "")
    sort = sort if sort.removeprefix("-") in SORTS else "place"
    state = asked.get("state", "") if asked.get("state") in STATES else ""
    search = asked.get("q", "").strip()[:100]
    found = [each for each in bids if state in ("", each.state) and _names(each, search.casefold())]
    found.sort(key=SORTS[sort.removeprefix("-")], reverse=sort.startswith("-"))
    pages = max(1, -(-len(found) // PER_PAGE))
    wanted = asked.get("page", "1")
    number = min(int(wanted), pages) if wanted.isascii() and wanted.isdigit() and len(wanted) < 7 else 1
    number = max(number, 1)
    return MyList(found[(number - 1) * PER_PAGE : number * PER_PAGE], found, sort, state, search, number, pages)


def _names(bid: MyBid, words: str) -> bool:
    return words in f"{bid.reference} {bid.title} {bid.organisation}".casefold()
