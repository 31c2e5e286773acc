"""The view of a young or lived-experience member on one bid: one of four pictures and a sentence."""

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from applications.tables import Application
from fund.core.database import Key, Model, Moment, Versioned, parent

from .panels import Seat


class BidView(Versioned, Model):
    """A row from the moment the bid is given. It counts once it is finished, and not while it is void."""

    __tablename__ = "bid_view"
    __table_args__ = (
        UniqueConstraint("application_id", "seat_id"),
        CheckConstraint("answer is null or answer between 1 and 4", name="one_of_four"),
        CheckConstraint("finished_at is null or (answer is not null and reason is not null)", name="finished_says_why"),
    )

    id: Mapped[Key]
    application_id: Mapped[int] = parent("application.id")
    seat_id: Mapped[int] = parent("seat.id")
    answer: Mapped[int | None]
    reason: Mapped[str | None]
    given_at: Mapped[Moment]
    finished_at: Mapped[Moment | None]
    voided_at: Mapped[Moment | None]
    version: Mapped[int] = mapped_column(default=1)

    application: Mapped[Application] = relationship()
    seat: Mapped[Seat] = relationship()

    @property
    def partnership_id(self) -> int:
        return self.application.round.fund.partnership_id
