"""The shape of a strategy pack: what any partnership may have decided, one dataclass per noun of the page.

The field names are the keys of packs/<slug>.yaml (money: `..._pounds` in the file, `..._pence` here).
A field that may hold a Gap must be in the file even so: silence is stated, never left out.
"""

import datetime as dt
from dataclasses import dataclass

from fund.strategies.described_fund import Fund
from fund.strategies.gap import Gap
from fund.strategies.governance import DataProject, Governance, Heading, Partners
from fund.strategies.need import Needs
from fund.strategies.round_defaults import RoundDefaults

Lines = tuple[str, ...]


@dataclass(frozen=True)
class Identity:
    """Who the partnership is and which document speaks for it. `source` is the key of that document."""

    name: str
    short_name: str
    area: str
    local_authorities: Lines | Gap
    source: str
    document: str
    document_kind: str
    document_status: str | Gap
    postcode_areas: Lines = ()  # a hint only: a postcode proves no place


@dataclass(frozen=True)
class Contact:
    """The funder as letters name it: settings made up for demonstration, to be replaced by the real ones."""

    demonstration: bool
    note: str
    funder: str
    email: str
    phone: str
    letterhead: Lines


@dataclass(frozen=True)
class Strategy:
    title: str | Gap
    period: str | Gap
    date: str | Gap
    status: str | Gap
    notes: Lines = ()


@dataclass(frozen=True)
class MeasurementGroup:
    name: str
    offences: Lines


@dataclass(frozen=True)
class Definition:
    """What the partnership means by serious violence."""

    text: str | Gap
    agreed: str | Gap
    elements: Lines = ()
    emphasis: Lines = ()
    exclusions: Lines = ()
    measurement_groups: tuple[MeasurementGroup, ...] = ()
    counting_rule: str | None = None


@dataclass(frozen=True)
class Objective:
    summary: str
    code: str | None = None
    levels: Lines = ()


@dataclass(frozen=True)
class TargetGroup:
    age_min: int | None = None
    age_max: int | None = None
    place: str | None = None
    sex_focus: str | None = None
    who: Lines = ()

    @property
    def words(self) -> str:
        """The group in a few words, for a card: "aged 18 to 35, mainly male"."""
        parts = [self._ages(), f"mainly {self.sex_focus}" if self.sex_focus else "", self.place or "", *self.who]
        return ", ".join(part for part in parts if part)

    def _ages(self) -> str:
        if self.age_min is not None and self.age_max is not None:
            return f"aged {self.age_min} to {self.age_max}"
        if self.age_max is not None:
            return f"aged {self.age_max} and under"
        return f"aged {self.age_min} and over" if self.age_min is not None else ""


@dataclass(frozen=True)
class Aim:
    summary: str
    horizon_years: int | None = None


@dataclass(frozen=True)
class Priority:
    """One priority; `title` is quoted exactly. Prevention levels are our suggestion, not the strategy's."""

    code: str
    title: str
    strand: str | Gap
    target_group: TargetGroup | Gap
    prevention_levels_suggested: Lines | Gap
    commitments: Lines = ()
    aims: tuple[Aim, ...] = ()
    outcome_group: str | None = None  # the outcomes with this `group` belong to the priority
    note: str | None = None


@dataclass(frozen=True)
class Outcome:
    title: str
    quoted: bool  # True: the document's words; False: our summary
    code: str | None = None
    group: str | None = None
    stage: str | None = None


@dataclass(frozen=True)
class SuccessMeasures:
    """How the partnership will know: codes of national measures, and measures given in words."""

    national: Lines | Gap
    words: Lines | Gap


@dataclass(frozen=True)
class Inconsistency:
    """Where the document contradicts itself or another, and what we do about it."""

    issue: str
    handled: str


@dataclass(frozen=True)
class Fundable:
    """What a round can fund: a priority, or an outcome where the strategy has no coded priorities."""

    code: str
    title: str
    kind: str  # "priority" or "outcome"
    group: str | Gap
    target_group: TargetGroup | Gap
    prevention_levels_suggested: Lines | Gap
    outcomes: tuple[Outcome, ...] = ()


@dataclass(frozen=True)
class StrategyPack:
    """One partnership's strategy, whole. `sha256` is of the content: it changes with any fact, not with a comment."""

    slug: str
    schema_version: int
    identity: Identity
    contact: Contact
    strategy: Strategy
    definition: Definition
    vision: str | Gap
    aim: str | Gap
    objectives: tuple[Objective, ...] | Gap
    rounds_fund: str  # "priorities" or "outcomes"
    priorities: tuple[Priority, ...] | Gap
    outcomes: tuple[Outcome, ...] | Gap
    success_measures: SuccessMeasures
    evaluation: str | Gap
    governance: Governance
    partners: Partners
    commitments: Lines | Gap
    data_projects: tuple[DataProject, ...]
    needs: Needs
    fund: Fund | Gap
    round_defaults: RoundDefaults
    background: tuple[Heading, ...]
    indicator_domains: Lines  # domains of the indicator library that belong to this partnership
    inconsistencies: tuple[Inconsistency, ...]
    as_of: dt.date  # the day our reading of the document was written down
    sha256: str

    @property
    def fundable(self) -> tuple[Fundable, ...]:
        """What a round of this partnership chooses from, in the document's order."""
        if self.rounds_fund == "outcomes":
            return tuple(_from_outcome(outcome) for outcome in self.outcomes)
        return tuple(_from_priority(priority, self.outcomes_of(priority)) for priority in self.priorities)

    def outcomes_of(self, priority: Priority) -> tuple[Outcome, ...]:
        """The outcomes that the strategy groups under this priority; often none."""
        if priority.outcome_group is None:
            return ()
        return tuple(outcome for outcome in self.outcomes if outcome.group == priority.outcome_group)


def _from_priority(priority: Priority, outcomes: tuple[Outcome, ...]) -> Fundable:
    return Fundable(
        code=priority.code,
        title=priority.title,
        kind="priority",
        group=priority.strand,
        target_group=priority.target_group,
        prevention_levels_suggested=priority.prevention_levels_suggested,
        outcomes=outcomes,
    )


def _from_outcome(outcome: Outcome) -> Fundable:
    return Fundable(
        code=outcome.code or "",
        title=outcome.title,
        kind="outcome",
        group=outcome.stage or outcome.group or Gap(),
        target_group=Gap(silent=False),
        prevention_levels_suggested=Gap(silent=False),
        outcomes=(outcome,),
    )
