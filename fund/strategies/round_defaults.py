"""What a new round starts with. Ours, for demonstration: an officer changes every one of these before opening."""

from dataclasses import dataclass, field

from fund.strategies.reading import in_pounds

Lines = tuple[str, ...]
MARKS = 6  # a descriptor for each mark from 0 to 5
WEIGHTS_ADD_UP_TO = 100


@dataclass(frozen=True)
class Cap:
    """The most that organisations of one class may ask for; `legal_forms` are keys of legal_forms.yaml."""

    key: str  # "registered" or "non_registered"
    label: str
    legal_forms: Lines
    most_pence: int = in_pounds("most_pounds")
    joint_most_pence: int = in_pounds("joint_most_pounds")  # all bids of one organisation together


Caps = tuple[Cap, ...]


@dataclass(frozen=True)
class NotApplicable:
    """A fundable for which an applicant may explain why the criterion does not apply."""

    fundable: str
    why: str


@dataclass(frozen=True)
class CriterionChoice:
    """A criterion of the library (criteria.yaml) with this round's weight out of 100."""

    key: str
    weight: int
    may_not_apply_to: tuple[NotApplicable, ...] = ()


@dataclass(frozen=True)
class PanelRules:
    assessors_per_bid: int
    quorum: int
    flag_spread: int  # highest minus lowest mark on a criterion that calls for moderation


@dataclass(frozen=True)
class RoundDefaults:
    demonstration: bool
    note: str
    name: str
    delivery_months: int
    caps: Caps
    bids_per_organisation: int
    criteria: tuple[CriterionChoice, ...]
    panel: PanelRules
    pot_pence: int = in_pounds("pot_pounds")

    def cap_for(self, legal_form: str) -> Cap | None:
        """The cap for a legal form, or None when the round takes no bids from it."""
        return next((cap for cap in self.caps if legal_form in cap.legal_forms), None)


@dataclass(frozen=True)
class LibraryCriterion:
    """A criterion that any round may use. `reads` are the keys of the questions it is judged on."""

    key: str
    code: str
    title: str
    asks: str
    reads: Lines
    origin: str
    descriptors: Lines = field(default=())  # from mark 0 to mark 5
