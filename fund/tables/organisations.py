"""Organisations: their legal form, the numbers registers know them by, their people, and their policies."""

from datetime import date

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fund.core.database import Key, Model, Moment, Pence, Versioned, one_of, parent
from fund.core.files import StoredFile

from .people import Person

MEMBER_ROLES = {"lead": "Lead", "member": "Member"}
CHECK_RESULTS = {"confirmed": "Confirmed", "not_found": "Not found", "removed": "Removed from the register"}


class Organisation(Versioned, Model):
    """A body that applies. `legal_form` is a key of fund/strategies/legal_forms.yaml."""

    __tablename__ = "organisation"

    id: Mapped[Key]
    name: Mapped[str] = mapped_column(index=True)
    legal_form: Mapped[str]
    address: Mapped[str | None]
    town: Mapped[str | None]
    postcode: Mapped[str | None]
    email: Mapped[str | None]
    phone: Mapped[str | None]
    website: Mapped[str | None]
    annual_income_pence: Mapped[Pence | None]
    home_based: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[Moment]
    created_by_id: Mapped[int | None] = parent("person.id", index=False)
    version: Mapped[int] = mapped_column(default=1)

    identifiers: Mapped[list["Identifier"]] = relationship(order_by="Identifier.id", viewonly=True)


class Identifier(Model):
    """One number of an organisation in one register. Plausible when its shape is right; real when somebody checked."""

    __tablename__ = "identifier"
    __table_args__ = (
        UniqueConstraint("organisation_id", "scheme", "number"),
        one_of("check_result", "check_result", CHECK_RESULTS),
    )

    id: Mapped[Key]
    organisation_id: Mapped[int] = parent("organisation.id")
    scheme: Mapped[str]
    number: Mapped[str]
    added_at: Mapped[Moment]
    check_result: Mapped[str | None]
    checked_at: Mapped[Moment | None]
    checked_by_id: Mapped[int | None] = parent("person.id", index=False)
    check_evidence: Mapped[str | None]

    checked_by: Mapped[Person | None] = relationship(foreign_keys=checked_by_id)


class IdentifierCheck(Model):
    """One look at a register: what it said, how we know, who looked. Later checks come beside it, none is overwritten."""

    __tablename__ = "identifier_check"
    __table_args__ = (one_of("result", "result", CHECK_RESULTS),)

    id: Mapped[Key]
    identifier_id: Mapped[int] = parent("identifier.id")
    result: Mapped[str]
    evidence: Mapped[str]
    checked_at: Mapped[Moment]
    checked_by_id: Mapped[int | None] = parent("person.id", index=False)

    checked_by: Mapped[Person | None] = relationship()


class Membership(Model):
    __tablename__ = "membership"
    __table_args__ = (UniqueConstraint("organisation_id", "person_id"), one_of("role", "role", MEMBER_ROLES))

    id: Mapped[Key]
    organisation_id: Mapped[int] = parent("organisation.id")
    person_id: Mapped[int] = parent("person.id")
    role: Mapped[str]
    since: Mapped[Moment]
    left_at: Mapped[Moment | None]

    organisation: Mapped[Organisation] = relationship()
    person: Mapped[Person] = relationship()


class Invitation(Model):
    """An e-mail address that was asked to join before anybody signed in with it. It becomes a membership at sign-in."""

    __tablename__ = "invitation"

    id: Mapped[Key]
    organisation_id: Mapped[int] = parent("organisation.id")
    email: Mapped[str] = mapped_column(index=True)
    invited_at: Mapped[Moment]
    invited_by_id: Mapped[int] = parent("person.id", index=False)
    expires_at: Mapped[Moment]
    accepted_at: Mapped[Moment | None]
    withdrawn_at: Mapped[Moment | None]

    organisation: Mapped[Organisation] = relationship()


class PolicyDocument(Model):
    """A policy kept once and used by every bid: safeguarding, insurance, constitution, accounts."""

    __tablename__ = "policy_document"

    id: Mapped[Key]
    organisation_id: Mapped[int] = parent("organisation.id")
    kind: Mapped[str]
    file_id: Mapped[int] = parent("stored_file.id")
    expires_on: Mapped[date | None]
    added_at: Mapped[Moment]
    added_by_id: Mapped[int] = parent("person.id", index=False)
    removed_at: Mapped[Moment | None]

    file: Mapped[StoredFile] = relationship()
