"""The pages that are measured: for whom, as whom, where, and what they may cost at most."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text

from fund.core.database import db


@dataclass(frozen=True)
class Page:
    """`cast` is who looks (None: nobody signed in); `path` finds the address in the measured database.

    `lists_the_round`: the page has a row for each bid of the round looked at, so what it may cost goes with their number.
    """

    audience: str
    name: str
    cast: str | None
    path: Callable[[], str]
    most_hellos: int = 15
    most_statements: int = 6
    lists_the_round: bool = False

    def most_at(self, bids: int) -> int:
        """The most hellos with so many bids in the round: 40 up to 250, 80 at 500, and as much for each row above."""
        return max(self.most_hellos, round(0.16 * bids)) if self.lists_the_round and bids > 250 else self.most_hellos


def one(question: str, **values) -> int:
    """The one number that this SQL answers."""
    return db.session.execute(text(question), values).scalar_one()


def here(path: str) -> Callable[[], str]:
    return lambda: path


def of_round(which: str, path: str) -> Callable[[], str]:
    """A path in the demonstration's open round or the one in scoring (`{id}`)."""
    order = "r.closes_at desc" if which == "open" else "count(a.id) desc, r.id"
    question = (
        "select r.id from round r left join application a on a.round_id = r.id and a.status in ('in_scoring', 'moderated') "
        f"group by r.id, r.closes_at order by {order} limit 1"
    )
    return lambda: path.format(id=one(question))


def of_draft(path: str) -> Callable[[], str]:
    """A path in the lead's own draft in the open round."""
    question = (
        "select a.id from application a join collaborator c on c.application_id = a.id join person p on p.id = c.person_id "
        "where p.cast_as = 'lead' and a.status = 'draft' order by a.id limit 1"
    )
    return lambda: path.format(id=one(question))


def of_reading(path: str) -> Callable[[], str]:
    """A path in one of the assessor's own assignments."""
    question = (
        "select s.id from assignment s join seat on seat.id = s.seat_id join person p on p.id = seat.person_id "
        "where p.cast_as = 'assessor_rowan' and s.status in ('assigned', 'sealed') order by s.id limit 1"
    )
    return lambda: path.format(id=one(question))


def of_scored_bid(path: str) -> Callable[[], str]:
    return lambda: path.format(id=one("select min(id) from application where status = 'in_scoring'"))


def of_finished(path: str) -> Callable[[], str]:
    """A path in the demonstration's round whose awards are out."""
    return lambda: path.format(
        id=one(
            "select a.round_id from application a join award w on w.application_id = a.id "
            "group by a.round_id order by count(*) desc, a.round_id limit 1"
        )
    )


def of_award(path: str, state: str = "in_delivery") -> Callable[[], str]:
    """A path in the lead's own award of this state, or in the first one."""
    question = "select w.id from award w join application a on a.id = w.application_id where a.status = :state order by w.id limit 1"
    return lambda: path.format(id=one(question, state=state))


LIST: dict[str, Any] = {"most_hellos": 25, "most_statements": 10}
SCORES: dict[str, Any] = {"most_hellos": 40, "most_statements": 10, "lists_the_round": True}
PAGES = [
    Page("public", "First page", None, here("/")),
    Page("public", "Open rounds", None, here("/rounds"), **LIST),
    Page("public", "One round", None, of_round("open", "/rounds/{id}")),
    Page("public", "A strategy", None, here("/strategies/durham-darlington")),
    Page("public", "What was funded", None, here("/funded"), **LIST),
    Page("public", "The register of grants", None, here("/register"), **LIST),
    Page("public", "What came of a round", None, of_finished("/outcomes/{id}"), **LIST),
    Page("applicant", "My bids", "lead", here("/applications"), **LIST),
    Page("applicant", "A bid's task list", "lead", of_draft("/applications/{id}")),
    Page("applicant", "A question", "lead", of_draft("/applications/{id}/questions/Q1")),
    Page("applicant", "The budget", "lead", of_draft("/applications/{id}/questions/budget")),
    Page("applicant", "The papers of a bid", "lead", of_draft("/applications/{id}/questions/documents")),
    Page("applicant", "Check your answers", "lead", of_draft("/applications/{id}/check")),
    Page("assessor", "My bids to assess", "assessor_rowan", here("/assessing"), **LIST),
    Page("assessor", "The score form", "assessor_rowan", of_reading("/assessing/{id}")),
    Page(
        "chair",
        "The panel's round",
        "chair",
        of_round("scoring", "/panel/rounds/{id}"),
        **SCORES,
    ),
    Page("chair", "Moderate a bid", "chair", of_scored_bid("/panel/bids/{id}"), most_statements=10),
    Page("chair", "How far members agree", "chair", of_round("scoring", "/panel/rounds/{id}/agreement"), **SCORES),
    Page(
        "commissioner",
        "The best portfolio",
        "decision_maker",
        of_round("scoring", "/office/rounds/{id}/portfolio"),
        **SCORES,
    ),
    Page(
        "commissioner",
        "Decisions of a round",
        "decision_maker",
        of_round("scoring", "/office/rounds/{id}/decisions"),
        **SCORES,
    ),
    Page("commissioner", "An award", "grant_manager", of_award("/office/awards/{id}"), most_statements=10),
    Page("commissioner", "Awards", "grant_manager", here("/office/awards"), **LIST),
    Page("commissioner", "Payments", "finance", here("/office/payments"), **LIST),
    Page("commissioner", "Returns", "grant_manager", here("/office/returns"), **LIST),
    Page("commissioner", "Outcomes of a round", "head_of_fund", of_finished("/office/rounds/{id}/outcomes"), **LIST),
    Page("evaluator", "A round's data", "evaluator", of_finished("/evaluation/rounds/{id}"), **LIST),
    Page("staff", "Rounds", "officer", here("/office/rounds"), **LIST),
    Page("staff", "One round", "officer", of_round("scoring", "/office/rounds/{id}")),
    Page(
        "staff",
        "The ranking",
        "officer",
        of_round("scoring", "/office/rounds/{id}/ranking"),
        **SCORES,
    ),
    Page("staff", "One bid", "officer", of_scored_bid("/office/applications/{id}")),
    Page("staff", "The draw", "officer", of_round("scoring", "/office/rounds/{id}/draw"), **LIST),
    Page("staff", "Organisations", "officer", here("/office/organisations"), **LIST),
    Page("staff", "The audit log", "auditor", here("/office/audit-log"), **LIST),
    Page("staff", "People", "administrator", here("/office/people"), **LIST),
]
