"""People, the roles they hold, and how they sign in without a password."""

from sqlalchemy.orm import Mapped, mapped_column, relationship

from fund.core.database import Key, Model, Moment, Versioned, one_of, parent

ROLES = {
    "administrator": "Administrator",
    "fund_officer": "Fund officer",
    "head_of_fund": "Head of fund",
    "decision_maker": "Decision maker",
    "finance_officer": "Finance officer",
    "grant_manager": "Grant manager",
    "evaluator": "Evaluator",
    "auditor": "Auditor",
}
STAFF_ROLES = tuple(role for role in ROLES if role != "evaluator")


class Person(Versioned, Model):
    """Somebody with an e-mail address. Assessors' seats and organisations' members stand in tables of their own.

    `has_recusals` says that a panel may keep bids from this person; which ones, it is asked only then.
    """

    __tablename__ = "person"

    id: Mapped[Key]
    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    phone: Mapped[str | None]
    created_at: Mapped[Moment]
    disabled_at: Mapped[Moment | None]
    cast_as: Mapped[str | None]
    has_recusals: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)

    grants: Mapped[list["RoleGrant"]] = relationship(
        foreign_keys="RoleGrant.person_id", order_by="RoleGrant.id", viewonly=True
    )

    is_authenticated = True
    is_anonymous = False

    @property
    def is_active(self) -> bool:
        return self.disabled_at is None

    @property
    def reference(self) -> str:
        """How the audit log names a person: never by name or e-mail."""
        return f"person-{self.id}"

    def get_id(self) -> str:
        return str(self.id)


class RoleGrant(Model):
    """A role for a partnership, or for one round of it, until a moment if one is set."""

    __tablename__ = "role_grant"
    __table_args__ = (one_of("role", "role", ROLES),)

    id: Mapped[Key]
    person_id: Mapped[int] = parent("person.id")
    role: Mapped[str]
    partnership_id: Mapped[int | None] = parent("partnership.id")
    round_id: Mapped[int | None] = parent("round.id")
    granted_at: Mapped[Moment]
    granted_by_id: Mapped[int | None] = parent("person.id", index=False)
    until: Mapped[Moment | None]


class SignInCode(Model):
    """A six-digit code sent to an address: kept hashed, lives fifteen minutes, works once, dies after five wrong tries.

    `purpose` keeps a code that was asked for to change an address from being one to sign in with.
    """

    __tablename__ = "sign_in_code"

    id: Mapped[Key]
    email: Mapped[str] = mapped_column(index=True)
    purpose: Mapped[str] = mapped_column(default="sign_in")
    code_hash: Mapped[str]
    salt: Mapped[str]
    sent_at: Mapped[Moment]
    expires_at: Mapped[Moment]
    used_at: Mapped[Moment | None]
    wrong_count: Mapped[int] = mapped_column(default=0)
    source: Mapped[str | None]


class SignInSession(Model):
    """A signed-in browser. Ending the row ends the session, whatever the cookie says.

    One that `waits` still has to give its second step and opens nothing but the page for it. `fresh_at` is when the person
    last showed with a code that it is them, in this browser.
    """

    __tablename__ = "sign_in_session"

    id: Mapped[Key]
    token_hash: Mapped[str] = mapped_column(unique=True)
    person_id: Mapped[int] = parent("person.id")
    started_at: Mapped[Moment]
    ends_at: Mapped[Moment]
    ended_at: Mapped[Moment | None]
    waits: Mapped[bool] = mapped_column(default=False)
    fresh_at: Mapped[Moment | None]

    person: Mapped[Person] = relationship()


class SignInTry(Model):
    """One wrong code, for slowing down guesses. `email` is the address as typed, lower case without spaces."""

    __tablename__ = "sign_in_try"

    id: Mapped[Key]
    email: Mapped[str] = mapped_column(index=True)
    at: Mapped[Moment]
    source: Mapped[str | None]
