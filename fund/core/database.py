"""The database: one session, one Base, column types that cannot forget a time zone or round a penny.

SQLite and PostgreSQL run the same code. SQLite is tuned for concurrent use: write-ahead log, foreign keys on, a busy
timeout, and write transactions that begin immediate, so that two writers queue instead of losing each other's work.
"""

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Annotated, Any

from flask import has_request_context, request
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Date,
    DateTime,
    Engine,
    ForeignKey,
    MetaData,
    Text,
    event,
    inspect,
    orm,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

from .problems import Stale

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcMoment(TypeDecorator):
    """A moment in UTC. Refuses a datetime without a time zone; gives back aware ones on both databases."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect):
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect):
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class PenceType(TypeDecorator):
    """Whole pence in 64 bits. Refuses anything that is not an integer."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: int | None, dialect):
        if value is not None and (not isinstance(value, int) or isinstance(value, bool)):
            raise ValueError(f"{value!r} is not a whole number of pence")
        return value


Json = JSON().with_variant(JSONB(), "postgresql")
Moment = Annotated[datetime, mapped_column(UtcMoment)]
Pence = Annotated[int, mapped_column(PenceType)]
Key = Annotated[int, mapped_column(primary_key=True)]


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMES)
    registry = orm.registry(
        metadata=metadata,
        type_annotation_map={
            str: Text,
            date: Date,
            datetime: UtcMoment,
            dict[str, Any]: Json,
            list[Any]: Json,
            list[str]: Json,
            list[int]: Json,
        },
    )

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {inspect(self).identity or 'new'}>"


db = SQLAlchemy(model_class=Base)
if TYPE_CHECKING:
    Model = Base
else:
    Model = db.Model


class Versioned:
    """A row that people edit: `version` goes up at each change, so that a form knows when it is stale."""

    version: Mapped[int] = mapped_column(default=1)

    def check_version(self, seen: int | None) -> None:
        """Raises Stale when the form was opened on an older version than what is stored."""
        if seen is not None and seen != self.version:
            raise Stale("Somebody else changed this while you had it open. Look at what is there now, then save again.")

    def touch(self) -> None:
        self.version = (self.version or 0) + 1


def parent(target: str, *, ondelete: str | None = None, **column) -> Mapped[Any]:
    """A foreign key column, indexed: `round_id: Mapped[int] = parent("round.id")`."""
    return mapped_column(ForeignKey(target, ondelete=ondelete), index=column.pop("index", True), **column)


def one_of(name: str, column: str, values) -> Any:
    """A named check constraint: the column holds one of these words."""
    words = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} in ({words})", name=name)


@event.listens_for(Engine, "connect")
def _tune_sqlite(connection, _record):
    if type(connection).__module__ != "sqlite3":
        return
    connection.isolation_level = None  # we begin transactions ourselves, below
    for pragma in (
        "foreign_keys=ON",
        "journal_mode=WAL",
        "synchronous=FULL",
        "busy_timeout=15000",
        "cache_size=-16000",
    ):
        connection.execute(f"PRAGMA {pragma}")


@event.listens_for(Engine, "begin")
def _begin(connection):
    """A page that only reads takes no write lock; everything else queues for it at once instead of failing later."""
    if connection.dialect.name == "sqlite":
        read_only = has_request_context() and request.method in ("GET", "HEAD")
        connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")
