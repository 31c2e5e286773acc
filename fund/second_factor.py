"""The second step of signing in: a code from an authenticator app, or one of ten recovery codes.

People with a staff role must have one; others may. It counts once its first code was given. A code works once; after five
wrong ones there is a pause that ends by itself. The secret stands sealed, recovery codes hashed.
"""

import re
import secrets
from datetime import datetime, timedelta

import pyotp
from flask import current_app
from sqlalchemy import delete, func, select

from fund import sessions
from fund.core import audit, outbox
from fund.core.database import db
from fund.core.problems import Problem, WrongMoment
from fund.core.sealing import fingerprint, seal, unseal
from fund.roles import holds
from fund.tables import STAFF_ROLES, FactorReset, Person, RecoveryCode, SecondFactor

ISSUER = "Violence Prevention Fund"
STEP = 30  # seconds that one code of the app stands (RFC 6238)
TRIES, PAUSE = 5, timedelta(minutes=15)
RECOVERY_CODES = 10
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is taken for another
LEAST_REASON = 10
SECRET, RECOVERY = "second factor", "recovery code"  # purposes of the sealing

WRONG = "That code is not right. Type the 6 digits that the app shows now"
USED = "That code was used already. Wait until the app shows the next one"
PAUSED = f"There were {TRIES} wrong codes. Wait {int(PAUSE.total_seconds() // 60)} minutes, then try again"


def must_have(person: Person) -> bool:
    """Whether this person's work needs a second step: everybody with a role of a partnership's staff.

    Assessors need none: docs/decisions/0033 says why.
    """
    return current_app.config["SETTINGS"].second_factor and holds(person, *STAFF_ROLES)


def is_asked_for(person: Person) -> bool:
    """Whether signing in goes on to the second step: who must have one, and who has set one up by choice."""
    if not current_app.config["SETTINGS"].second_factor:
        return False
    return must_have(person) or confirmed_of(person) is not None


def factor_of(person: Person) -> SecondFactor | None:
    return db.session.scalar(select(SecondFactor).where(SecondFactor.person_id == person.id))


def confirmed_of(person: Person) -> SecondFactor | None:
    """The app that counts, or None while none is set up."""
    factor = factor_of(person)
    return factor if factor is not None and factor.confirmed_at is not None else None


def begin_set_up(person: Person, *, now: datetime) -> SecondFactor:
    """A fresh secret to be confirmed. Raises WrongMoment when an app counts already."""
    factor = factor_of(person)
    if factor is not None and factor.confirmed_at is not None:
        raise WrongMoment("An app is set up already.")
    if factor is None:
        factor = SecondFactor(person_id=person.id)
        db.session.add(factor)
    factor.secret, factor.made_at = seal(pyotp.random_base32().encode(), SECRET), now
    db.session.flush()
    return factor


def secret_of(factor: SecondFactor) -> str:
    """The secret in clear, to be shown while the app is set up and never afterwards."""
    return unseal(factor.secret, SECRET).decode()


def address_for_app(factor: SecondFactor, person: Person) -> str:
    """The otpauth:// address that the QR code holds."""
    return pyotp.TOTP(secret_of(factor)).provisioning_uri(name=person.email, issuer_name=ISSUER)


def confirm(person: Person, typed: str, *, now: datetime) -> list[str] | str:
    """Take the first code of a new app: the recovery codes, shown this once; or the sentence that says why not.

    The caller commits in either case: a wrong try counts.
    """
    refusal = give_code(person, typed, now=now)
    if refusal is not None:
        return refusal
    codes = make_recovery_codes(person, now=now)
    audit.record("factor.set_up", person, by=person, now=now)
    outbox.queue("factor_set_up", person.email, now=now, name=person.name)
    return codes


def give_code(person: Person, typed: str, *, now: datetime) -> str | None:
    """None when the code of the app (or a recovery code) is right and was not used; else the sentence that says why not."""
    locked = select(SecondFactor).where(SecondFactor.person_id == person.id).with_for_update()
    factor = db.session.scalar(locked.execution_options(populate_existing=True))
    if factor is None:
        return "Set up an app first"
    if factor.paused_until is not None and now < factor.paused_until:
        return PAUSED
    compact = re.sub(r"[\s-]", "", typed).lower()
    step = _step_of(factor, compact, now)
    if step is not None and step <= (factor.last_step or 0):
        return USED
    if step is None and not (factor.confirmed_at and _take_recovery_code(person, compact, now)):
        return _count_wrong(factor, now)
    factor.last_step = step or factor.last_step
    factor.wrong_count, factor.paused_until = 0, None
    if factor.confirmed_at is None:
        factor.confirmed_at = now
    db.session.flush()
    return None


