"""Signing in without a password: a code goes to an e-mail address, and whoever can read it there may come in.

Known and unknown addresses are treated alike to the last step, so the pages cannot tell anybody who has an account.
Guesses are slowed per code, per address and per network address; every pause ends by itself.
"""

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import case, delete, func, select, update

from fund import organisations, people
from fund.core import outbox
from fund.core.database import db
from fund.core.jobs import job
from fund.core.problems import TooMany
from fund.tables import Person, SignInCode, SignInSession, SignInTry

PAUSE = timedelta(minutes=5)  # over which wrong codes for one address are counted
HOUR = timedelta(hours=1)
KEPT = timedelta(days=1)  # how long codes and wrong tries are kept after they stopped mattering

WRONG = "That code is not right. Look for the newest email from us and type its 6 digits"
OVER = "That code does not work any more. Ask for a new one"
CLOSED = "This account is closed. Contact us if you think that is wrong"


@dataclass(frozen=True)
class Refused:
    """Why a code did not let somebody in. Returned, not raised: the wrong try itself has to be kept."""

    sentence: str
    status: int = 200
    ask_again: bool = False


# What a code may be for, with the message that carries it. A code for one purpose is none for another.
MAILS = {"sign_in": "sign_in_code", "confirm": "confirm_code", "new_email": "new_email_code"}


def send_code(email: str, *, source: str | None, now: datetime, purpose: str = "sign_in") -> SignInCode:
    """Mail a new code to this address; older ones stop working. Nothing here depends on whether the address is known.

    Raises TooMany when the address or the network address has asked too often in the last hour.
    """
    email, settings = people.tidy_email(email), current_app.config["SETTINGS"]
    if _sent(SignInCode.email == email, now) >= settings.codes_per_hour:
        raise TooMany("Too many codes were sent to this address. Use the newest one, or try again in an hour", "email")
    if source and _sent(SignInCode.source == source, now) >= settings.codes_per_source:
        raise TooMany("Too many codes were asked for from where you are. Try again in an hour", "email")
    code, salt = f"{secrets.randbelow(1_000_000):06d}", secrets.token_hex(16)
    row = SignInCode(
        email=email,
        purpose=purpose,
        code_hash=_hash(code, salt),
        salt=salt,
        sent_at=now,
        expires_at=now + timedelta(minutes=settings.code_minutes),
        source=source,
    )
    db.session.add(row)
    db.session.flush()
    outbox.queue(MAILS[purpose], email, now=now, once=f"code-{row.id}", code=code, minutes=settings.code_minutes)
    return row


def _sent(who, now: datetime) -> int:
    return db.session.scalar(select(func.count()).where(who, SignInCode.sent_at > now - HOUR)) or 0


def enter_code(email: str, typed: str, *, source: str | None, now: datetime) -> Person | Refused:
    """The person whom this code lets in, added when the address is new; or why it does not. The caller commits in either case."""
    found = check_code(email, typed, source=source, now=now)
    return found if isinstance(found, Refused) else _let_in(found, now)


def check_code(email: str, typed: str, *, source: str | None, now: datetime, purpose: str = "sign_in") -> SignInCode | Refused:  # fmt: skip
    """The code that was used up by this, or why it is not right. The caller commits in either case: a wrong try counts.

    A code works once, until its time is up, until a newer one was sent, and for as many tries as the settings say.
    """
    email, settings = people.tidy_email(email), current_app.config["SETTINGS"]
    if _wrong(email, now) >= settings.tries_per_address:
        return _pause(settings)
    code = _newest(email, purpose)
    alive = code is not None and code.used_at is None and now < code.expires_at
    alive = alive and code.wrong_count < settings.code_tries
    digits = re.sub(r"[\s-]", "", typed)
    expected, salt = (code.code_hash, code.salt) if code is not None else ("", "")
    matches = hmac.compare_digest(_hash(digits, salt), expected)
    if matches and alive:
        code.used_at = now
        db.session.flush()
        return code
    db.session.add(SignInTry(email=email, at=now, source=source))
    if code is not None:
        code.wrong_count += 1
    db.session.flush()
    if _wrong(email, now) >= settings.tries_per_address:
        return _pause(settings)
    if not alive or code.wrong_count >= settings.code_tries:
        return Refused(OVER, ask_again=True)
    return Refused(WRONG)


def _newest(email: str, purpose: str) -> SignInCode | None:
    """The only code that may still work. Locked, so that two tries at once count as two."""
    wanted = (SignInCode.email == email, SignInCode.purpose == purpose)
    newest = select(SignInCode).where(*wanted).order_by(SignInCode.id.desc()).limit(1)
    return db.session.scalar(newest.with_for_update().execution_options(populate_existing=True))


def _wrong(email: str, now: datetime) -> int:
    wanted = (SignInTry.email == email, SignInTry.at > now - PAUSE)
    return db.session.scalar(select(func.count()).where(*wanted)) or 0


def _pause(settings) -> Refused:
    minutes = int(PAUSE.total_seconds() // 60)
    return Refused(f"There were too many wrong codes for this address. Wait {minutes} minutes, then try again", 429)


def _let_in(code: SignInCode, now: datetime) -> Person | Refused:
    person = people.find_person(code.email)
    if person is None:
        person = people.add_person(code.email, code.email, by=None, now=now)
    if person.disabled_at is not None:
        return Refused(CLOSED, 403)
    organisations.accept_invitations(person, now=now)
    return person


def has_a_name(person: Person) -> bool:
    """Whether somebody new has said what to call them; until then their address stands for it."""
    return person.name != person.email


def _hash(code: str, salt: str) -> str:
    """Keyed with the installation's secret: six digits alone could be guessed from a stolen copy of the database."""
    key = current_app.config["SECRET_KEY"].encode()
    return hmac.new(key, f"{salt}:{code}".encode("utf-8", "replace"), hashlib.sha256).hexdigest()


@job("tidy_sign_in", hour=3, minute=10)
def tidy_sign_in(now: datetime) -> str | None:
    """Forget codes, wrong tries and sessions that stopped mattering, and the codes in mail that was sent."""
    before = now - KEPT
    gone = sum(
        db.session.execute(delete(table).where(stopped < before)).rowcount
        for table, stopped in (
            (SignInCode, SignInCode.expires_at),
            (SignInTry, SignInTry.at),
            (SignInSession, SignInSession.ends_at),
        )
    )
    mail = outbox.OutboxMessage
    old = (mail.template.in_(MAILS.values()), mail.created_at < before, mail.body != "")
    unsent = case((mail.sent_at.is_(None), now), else_=mail.given_up_at)
    db.session.execute(update(mail).where(*old).values(body="", given_up_at=unsent))
    db.session.commit()
    return f"{gone} rows forgotten" if gone else None
