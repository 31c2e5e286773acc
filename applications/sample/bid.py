"""The shape of a sample bid. Field names are the file's keys, except that money is integer pence and days are dates."""

import dataclasses
import datetime as dt
from decimal import Decimal

from fund.strategies.reading import in_pounds


@dataclasses.dataclass(frozen=True)
class SampleIdentifier:
    scheme: str
    id: str


@dataclasses.dataclass(frozen=True)
class Bank:
    account_name: str
    sort_code: str
    account_number: str


@dataclasses.dataclass(frozen=True)
class Documents:
    """Which papers the organisation can show; `partner_letters` is how many."""

    governing_document: bool
    latest_accounts: bool
    bank_statement: bool
    safeguarding_policy: bool
    equality_policy: bool
    data_protection_policy: bool
    insurance_certificate: bool
    partner_letters: int


@dataclasses.dataclass(frozen=True)
class SampleOrganisation:
    name: str
    fictional: bool
    legal_form: str
    legal_form_label: str
    registered: bool
    identifiers: tuple[SampleIdentifier, ...]
    town: str
    postcode: str
    contact_role: str
    email: str
    phone: str
    documents: Documents
    annual_income_pence: int = in_pounds("annual_income_gbp")
    bank: Bank | None = None


@dataclasses.dataclass(frozen=True)
class Delivery:
    months: int
    start: dt.date
    end: dt.date


@dataclasses.dataclass(frozen=True)
class Split:
    female: int
    male: int


@dataclasses.dataclass(frozen=True)
class Beneficiaries:
    total: int
    age_band: str
    sex_focus: str
    split: Split


@dataclasses.dataclass(frozen=True)
class SampleAnswer:
    question: str  # "Q1" to "Q12"
    words: int
    text: str = ""


@dataclasses.dataclass(frozen=True)
class SampleOutcome:
    indicator_id: str
    measure: str
    target: int
    unit: str
    baseline: str | None = None


@dataclasses.dataclass(frozen=True)
class SampleMilestone:
    no: int
    milestone: str
    evidence: str
    due: dt.date


@dataclasses.dataclass(frozen=True)
class Risk:
    risk: str
    likelihood: int  # 1 to 5
    impact: int  # 1 to 5
    mitigation: str


@dataclasses.dataclass(frozen=True)
class SampleBudgetLine:
    heading: str
    description: str
    quantity: int
    unit: str
    unit_cost_pence: int = in_pounds("unit_cost")
    amount_pence: int = in_pounds("amount")


@dataclasses.dataclass(frozen=True)
class Match:
    source: str
    type: str  # "cash" or "in kind"
    secured: bool
    amount_pence: int = in_pounds("amount")


@dataclasses.dataclass(frozen=True)
class Mark:
    criterion: str  # "C1" to "C7"
    score: int  # 0 to 5
    comment: str


@dataclasses.dataclass(frozen=True)
class MemberScores:
    """One assessor's marks; a recused member has a declared conflict and no marks."""

    member: str
    recused: bool
    scores: tuple[Mark, ...] = ()
    weighted_total: Decimal | None = None
    comment: str | None = None
    conflict_declared: str | None = None


@dataclasses.dataclass(frozen=True)
class SamplePanel:
    scores: tuple[MemberScores, ...]
    expected_mean_weighted_total: Decimal
    expected_members_counted: int
    expected_moderation_criteria: tuple[str, ...]


@dataclasses.dataclass(frozen=True)
class SampleBid:
    """One invented bid. `expected` and `expected_flags` say what screening should find."""

    id: str
    title: str
    expected: str
    expected_flags: tuple[str, ...]
    evidence_quality: str
    submitted: bool
    organisation: SampleOrganisation
    priority: str
    priority_title: str
    prevention_level: str
    yef_strand_id: str
    delivery: Delivery
    places: tuple[str, ...]
    beneficiaries: Beneficiaries
    answers: tuple[SampleAnswer, ...]
    outcomes: tuple[SampleOutcome, ...]
    milestones: tuple[SampleMilestone, ...]
    risks: tuple[Risk, ...]
    budget: tuple[SampleBudgetLine, ...]
    match_funding: tuple[Match, ...]
    cap_pence: int = in_pounds("cap_gbp")
    requested_pence: int = in_pounds("requested_gbp")
    budget_total_pence: int = in_pounds("budget_total_gbp")
    match_total_pence: int = in_pounds("match_total_gbp")
    total_project_cost_pence: int = in_pounds("total_project_cost_gbp")
    panel: SamplePanel | None = None

    def answer(self, question: str) -> str:
        """The text under a question; empty when it was left out."""
        return next((each.text for each in self.answers if each.question == question), "")


@dataclasses.dataclass(frozen=True)
class SampleQuestion:
    id: str
    text: str
    word_limit: int


@dataclasses.dataclass(frozen=True)
class SampleCriterion:
    id: str
    title: str
    weight: int  # of 100
    origin: str


@dataclasses.dataclass(frozen=True)
class SampleMember:
    id: str
    label: str
    perspective: str


@dataclasses.dataclass(frozen=True)
class SampleRound:
    """What the forty bids answer: the questions, the criteria, the panel and the delivery window."""

    notice: str
    window_start: dt.date
    window_end: dt.date
    questions: tuple[SampleQuestion, ...]
    criteria: tuple[SampleCriterion, ...]
    panel: tuple[SampleMember, ...]
