"""Messages to the people who write a bid, and to the fund's own mailbox. The words are in templates/emails."""

from datetime import datetime

from applications.tables import Application
from fund.core import outbox
from fund.core.clock import speak_day
from fund.tables import Person

from .parties import people_of
from .schedule import last_day
from .tables import Award


def tell_applicant(template: str, application: Application, *, now: datetime, once: str, **context) -> None:
    """One message to each person who writes the bid. `once` names the event; each person gets it once."""
    partnership = application.round.fund.partnership
    for person in people_of(application):
        outbox.queue(
            template, person.email, now=now, once=f"{once}-{person.id}", person=person, application=application,
            reference=application.reference, partnership=partnership, **context,
        )  # fmt: skip


def tell_fund(template: str, application: Application, *, now: datetime, once: str, **context) -> None:
    """One message to the fund's own mailbox."""
    partnership = application.round.fund.partnership
    outbox.queue(
        template, partnership.email, now=now, once=once, application=application, reference=application.reference,
        partnership=partnership, **context,
    )  # fmt: skip


def please_sign(award: Award, person: Person, *, now: datetime, again: str = "") -> None:
    """Tell somebody that they are named to sign; `again` names a reminder."""
    outbox.queue(
        "please_sign", person.email, now=now, once=f"please-sign-{award.id}-{person.id}{again}", person=person, award=award,
        reference=award.reference, accept_by=speak_day(last_day(award.accept_by), weekday=True),
        partnership=award.round.fund.partnership,
    )  # fmt: skip
