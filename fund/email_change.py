"""Changing one's e-mail address: shown by a code that the new address is read, and told to the old one."""

from datetime import datetime

from fund import people, sessions
from fund.core import audit, outbox
from fund.core.guards import once_only
from fund.core.problems import Problem
from fund.sign_in import Refused, check_code, send_code
from fund.tables import Person

PURPOSE = "new_email"
TAKEN = "Another account has that address already. Sign out and sign in with it, or use another address"


def ask(person: Person, email: str, *, source: str | None, now: datetime) -> str:
    """Send a code to the new address, whether or not an account has it: only who reads it there learns that. Answers the address.

    Raises Problem when it is the address already, TooMany when too many codes were asked for.
    """
    email = people.tidy_email(email)
    if email == person.email:
        raise Problem("That is your address already", "email")
    send_code(email, source=source, now=now, purpose=PURPOSE)
    return email


def change(person: Person, email: str, typed: str, *, token: str, source: str | None, now: datetime) -> Refused | None:
    """Take the new address when the code is right. Roles, organisations and bids stay; other browsers are signed out.

    Both addresses are told. The caller commits in either case: a wrong try counts.
    """
    found = check_code(email, typed, source=source, now=now, purpose=PURPOSE)
    if isinstance(found, Refused):
        return found
    if people.find_person(email) is not None:
        return Refused(TAKEN, 409, ask_again=True)
    old = person.email
    with once_only(TAKEN):
        person.email = email
        person.touch()
    sessions.end_all_of(person, now=now, but=token)
    audit.record("person.email", person, by=person, now=now)
    outbox.queue("email_changed", old, now=now, name=person.name, hint=hint_of(email))
    outbox.queue("email_is_yours", email, now=now, name=person.name)
    return None


def hint_of(email: str) -> str:
    """Enough of an address for its owner to know it again: "a…@example.org"."""
    name, _, place = email.partition("@")
    return f"{name[:1]}…@{place}"
