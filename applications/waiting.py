"""What of applying waits for a fund officer: bids to check, signals to answer, voice notes to type down. Shown on the office's
first page."""

from flask import url_for
from sqlalchemy import func, select

from fund.core.database import db
from fund.rounds import seen_by
from fund.tables import Fund, Round
from fund.waiting import Waiting, waits_for_me

from .signals.answering import to_answer
from .tables import Application, VoiceNote

READ_SOON = ("submitted", "eligible", "in_scoring")  # the words are wanted while people still read the bid


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
def voice_notes_to_type_down(person, now) -> list[Waiting]:
    """Bids with a voice note whose words nobody typed down yet, each by itself, in one statement."""
    wanted = (
        select(Application.id, Application.reference, Round.title, func.count())
        .join(VoiceNote, VoiceNote.application_id == Application.id)
        .join(Round, Round.id == Application.round_id)
        .join(Fund, Fund.id == Round.fund_id)
        .where(VoiceNote.removed_at.is_(None), VoiceNote.transcript.is_(None), Application.status.in_(READ_SOON))
        .where(seen_by(person, "fund_officer", now=now))
        .group_by(Application.id, Application.reference, Round.title)
        .order_by(Application.id)
        .limit(20)
    )
    return [
        Waiting(
            f"Type down {many} voice note{'' if many == 1 else 's'} of {reference}",
            url_for("applications_office.show", application_id=key),
            title,
        )
        for key, reference, title, many in db.session.execute(wanted)
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
