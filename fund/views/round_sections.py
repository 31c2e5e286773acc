"""The navigation of one round in the office: steps of a round's life, and below the current step its pages.

Every package adds its pages: `add("Bids", "applications_office.list", rule="see_round", order=40)`; the endpoint takes
`round_id`. The order says which step a page belongs to. Each person sees the pages they may open and the steps that hold
one. Templates extend rounds/office.html, which draws it.
"""

from dataclasses import dataclass, field

from flask import current_app, request, url_for

from fund.core.navigation import Link
from fund.core.permissions import may, signed_in
from fund.tables import Round

# Each step with the first order that belongs to it. Seven at most: more than that nobody takes in at one look.
STEPS = {"Set up": 10, "Bids": 40, "Panel": 50, "Decide": 56, "Money": 62, "Outcomes": 70, "History": 90}


@dataclass(frozen=True)
class Section:
    text: str
    endpoint: str
    rule: str
    order: int
    group: str
    covers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sections:
    """The steps of a round and the pages of the one that is open. Without `pages` there is nothing below it."""

    steps: list[Link] = field(default_factory=list)
    pages: list[Link] = field(default_factory=list)
    step: str = ""


SECTIONS: list[Section] = []


def add(
    text: str, endpoint: str, rule: str = "see_round", order: int = 50, *, group: str = "", covers: tuple[str, ...] = ()
) -> None:
    """Add a page of a round. Orders: 10 overview, 20 pot, 30 form and criteria, 40 bids, 50 panel, 56 deciding, 62 money,
    70 outcomes, 90 history; `group` names another step than the order's.

    `covers` are beginnings of addresses that belong under this page though they do not begin with its own; without a
    slash in front they stand under the round's.
    """
    section = Section(text, endpoint, rule, order, group or _step_of(order), covers)
    if section.group not in STEPS:
        raise ValueError(f"a round has no step called {group}")
    if section not in SECTIONS:
        SECTIONS.append(section)


def _step_of(order: int) -> str:
    return [step for step, first in STEPS.items() if first <= order][-1]


def for_round(round: Round) -> Sections:
    """The steps and pages of a round for who is signed in, with the place of the page that is open."""
    person, known = signed_in(), current_app.view_functions
    shown = [
        (each, url_for(each.endpoint, round_id=round.id))
        for each in sorted(SECTIONS, key=lambda each: each.order)
        if each.endpoint in known and may(person, each.rule, round)
    ]
    here = _here(shown, url_for("rounds_office.show", round_id=round.id))
    by_step: dict[str, list[tuple[Section, str]]] = {step: [] for step in STEPS}
    for each, address in shown:
        by_step[each.group].append((each, address))
    steps = [Link(step, held[0][1], step == (here and here.group)) for step, held in by_step.items() if held]
    below = [Link(each.text, address, each is here) for each, address in by_step[here.group]] if here else []
    if len(steps) == 1:  # one step is no choice: its pages alone
        return Sections(below)
    return Sections(steps, below if len(below) > 1 else [], here.group if here else "")


def _here(shown: list[tuple[Section, str]], base: str) -> Section | None:
    """The page that is open, or the one that it stands below: whose address the open one begins with, the longest first."""
    best, longest = None, 0
    for each, address in shown:
        also = (path if path.startswith("/") else f"{base}/{path}" for path in each.covers)
        for beginning in (address, *also):
            under = request.path == beginning or request.path.startswith(beginning.rstrip("/") + "/")
            if under and len(beginning) > longest:
                best, longest = each, len(beginning)
    return best
