"""The outbox: messages are rows in the transaction that causes them, and are sent afterwards from the row.

So nobody is told what did not happen, nobody is told twice, and a mail server that is down holds up no page.
"""

import contextlib
import smtplib
import ssl
from datetime import datetime, timedelta
from email.message import EmailMessage

from flask import current_app, render_template
from sqlalchemy import select, update
from sqlalchemy.orm import Mapped, mapped_column

from .database import Key, Model, Moment, db

WAITS = (1, 5, 15, 30, 60, 120, 240)  # minutes between tries; then every four hours until GIVE_UP
GIVE_UP = timedelta(days=3)
CLAIM = timedelta(minutes=10)  # a sender that died holds a message no longer than this


class OutboxMessage(Model):
    __tablename__ = "outbox_message"

    id: Mapped[Key]
    recipient: Mapped[str] = mapped_column(index=True)
    subject: Mapped[str]
    body: Mapped[str]
    template: Mapped[str]
    once: Mapped[str | None] = mapped_column(unique=True)
    created_at: Mapped[Moment]
    try_at: Mapped[Moment | None] = mapped_column(index=True)
    claimed_at: Mapped[Moment | None]
    sent_at: Mapped[Moment | None]
    given_up_at: Mapped[Moment | None]
    tries_count: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str | None]


def queue(template: str, recipient: str, *, now: datetime, once: str | None = None, **context) -> OutboxMessage | None:
    """Queue one message rendered from templates/emails/<template>.txt: its first line is the subject, then the text.

    `once` names the event: a second message with the same name is not queued and None is returned.
    Subjects hold references, never names (they travel in the clear).
    """
    if once and db.session.scalar(select(OutboxMessage.id).where(OutboxMessage.once == once)):
        return None
    subject, _, body = render_template(f"emails/{template}.txt", public_url=_address(), **context).partition("\n")
    message = OutboxMessage(
        recipient=recipient,
        subject=" ".join(subject.split()),
        body=body.strip() + "\n",
        template=template,
        once=once,
        created_at=now,
        try_at=now,
    )
    db.session.add(message)
    db.session.flush()
    return message


def _address() -> str:
    return current_app.config["SETTINGS"].public_url.rstrip("/")


def due(now: datetime, most: int = 50) -> list[int]:
    """Keys of the messages to try now, oldest first."""
    free = (OutboxMessage.claimed_at.is_(None)) | (OutboxMessage.claimed_at < now - CLAIM)
    waiting = (OutboxMessage.sent_at.is_(None), OutboxMessage.given_up_at.is_(None), OutboxMessage.try_at <= now, free)
    return list(db.session.scalars(select(OutboxMessage.id).where(*waiting).order_by(OutboxMessage.id).limit(most)))


def send_due(now: datetime) -> int:
    """Send what is due; commits after each message. Returns how many were handed on.

    Each is claimed first in a commit of its own, so two senders never take the same one.
    """
    settings = current_app.config["SETTINGS"]
    if settings.is_demonstration or not settings.mail_host:
        return 0
    sent = 0
    for key in due(now):
        if not _claim(key, now):
            continue
        message = db.session.get_one(OutboxMessage, key)
        try:
            deliver(message, settings)
        except Exception as error:  # an address no server takes must not hold up the messages behind it
            _note_failure(message, error, now)
            db.session.commit()
            if isinstance(error, OSError) and not isinstance(
                error, smtplib.SMTPResponseException | smtplib.SMTPRecipientsRefused
            ):
                break  # the server is away: the others wait for the next run instead of timing out one by one
            continue
        message.sent_at, message.last_error = now, None
        db.session.commit()
        sent += 1
    return sent


def _claim(key: int, now: datetime) -> bool:
    free = (OutboxMessage.claimed_at.is_(None)) | (OutboxMessage.claimed_at < now - CLAIM)
    wanted = (OutboxMessage.id == key, OutboxMessage.sent_at.is_(None), free)
    claimed = db.session.execute(update(OutboxMessage).where(*wanted).values(claimed_at=now)).rowcount
    db.session.commit()
    return claimed == 1


def _note_failure(message: OutboxMessage, error: Exception, now: datetime) -> None:
    wait = WAITS[min(message.tries_count, len(WAITS) - 1)]
    message.tries_count += 1
    message.claimed_at = None
    message.last_error = type(error).__name__
    message.try_at = now + timedelta(minutes=wait)
    if now - message.created_at > GIVE_UP:
        message.given_up_at = now


def deliver(message: OutboxMessage, settings) -> None:
    """Hand one message to the SMTP server. Raises OSError or SMTPException when it does not take it."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = settings.mail_from, message.recipient, message.subject
    # The same message has the same name at every try, so that a mailbox can tell a repeat.
    mail["Message-ID"] = f"<outbox-{message.id}-{int(message.created_at.timestamp())}@violence-prevention-fund>"
    mail["Date"] = message.created_at
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(message.body)
    server = smtplib.SMTP(settings.mail_host, settings.mail_port, timeout=20)
    try:
        if settings.mail_tls:
            server.starttls(context=ssl.create_default_context())
        if settings.mail_username:
            server.login(settings.mail_username, settings.mail_password)
        server.send_message(mail)
    finally:
        with contextlib.suppress(
            OSError, smtplib.SMTPException
        ):  # it has the message; how it says goodbye is its own affair
            server.quit()
