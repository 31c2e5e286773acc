"""The pot of a round and the ledger that explains every penny of it. Entries are only ever added."""

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fund.core.database import Key, Model, Moment, Pence, one_of, parent

from .people import Person
from .rounds import Round

ENTRY_KINDS = {
    "pot": "Pot set or changed",
    "offer": "Offered",
    "lapse": "Offer ended",
    "commit": "Committed on acceptance",
    "release": "Commitment released",
    "pay": "Paid",
    "recover": "Recovered",
}
POT_OUTCOMES = {"approved": "Approved", "refused": "Refused", "taken_back": "Taken back"}


class Pot(Model):
    """What a round has, kept beside the ledger so that the database itself refuses one penny too much (rule 10).

    pot = room + offered + committed + paid - recovered, where committed is what is promised and not yet paid.
    """

    __tablename__ = "pot"
    __table_args__ = (
        CheckConstraint(
            "offered_pence + committed_pence + paid_pence - recovered_pence <= total_pence + over_pence",
            name="never_exceeded",
        ),
        CheckConstraint(
            "offered_pence >= 0 and committed_pence >= 0 and paid_pence >= 0 and recovered_pence >= 0",
            name="no_negatives",
        ),
        CheckConstraint("recovered_pence <= paid_pence", name="recovered_was_paid"),
    )

    id: Mapped[Key]
    round_id: Mapped[int] = parent("round.id", unique=True)
    total_pence: Mapped[Pence]
    over_pence: Mapped[Pence] = mapped_column(default=0)
    offered_pence: Mapped[Pence] = mapped_column(default=0)
    committed_pence: Mapped[Pence] = mapped_column(default=0)
    paid_pence: Mapped[Pence] = mapped_column(default=0)
    recovered_pence: Mapped[Pence] = mapped_column(default=0)

    @property
    def room_pence(self) -> int:
        """What can still be offered, in pence."""
        return self.total_pence + self.over_pence - self.taken_pence

    @property
    def taken_pence(self) -> int:
        return self.offered_pence + self.committed_pence + self.paid_pence - self.recovered_pence


class PotChange(Model):
    """A change of a published round's pot: proposed by one person, decided by another (rule 11). Kept, whatever became of it."""

    __tablename__ = "pot_change"
    __table_args__ = (
        one_of("outcome", "outcome", POT_OUTCOMES),
        CheckConstraint("(outcome is null) = (decided_by_id is null)", name="decided_by_somebody"),
        CheckConstraint("outcome <> 'approved' or decided_by_id <> proposed_by_id", name="two_people"),
    )

    id: Mapped[Key]
    round_id: Mapped[int] = parent("round.id")
    total_pence: Mapped[Pence]
    over_pence: Mapped[Pence] = mapped_column(default=0)
    reason: Mapped[str]
    proposed_by_id: Mapped[int] = parent("person.id", index=False)
    proposed_at: Mapped[Moment]
    decided_by_id: Mapped[int | None] = parent("person.id", index=False)
    decided_at: Mapped[Moment | None]
    outcome: Mapped[str | None]

    round: Mapped[Round] = relationship()
    proposed_by: Mapped[Person] = relationship(foreign_keys=proposed_by_id)


class LedgerEntry(Model):
    """One movement. `about` names what it belongs to by key ("award-12"), `once` keeps the same movement from happening twice."""

    names_what_it_is_about = True
    __tablename__ = "ledger_entry"
    __table_args__ = (
        one_of("kind", "kind", ENTRY_KINDS),
        CheckConstraint("kind = 'pot' or amount_pence > 0", name="moves_something"),
        UniqueConstraint("once"),
    )

    id: Mapped[Key]
    round_id: Mapped[int] = parent("round.id")
    kind: Mapped[str]
    amount_pence: Mapped[Pence]
    about: Mapped[str] = mapped_column(index=True)
    at: Mapped[Moment]
    by_id: Mapped[int | None] = parent("person.id", index=False)
    note: Mapped[str | None]
    once: Mapped[str | None]
