"""The second step of signing in: an authenticator app, the recovery codes for a lost telephone, and resets."""

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fund.core.database import Key, Model, Moment, parent

from .people import Person


class SecondFactor(Model):
    """One person's app. `secret` is sealed; `last_step` is the half minute of the newest code taken, so that none works twice.

    It counts from `confirmed_at` on, when the first code was given. After five wrong codes it rests until `paused_until`.
    """

    __tablename__ = "second_factor"
    __table_args__ = (CheckConstraint("(confirmed_at is null) = (last_step is null)", name="confirmed_by_a_code"),)

    id: Mapped[Key]
    person_id: Mapped[int] = parent("person.id", unique=True)
    secret: Mapped[bytes]
    made_at: Mapped[Moment]
    confirmed_at: Mapped[Moment | None]
    last_step: Mapped[int | None]
    wrong_count: Mapped[int] = mapped_column(default=0)
    paused_until: Mapped[Moment | None]


class RecoveryCode(Model):
    """One of ten codes for the day the telephone is lost: kept hashed, works once."""

    __tablename__ = "recovery_code"

    id: Mapped[Key]
    person_id: Mapped[int] = parent("person.id")
    code_hash: Mapped[str]
    made_at: Mapped[Moment]
    used_at: Mapped[Moment | None]


class FactorReset(Model):
    """Somebody's second step was taken away so that they can set up another: by whom, when, and why."""

    __tablename__ = "factor_reset"
    __table_args__ = (CheckConstraint("by_id is null or by_id <> person_id", name="not_ones_own"),)

    id: Mapped[Key]
    person_id: Mapped[int] = parent("person.id")
    at: Mapped[Moment]
    by_id: Mapped[int | None] = parent("person.id", index=False)
    reason: Mapped[str]

    by: Mapped[Person | None] = relationship(foreign_keys=by_id)
