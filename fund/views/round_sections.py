"""The navigation of one round in the office: every package adds its pages, and each person sees the ones they may open.

`add("Bids", "applications_office.list", rule="see_round", order=40)`; the endpoint takes `round_id`. Templates extend
rounds/office.html, which draws it.
"""

from dataclasses import dataclass

from flask import current_app, request, url_for

from fund.core.navigation import Link
from fund.core.permissions import may, signed_in
from fund.tables import Round


@dataclass(frozen=True)
class Section:
    text: str
    endpoint: str
    rule: str
    order: int


SECTIONS: list[Section] = []


def add(text: str, endpoint: str, rule: str = "see_round", order: int = 50) -> None:
    """Add a page of a round. Orders: 10 overview, 20 pot, 30 form and criteria, 40 bids, 50 panel, 60 awards, 70 outcomes, 90 history."""
    section = Section(text, endpoint, rule, order)
    if section not in SECTIONS:
        SECTIONS.append(section)


def for_round(round: Round) -> list[Link]:
    """The links of a round for who is signed in."""
    person = signed_in()
    known = current_app.view_functions
    return [
        Link(each.text, url_for(each.endpoint, round_id=round.id), request.endpoint == each.endpoint)
        for each in sorted(SECTIONS, key=lambda each: each.order)
        if each.endpoint in known and may(person, each.rule, round)
    ]
