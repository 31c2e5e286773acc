"""Who answers for a strategy: boards, people, partners, and the data projects and other notes that go with them."""

from dataclasses import dataclass

from fund.strategies.gap import Gap

Lines = tuple[str, ...]


@dataclass(frozen=True)
class Board:
    name: str
    kind: str
    role: str | None = None
    meets: str | None = None
    chair: str | None = None
    members: Lines = ()


@dataclass(frozen=True)
class RoleHolder:
    role: str
    who: str


@dataclass(frozen=True)
class Governance:
    boards: tuple[Board, ...]
    people: tuple[RoleHolder, ...]
    reports_to: Lines | Gap
    principles: Lines | Gap
    reporting_rhythm: Lines | Gap


@dataclass(frozen=True)
class Partners:
    duty_holders: Lines | Gap
    others: Lines | Gap


@dataclass(frozen=True)
class DataProject:
    name: str
    purpose: str | None = None
    lead: str | None = None
    provider: str | None = None
    place: str | None = None
    status: str | None = None
    go_live_expected: str | None = None
    measure: str | None = None
    value: int | None = None
    period: str | None = None
    sources: Lines = ()
    products: Lines = ()


@dataclass(frozen=True)
class Heading:
    """Anything else worth showing, under a heading of its own."""

    title: str
    lines: Lines
