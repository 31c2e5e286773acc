"""Reads our copy of the Youth Endowment Fund and College of Policing toolkits as evidence cards.

A card shows a rating and where it comes from; it never gives a mark. The `flag` on a card follows one rule, the first
line that fits:

- harmful: the toolkit rates it harmful, or found that offending went up
- superseded: the strand was replaced by another version
- insufficient: rated "insufficient evidence" or "no clear evidence"
- unverified: the strand or its effect on violence could not be read in the source, or is not there at all

Our own category for bids that claim no strand carries no flag: claiming nothing is not a weakness of evidence.
"""

import csv
import dataclasses
import datetime as dt
import functools
from pathlib import Path

HERE = Path(__file__).parent
YEF, COLLEGE = "yef", "college"
TOOLKIT_NAMES = {YEF: "Youth Endowment Fund Toolkit", COLLEGE: "College of Policing Crime Reduction Toolkit"}
FLAGS = ("harmful", "superseded", "insufficient", "unverified")
NO_EVIDENCE = ("insufficient evidence", "no clear evidence")
OWN_CATEGORY = "own category"

SNAPSHOT_ON = dt.date(2026, 11, 21)
"""The date of the files we copied. A rating may be older: `source_date` on a card says how old, where known."""


@dataclasses.dataclass(frozen=True)
class Card:
    """What one toolkit says about one kind of project. Empty text means that the source read did not say.

    For the College's cards `impact` is its finding on violence and `other_effects` its finding on all crime.
    """

    toolkit: str  # "yef" or "college"
    strand_id: str
    name: str
    what_it_is: str
    levels: tuple[str, ...]
    settings: tuple[str, ...]
    impact: str
    percent_less_violence: int | None
    other_effects: str
    evidence_quality: int | None  # 1 to 5
    evidence_words: str
    cost: int | None  # 1 to 3
    status: str
    source_urls: tuple[str, ...]
    source_date: str
    note: str
    flag: str | None
    where_it_works: str = ""
    how_to_do_it: str = ""
    snapshot_on: dt.date = SNAPSHOT_ON

    @property
    def key(self) -> str:
        """Unique over both toolkits, which share some strand names: "yef:mentoring"."""
        return f"{self.toolkit}:{self.strand_id}"

    @property
    def toolkit_name(self) -> str:
        return TOOLKIT_NAMES[self.toolkit]


@dataclasses.dataclass(frozen=True)
class Method:
    """How the College's toolkit judges evidence: one dimension, or a remark on method."""

    kind: str  # "dimension" or "method"
    key: str
    name: str
    words: str
    source_urls: tuple[str, ...]
    source_date: str
    note: str


@functools.cache
def cards() -> tuple[Card, ...]:
    """Every card, the Youth Endowment Fund's first, each in its file's order."""
    college = (row for row in _rows("college_of_policing_toolkit.csv") if row["row_kind"] == "intervention")
    return (*map(_yef_card, _rows("yef_toolkit.csv")), *map(_college_card, college))


def card(key: str) -> Card | None:
    """The card with this key, such as "yef:mentoring" or "college:cctv"; None when there is none."""
    return _by_key().get(key)


def yef_card(strand_id: str) -> Card | None:
    """The Youth Endowment Fund card of a strand; applications claim these."""
    return card(f"{YEF}:{strand_id}")


@functools.cache
def methods() -> tuple[Method, ...]:
    """The College's dimensions of evidence (effect, mechanism, moderator, implementation, cost) and its method."""
    return tuple(_method(row) for row in _rows("college_of_policing_toolkit.csv") if row["row_kind"] != "intervention")


@functools.cache
def _by_key() -> dict[str, Card]:
    return {each.key: each for each in cards()}


def _yef_card(row: dict[str, str]) -> Card:
    impact, status = row["impact_on_violent_crime"], row["status"]
    return Card(
        toolkit=YEF,
        strand_id=row["strand_id"],
        name=row["name"],
        what_it_is=row["what_it_is"],
        levels=_split(row["prevention_levels"], ";"),
        settings=_split(row["settings"], ";"),
        impact=impact,
        percent_less_violence=_number(row["percent_less_violence"]),
        other_effects=row["other_published_effects"],
        evidence_quality=_number(row["evidence_quality_1_5"]),
        evidence_words=row["evidence_confidence_words"],
        cost=_number(row["cost_1_3"]),
        status=status,
        source_urls=_split(row["source_url"], " ; "),
        source_date=row["source_date"],
        note=row["note"],
        flag=_flag(harmful=impact == "harmful", status=status, impact=impact),
    )


def _college_card(row: dict[str, str]) -> Card:
    on_crime, on_violence = row["effect_on_crime"], row["effect_on_violence"]
    harmful = on_crime.startswith("increase")
    return Card(
        toolkit=COLLEGE,
        strand_id=row["id"],
        name=row["name"],
        what_it_is=row["mechanism"],
        levels=(),
        settings=(),
        impact=on_violence,
        percent_less_violence=None,
        other_effects=on_crime,
        evidence_quality=None,
        evidence_words=row["evidence_quality"],
        cost=None,
        status=row["status"],
        source_urls=_split(row["source_url"], " ; "),
        source_date=row["source_date"],
        note=row["note"],
        flag=_flag(harmful=harmful, status=row["status"], impact=on_violence),
        where_it_works=row["moderator"],
        how_to_do_it=row["implementation"],
    )


def _flag(*, harmful: bool, status: str, impact: str) -> str | None:
    if status == OWN_CATEGORY:
        return None
    if harmful:
        return "harmful"
    if status == "superseded":
        return "superseded"
    if impact in NO_EVIDENCE:
        return "insufficient"
    return "unverified" if not impact or "unverified" in impact or "unverified" in status else None


def _method(row: dict[str, str]) -> Method:
    said = ("effect_on_crime", "mechanism", "moderator", "implementation", "economic_cost", "evidence_quality")
    return Method(
        kind=row["row_kind"],
        key=row["id"],
        name=row["name"],
        words="; ".join(row[column] for column in said if row[column]),
        source_urls=_split(row["source_url"], " ; "),
        source_date=row["source_date"],
        note=row["note"],
    )


def _rows(name: str) -> list[dict[str, str]]:
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def _split(text: str, by: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(by) if part.strip())


def _number(text: str) -> int | None:
    return int(text) if text else None
