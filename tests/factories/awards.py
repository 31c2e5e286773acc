"""Bids that wait for a decision, and awards at each point of their life."""

from datetime import date
from itertools import count

from applications.tables import Application, Collaborator, Form
from applications.workflow import APPLICATION
from awards import acceptance, bank, decisions, offers
from awards.conditions import clear_condition
from awards.tables import Award
from awards.tranches import open_conditions
from fund.core import clock, workflow
from fund.core.database import db
from fund.tables import Priority, Round
from scoring.tables import Assignment, Panel, Seat

from . import fund as make

_numbers = count(1)
REASONS = "Strong evidence of need and a plan that the panel believes in."


def bid(round: Round, *, asked_pence: int = 1_000_000, status: str = "moderated", legal_form: str = "cio", confirmed=True, **facts) -> Application:  # fmt: skip
    """A bid with a lead, three periods long, that the panel has moderated."""
    number = next(_numbers)
    lead = make.person()
    organisation = make.organisation(lead, legal_form=legal_form, confirmed=confirmed)
    form = db.session.query(Form).filter_by(round_id=round.id).first()
    if form is None:
        form = make._add(Form(round_id=round.id, number=1, elsewhere=[], created_at=clock.now()))
    priority = db.session.query(Priority).filter_by(strategy_id=round.strategy_id).order_by(Priority.position).first()
    given = {
        "reference": f"{round.prefix}-{number:04d}", "title": f"Safe evenings {number}", "requested_pence": asked_pence,
        "priority_id": priority and priority.id, "starts_on": date(2026, 6, 1), "ends_on": date(2027, 2, 28),
        "submitted_at": clock.now(), "created_at": clock.now(), "created_by_id": lead.id,
    }  # fmt: skip
    row = Application(round_id=round.id, form_id=form.id, organisation_id=organisation.id, **given | facts)
    if status != "draft":
        _begin_in(row, status)
    make._add(row)
    make._add(Collaborator(application_id=row.id, person_id=lead.id, role="lead", added_at=clock.now()))
    return row


def _begin_in(row: Application, status: str) -> None:
    token = workflow._moving.set(True)
    row.status = status
    workflow._moving.reset(token)


def lead(application: Application):
    return db.session.query(Collaborator).filter_by(application_id=application.id, role="lead").one().person


def two_deciders(round: Round):
    return make.staff("decision_maker", round), make.staff("decision_maker", round)


def assessed_by(person, application: Application) -> Assignment:
    """Have a person given this bid to score."""
    panel = db.session.query(Panel).filter_by(round_id=application.round_id).first()
    panel = panel or make._add(Panel(round_id=application.round_id, name="Panel", created_at=clock.now()))
    seat = make._add(Seat(panel_id=panel.id, person_id=person.id, kind="assessor", label=f"Member {person.id}", appointed_at=clock.now()))  # fmt: skip
    return make._add(
        Assignment(application_id=application.id, seat_id=seat.id, status="assigned", assigned_at=clock.now())
    )


def proposed(application: Application, kind: str = "offer", amount_pence: int | None = None, by=None, **facts):
    by = by or make.staff("decision_maker", application.round)
    amount = (amount_pence or application.requested_pence) if kind == "offer" else None
    given = {"reasons": REASONS, "amount_pence": amount}
    return decisions.propose_decision(application, kind, by=by, now=clock.now(), **given | facts)


def decided(application: Application, kind: str = "offer", amount_pence: int | None = None, **facts):
    """Proposed by one decision maker and approved by another."""
    decision = proposed(application, kind, amount_pence, **facts)
    decisions.approve_decision(decision, by=make.staff("decision_maker", application.round), now=clock.now())
    return decision


def offered(round: Round, amount_pence: int = 1_000_000, **facts) -> Award:
    application = bid(round, asked_pence=amount_pence, **facts)
    decided(application)
    return offers.load_award(offers.award_of(application).id)


def accepted(round: Round, amount_pence: int = 1_000_000, **facts) -> Award:
    award = offered(round, amount_pence, **facts)
    sign(award, lead(award.application))
    return award


def sign(award: Award, person, role: str = "Trustee"):
    return acceptance.sign_offer(award, name=person.name, role=role, terms_read=True, by=person, now=clock.now())


def with_bank(award: Award, account_number: str = ""):
    """Bank details of its own, entered by the lead, checked and confirmed by two others."""
    account_number = account_number or f"{30_000_000 + next(_numbers)}"
    detail = bank.enter_detail(award, account_name="The account", sort_code="20-45-67", account_number=account_number, by=lead(award.application), now=clock.now())  # fmt: skip
    bank.check_detail(detail, "Called the treasurer on the number of the register", by=make.staff("finance_officer", award.round), now=clock.now())  # fmt: skip
    bank.confirm_detail(detail, by=make.staff("head_of_fund", award.round), now=clock.now())
    return detail


def in_delivery(round: Round, amount_pence: int = 1_000_000, **facts) -> Award:
    """Accepted, verified and under way, with the conditions that hold payments cleared."""
    award = accepted(round, amount_pence, **facts)
    with_bank(award)
    manager = make.staff("grant_manager", round)
    for each in open_conditions(award):
        clear_condition(each, "Certificate seen, ends 31 March 2027", by=manager, now=clock.now())
    make.put(award.application, "in_delivery", APPLICATION)
    return award
