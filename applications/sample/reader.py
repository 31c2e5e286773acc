"""Reads the forty sample bids: invented, for demonstration and tests only."""

import datetime as dt
import functools
import json
from pathlib import Path
from typing import Any

from applications.sample.bid import SampleBid, SampleCriterion, SampleMember, SampleQuestion, SampleRound
from applications.sample.moving import months_between, move_bid, move_date
from fund.strategies.reading import Place, build

FILE = Path(__file__).parent / "sample_bids.json"


def sample_bids(shift_to: dt.date | None = None) -> tuple[SampleBid, ...]:
    """All forty, as the file has them or with the delivery window moved to start on `shift_to`, the first of a month.

    Raises ValueError for another day of the month, PackError when the file is not right.
    """
    months = _months_to(shift_to)
    return tuple(move_bid(bid, months) for bid in _bids()) if months else _bids()


def sample_round(shift_to: dt.date | None = None) -> SampleRound:
    """The questions, criteria, panel and window that the bids answer, moved as `sample_bids` moves them."""
    meta, months = _file()["meta"], _months_to(shift_to)
    place = Place(FILE.name, "meta")
    return SampleRound(
        notice=meta["notice"],
        window_start=move_date(_window("start"), months),
        window_end=move_date(_window("end"), months),
        questions=tuple(build(SampleQuestion, each, place.at("questions")) for each in meta["questions"]),
        criteria=tuple(build(SampleCriterion, each, place.at("criteria")) for each in meta["criteria"]),
        panel=tuple(build(SampleMember, each, place.at("panel")) for each in meta["panel"]),
    )


@functools.cache
def _bids() -> tuple[SampleBid, ...]:
    return tuple(build(SampleBid, _plain(bid), Place(FILE.name, bid["id"])) for bid in _file()["bids"])


@functools.cache
def _file() -> dict[str, Any]:
    return json.loads(FILE.read_text(encoding="utf-8"))


def _window(which: str) -> dt.date:
    return dt.date.fromisoformat(_file()["meta"]["fund"]["window"][which])


def _months_to(shift_to: dt.date | None) -> int:
    if shift_to is None:
        return 0
    if shift_to.day != 1:
        raise ValueError(f"shift_to must be the first of a month, not {shift_to}")
    return months_between(_window("start"), shift_to)


def _plain(bid: dict[str, Any]) -> dict[str, Any]:
    """The bid without empty values, and with its two dictionaries of keyed things as lists."""
    found = _without_nothing(bid)
    found["answers"] = [{"question": key, **answer} for key, answer in found["answers"].items()]
    for member in found.get("panel", {}).get("scores", []):
        member["scores"] = [{"criterion": key, **mark} for key, mark in member.get("scores", {}).items()]
    return found


def _without_nothing(value: Any) -> Any:
    """A copy without None and without empty text: the file marks what a bid left out in both ways."""
    if isinstance(value, dict):
        return {key: _without_nothing(each) for key, each in value.items() if each is not None and each != ""}
    return [_without_nothing(each) for each in value] if isinstance(value, list) else value
