"""What of applying waits for a fund officer: bids to check, signals to answer. Shown on the office's first page."""

from flask import url_for
from sqlalchemy import func, select

from fund.core.database import db
from fund.rounds import seen_by
from fund.tables import Fund, Round
from fund.waiting import Waiting, waits_for_me

from .signals.answering import to_answer
from .tables import Application


@waits_for_me
def bids_to_check(person, now) -> list[Waiting]:
    """How many bids wait to be checked in each round, in one statement."""
    wanted = (
        select(Round.id, Round.title, func.count())
        .join(Fund, Fund.id == Round.fund_id)
        .join(Application, Application.round_id == Round.id)
        .where(Application.status == "submitted", seen_by(person, "fund_officer", now=now))
        .group_by(Round.id, Round.title)
        .order_by(Round.id)
    )
    return [
        Waiting(
            f"Check {many} bid{'' if many == 1 else 's'}",
            url_for("applications_office.list", round_id=key, status="submitted"),
            title,
        )
        for key, title, many in db.session.execute(wanted)
    ]


@waits_for_me
def signals_to_answer(person, now) -> list[Waiting]:
    """How many signals nobody has answered in each round, in one statement."""
    return [
        Waiting(
            f"Answer {many} signal{'' if many == 1 else 's'}",
            url_for("applications_office.signals", round_id=key),
            title,
        )
        for key, title, many in to_answer(seen_by(person, "fund_officer", now=now))
    ]