def _step_of(factor: SecondFactor, digits: str, now: datetime) -> int | None:
    """The half minute to which this code belongs: the running one, or one beside it for a clock that is a little off."""
    if not (digits.isascii() and digits.isdecimal() and len(digits) == 6):
        return None
    app, running = pyotp.TOTP(secret_of(factor)), int(now.timestamp()) // STEP
    found = [
        step for step in (running - 1, running, running + 1) if secrets.compare_digest(app.at(step * STEP), digits)
    ]
    return max(found) if found else None


def _count_wrong(factor: SecondFactor, now: datetime) -> str:
    factor.wrong_count += 1
    if factor.wrong_count >= TRIES:
        factor.wrong_count, factor.paused_until = 0, now + PAUSE
    db.session.flush()
    return PAUSED if factor.paused_until is not None and now < factor.paused_until else WRONG


def make_recovery_codes(person: Person, *, now: datetime) -> list[str]:
    """Ten new codes; older ones stop working. They are given back here and nowhere else."""
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person.id))
    codes = ["".join(secrets.choice(LETTERS) for _ in range(10)) for _ in range(RECOVERY_CODES)]
    db.session.add_all(RecoveryCode(person_id=person.id, code_hash=_hash(person, code), made_at=now) for code in codes)
    db.session.flush()
    audit.record("factor.recovery_codes", person, by=person, now=now)
    return [f"{code[:5]}-{code[5:]}" for code in codes]


def codes_left(person: Person) -> int:
    wanted = (RecoveryCode.person_id == person.id, RecoveryCode.used_at.is_(None))
    return db.session.scalar(select(func.count()).select_from(RecoveryCode).where(*wanted)) or 0


def _take_recovery_code(person: Person, compact: str, now: datetime) -> bool:
    wanted = (RecoveryCode.person_id == person.id, RecoveryCode.code_hash == _hash(person, compact))
    row = db.session.scalar(select(RecoveryCode).where(*wanted, RecoveryCode.used_at.is_(None)))
    if row is None:
        return False
    row.used_at = now
    audit.record("factor.recover", person, by=person, now=now)
    outbox.queue("recovery_code_used", person.email, now=now, name=person.name, left=codes_left(person))
    return True


def _hash(person: Person, compact: str) -> str:
    """Keyed, so that a stolen copy of the database is no list to guess at; the person's key makes equal codes differ."""
    return fingerprint(f"{person.id} {compact}".encode("utf-8", "replace"), RECOVERY)


def stop(person: Person, *, now: datetime) -> None:
    """Do without a second step again. Raises Problem for those whose role needs one."""
    if must_have(person):
        raise Problem("Your role needs a second step. You can set up another telephone instead.")
    _forget(person)
    audit.record("factor.stop", person, by=person, now=now)


def replace_app(person: Person, *, now: datetime) -> SecondFactor:
    """Begin with another telephone: the old app and its recovery codes stop working at once."""
    _forget(person)
    audit.record("factor.replace", person, by=person, now=now)
    return begin_set_up(person, now=now)


def reset(person: Person, reason: str, *, by: Person | None, now: datetime) -> None:
    """Take away somebody's app so that they set up another at their next sign-in. Never one's own.

    The person is signed out and told. Until a new app is set up no page of the staff opens for them.
    Raises Problem without a reason, or when there is nothing to reset.
    """
    if by is not None and by.id == person.id:
        raise Problem("You cannot reset your own second step. Ask another administrator.")
    if len(reason.strip()) < LEAST_REASON:
        raise Problem("Say how you know that it is them, and why they need a new one", "reason")
    if factor_of(person) is None:
        raise WrongMoment("This person has no second step to reset.")
    _forget(person)
    db.session.add(FactorReset(person_id=person.id, at=now, by_id=by and by.id, reason=reason.strip()))
    sessions.end_all_of(person, now=now)
    audit.record("factor.reset", person, by=by, now=now)
    outbox.queue("factor_reset", person.email, now=now, name=person.name)


def resets_of(person: Person) -> list[FactorReset]:
    return list(
        db.session.scalars(select(FactorReset).where(FactorReset.person_id == person.id).order_by(FactorReset.id))
    )


def _forget(person: Person) -> None:
    for table in (RecoveryCode, SecondFactor):
        db.session.execute(delete(table).where(table.person_id == person.id))
    db.session.flush()
