"""The doors of rounds, strategies and pots, given to the app by one call in fund/package.py."""

from flask import Flask, url_for
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from fund import demonstration_rounds, needs, permissions_rounds, round_life, strategy_loading  # noqa: F401
from fund.core.database import db
from fund.core.money import pounds
from fund.core.navigation import add_item
from fund.core.permissions import may
from fund.rounds import seen_by
from fund.tables import Fund, PotChange, Round
from fund.views import pots_office, public, round_parts, round_sections, rounds_office, strategies
from fund.views.links import link_to
from fund.waiting import Waiting, waits_for_me


def add_rounds(app: Flask) -> None:
    """Register the pages, what they put into navigation, and what of them waits for somebody."""
    for module in (public, strategies, rounds_office, round_parts, pots_office):
        app.register_blueprint(module.blueprint)
    app.jinja_env.globals.update(link_to=link_to, round_navigation=round_sections.for_round)
    add_item("Rounds", "public.rounds", "public", "applicant", order=10)
    add_item("Strategies", "strategies.index", "public", order=20)
    add_item("Office", "rounds_office.home", "staff", rule="use_office", order=1)
    add_item("Rounds", "rounds_office.rounds", "staff", rule="use_office", order=10)
    round_sections.add("Overview", "rounds_office.show", order=10)
    round_sections.add("Pot", "pots_office.pot", order=20)
    round_sections.add("History", "rounds_office.history", order=90)


@waits_for_me
def rounds_to_publish(person, now):
    """Rounds in preparation, for their fund officers; urgent when their opening time has passed."""
    wanted = select(Round).join(Round.fund).where(Round.status == "draft", seen_by(person, "fund_officer", now=now))
    return [
        Waiting(
            f"Get {each.title} ready to publish",
            url_for("rounds_office.show", round_id=each.id),
            "Its opening time has passed." if each.opens_at <= now else "It is being prepared.",
            urgent=each.opens_at <= now,
        )
        for each in db.session.scalars(wanted.order_by(Round.opens_at, Round.id))
    ]


@waits_for_me
def pots_to_decide(person, now):
    """Changes of a pot that wait for a second person."""
    wanted = (
        select(PotChange)
        .join(PotChange.round)
        .join(Round.fund)
        .options(joinedload(PotChange.round).joinedload(Round.fund).joinedload(Fund.partnership))
        .where(PotChange.outcome.is_(None), PotChange.proposed_by_id != person.id)
        .where(seen_by(person, "fund_officer", "head_of_fund", "decision_maker", now=now))
    )
    return [
        Waiting(
            f"Approve or refuse a pot of {pounds(each.total_pence)}",
            url_for("pots_office.pot", round_id=each.round_id),
            each.round.title,
            urgent=True,
        )
        for each in db.session.scalars(wanted.order_by(PotChange.id))
        if may(person, "decide_pot", each)
    ]
