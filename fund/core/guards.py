"""Guards: rules that the database itself keeps, whatever program writes to it, as triggers on SQLite and PostgreSQL.

A table module declares them beside its tables; creating the tables creates them. `install_guards(connection)` does the same
for a migration; it may run again at any time. A step that copies a table (Alembic's batch mode on SQLite) loses that table's
triggers and must call it again.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlalchemy import Connection, event
from sqlalchemy.exc import IntegrityError

from .database import db
from .problems import WrongMoment

# What the two databases spell differently: whether a cap's list of legal forms holds an organisation's.
SPELLINGS = {
    "sqlite": {"has_form": "exists (select 1 from json_each(c.legal_forms) f where f.value = o.legal_form)"},
    "postgresql": {"has_form": "jsonb_exists(c.legal_forms, o.legal_form)"},
}


@dataclass(frozen=True)
class Guard:
    """Refuses a change when `refuse_when`, an SQL condition on `new.` and `old.`, is true.

    `event` is "insert", "delete" or "update of a, b". The refusal reaches the program as IntegrityError with `sentence`.
    """

    name: str
    table: str
    event: str
    refuse_when: str
    sentence: str

    def statements(self, dialect: str) -> list[str]:
        condition = _spelled(self.refuse_when, dialect)
        if dialect == "sqlite":
            body = f"select raise(abort, '{self.sentence}');"
            return _sqlite(self.name, f"before {self.event} on {self.table}", body, when=condition)
        answer = "old" if self.event == "delete" else "new"
        body = (
            f"if ({condition}) then raise exception '{self.sentence}' using errcode = 'check_violation'; end if; "
            f"return {answer};"
        )
        return _postgresql(self.name, f"before {self.event}", self.table, body)


@dataclass(frozen=True)
class Consequence:
    """Something that the database does by itself after a row is inserted: `statement` is one update on `new.`."""

    name: str
    table: str
    statement: str
    when: str = "1 = 1"
    event: str = field(default="insert", init=False)

    def statements(self, dialect: str) -> list[str]:
        done = _spelled(self.statement, dialect)
        if dialect == "sqlite":
            return _sqlite(self.name, f"after insert on {self.table}", f"{done};", when=self.when)
        return _postgresql(self.name, "after insert", self.table, f"if ({self.when}) then {done}; end if; return null;")


GUARDS: list[Guard | Consequence] = []


def guard(*more: Guard | Consequence) -> None:
    """Declare guards. Raises ValueError for a name that is taken."""
    taken = {each.name for each in GUARDS}
    for each in more:
        if each.name in taken:
            raise ValueError(f"the guard {each.name} is declared twice")
        GUARDS.append(each)


def install_guards(connection: Connection) -> None:
    """Create every guard on this database, or create it anew when it is there."""
    for statement in statements_for(connection.dialect.name):
        connection.exec_driver_sql(statement)


def remove_guards(connection: Connection) -> None:
    """Take every guard off: only for emptying a demonstration, inside the transaction that puts them back."""
    for each in GUARDS:
        on = f" on {each.table}" if connection.dialect.name == "postgresql" else ""
        connection.exec_driver_sql(f"drop trigger if exists {each.name}{on}")


def broken_guard(refusal: IntegrityError) -> str | None:
    """The sentence of the guard that refused, or None when something else did."""
    text = str(refusal.orig)
    return next((each.sentence for each in GUARDS if isinstance(each, Guard) and each.sentence in text), None)


@contextmanager
def once_only(sentence: str) -> Iterator[None]:
    """Write what is changed inside. Raises WrongMoment with this sentence when another person was quicker and a guard or
    constraint refuses; nothing of it is kept then."""
    try:
        with db.session.begin_nested():
            yield
            db.session.flush()
    except IntegrityError:
        raise WrongMoment(sentence) from None


def statements_for(dialect: str) -> list[str]:
    """The SQL of every guard, in order: what a migration step writes out, since steps never import the models."""
    return [statement for each in GUARDS for statement in each.statements(dialect)]


def _spelled(text: str, dialect: str) -> str:
    for word, spelling in SPELLINGS[dialect].items():
        text = text.replace("{" + word + "}", spelling)
    return " ".join(text.split())


def _sqlite(name: str, when_run: str, body: str, *, when: str) -> list[str]:
    return [
        f"drop trigger if exists {name}",
        f"create trigger {name} {when_run} for each row when {when} begin {body} end",
    ]


def _postgresql(name: str, when_run: str, table: str, body: str) -> list[str]:
    made = f"create or replace function {name}() returns trigger language plpgsql as $guard$ begin {body} end $guard$"
    return [
        made,
        f"drop trigger if exists {name} on {table}",
        f"create trigger {name} {when_run} on {table} for each row execute function {name}()",
    ]


@event.listens_for(db.metadata, "after_create")
def _with_the_tables(_metadata, connection: Connection, **_) -> None:
    install_guards(connection)
