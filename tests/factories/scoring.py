"""Panels, bids that wait for scores, and scores, for tests. Scores are given through the real acts."""

from itertools import count

from applications.answers import digest_of
from applications.form_design import freeze_form
from applications.forms import current_form, form_of
from applications.standard_form import use_standard_form
from applications.tables import Answer, Application, Document
from applications.workflow import APPLICATION
from fund.core import clock, files
from fund.core.database import db
from fund.tables import Person, Priority, Round
from scoring import assignments, conflicts, criteria, panels, scores
from scoring.tables import Assignment, Seat
from tests.factories import fund as make

_numbers = count(1)
MARKS_OF_62 = {"C1": 3, "C2": 3, "C3": 3, "C4": 3, "C5": 3, "C6": 3, "C7": 5}
MARKS_OF_71 = {"C1": 4, "C2": 4, "C3": 4, "C4": 3, "C5": 3, "C6": 3, "C7": 3}
MARKS_OF_74 = {"C1": 4, "C2": 3, "C3": 4, "C4": 4, "C5": 4, "C6": 3, "C7": 3}


def round(**facts) -> Round:
    """A published round with the standard criteria."""
    row = make.round(published=False, **facts)
    criteria.use_standard_criteria(row, by=None, now=clock.now())
    return make.put(row, "published", None)


def bid(of: Round, status: str = "eligible", **facts) -> Application:
    """A bid that arrived and was found eligible, unless another status is given."""
    number = next(_numbers)
    form = current_form(of)
    if form is None:
        use_standard_form(of, by=None, now=clock.now())
        freeze_form(of, by=None, now=clock.now())
        form = current_form(of)
    lead = make.person()
    priority = db.session.query(Priority).filter_by(strategy_id=of.strategy_id, code="1").one()
    given = {
        "reference": f"{of.prefix}-{number:04d}", "title": f"Bid {number}", "requested_pence": 1_000_000, "priority_id": priority.id,
        "strand_id": "mentoring", "organisation_id": make.organisation(lead).id, "created_by_id": lead.id,
    }  # fmt: skip
    row = Application(round_id=of.id, form_id=form.id, created_at=clock.now(), **given | facts)
    db.session.add(row)
    db.session.flush()
    row.submitted_at = clock.now()
    return make.put(row, status, None)


def seat(of: Round, kind: str = "assessor", who: Person | None = None, label: str = "") -> Seat:
    panel = panels.open_panel(of, by=None, now=clock.now())
    who = who or make.person()
    return panels.appoint(panel, who, kind, label or f"Member {next(_numbers)}", by=None, now=clock.now())


def reading(bid: Application, seat: Seat, *, declared: bool = True) -> Assignment:
    """An assignment; with `declared`, the member has said that there is no conflict."""
    row = assignments.assign(bid, seat, by=None, now=clock.now())
    if declared:
        conflicts.declare(row, False, None, by=seat.person, now=clock.now())
    return row


def start(bid: Application, officer: Person | None = None) -> Application:
    officer = officer or make.staff("fund_officer", bid.round)
    APPLICATION.move(bid, "start_scoring", by=officer, now=clock.now())
    return bid


def give(row: Assignment, marks: dict[str, int | None], *, sealed: bool = True) -> Assignment:
    """Give marks with reasons for the criteria named, and finish."""
    for each in criteria.criteria_of(row.application.round_id):
        if each.code in marks:
            mark = marks[each.code]
            scores.save_score(row, each, mark=mark, not_applicable=mark is None, reason=f"Because of {each.code}.", by=row.seat.person, now=clock.now())  # fmt: skip
    db.session.flush()
    if sealed:
        scores.seal(row, by=row.seat.person, now=clock.now())
    return row


def scored_bid(
    of: Round, *marks: dict[str, int | None], status: str = "in_scoring"
) -> tuple[Application, list[Assignment]]:
    """A bid in scoring with one finished reading for each set of marks; the panel grows as needed."""
    seats = panels.seats_of(of, "assessor")
    seats += [seat(of) for _ in range(len(marks) - len(seats))]
    row = bid(of)
    rows = [reading(row, each) for each in seats[: len(marks)]]
    make.put(row, status, None)
    for each, given in zip(rows, marks, strict=True):
        give(each, given)
    return row, rows


def document(bid: Application, content: bytes = b"accounts") -> Document:
    """A document that came with a bid."""
    file = files.store(content, "accounts.pdf", "application/pdf", by=None, now=clock.now())
    row = Document(
        application_id=bid.id, file_id=file.id, kind="accounts", added_at=clock.now(), added_by_id=bid.created_by_id
    )
    db.session.add(row)
    db.session.flush()
    return row


def answer(bid: Application, key: str, value) -> None:
    """One answer to a question of the standard form, put in after the bid was sent."""
    question = form_of(bid).by_key[key]
    digest = digest_of(value)
    db.session.add(Answer(application_id=bid.id, question_id=question.id, value=value, digest=digest, version=1, saved_at=clock.now(), saved_by_id=bid.created_by_id))  # fmt: skip
    db.session.flush()
