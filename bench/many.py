"""A database with many applications, made in seconds: the demonstration's own rows, copied inside the database.

Everything that hangs on a copied row (answers, assignments, scores, …) is found by its foreign keys and copied with it.
"""

from collections.abc import Iterable

from sqlalchemy import Integer, String, Table, insert, literal, select, table, text, update
from sqlalchemy import column as sql_column
from sqlalchemy.orm import Session

from fund.core import clock
from fund.core.database import db

# A signal is about two bids, of which only one may be copied.
LEFT_OUT = {"role_grant", "audit_event", "answer_change", "signal"}


def fill(session: Session, round_id: int, here: int, elsewhere: int) -> None:
    """Bring one round to `here` applications, then copy the whole round until there are `elsewhere` more in others."""
    applications = db.metadata.tables["application"]
    mine = session.scalars(
        select(applications.c.id).where(
            applications.c.round_id == round_id, applications.c.status.in_(("in_scoring", "moderated"))
        )
    ).all()
    grow(session, {"application": mine}, copies=-(-here // len(mine)) - 1, mark="a")
    session.commit()
    held = session.scalar(text("select count(*) from application where round_id = :id"), {"id": round_id}) or 1
    if elsewhere:
        grow(session, {"round": [round_id]}, copies=-(-elsewhere // held), mark="b")
        hand_to_others(session, round_id)
        session.commit()
    session.execute(text("analyze"))
    session.commit()


def hand_to_others(session: Session, round_id: int) -> None:
    """Give the copied panels' seats to five other people: nobody sits on fifty panels at once."""
    people, seats, panels = (db.metadata.tables[name] for name in ("person", "seat", "panel"))
    sitting = select(seats.c.person_id).join(panels).where(panels.c.round_id == round_id).distinct()
    for number, key in enumerate(session.scalars(sitting).all()):
        facts = {"name": f"Other assessor {number}", "email": f"other{number}@example.org", "created_at": clock.now()}
        other = session.execute(insert(people).values(**facts).returning(people.c.id)).scalar_one()
        elsewhere = select(panels.c.id).where(panels.c.round_id != round_id)
        session.execute(
            update(seats).where(seats.c.person_id == key, seats.c.panel_id.in_(elsewhere)).values(person_id=other)
        )


def grow(session: Session, roots: dict[str, Iterable[int]], copies: int, mark: str) -> None:
    """Copy these rows, and all that hang on them, so many times. `mark` keeps the words that must differ apart."""
    if copies < 1:
        return
    chosen = closure(session, {name: set(keys) for name, keys in roots.items()})
    strides = {name: (session.scalar(text(f'select max(id) from "{name}"')) or 0) + 1 for name in chosen}
    session.execute(text("create temporary table if not exists copy_number (n integer)"))
    session.execute(text("create temporary table if not exists copied_row (kind text, id integer)"))
    session.execute(text("delete from copy_number"))
    session.execute(text("delete from copied_row"))
    numbers, rows = (
        table(name, *(sql_column(each) for each in columns))
        for name, columns in (("copy_number", ("n",)), ("copied_row", ("kind", "id")))
    )
    session.execute(insert(numbers), [{"n": number + 1} for number in range(copies)])
    session.execute(insert(rows), [{"kind": name, "id": key} for name, keys in chosen.items() for key in keys])
    for each in db.metadata.sorted_tables:
        if each.name in chosen:
            _copy(session, each, strides, mark)


def closure(session: Session, chosen: dict[str, set[int]]) -> dict[str, set[int]]:
    """The rows given and every row that points at one of them, directly or by way of others."""
    for each in db.metadata.sorted_tables:
        if each.name in LEFT_OUT or "id" not in each.c:
            continue
        found = chosen.get(each.name, set())
        for column in each.columns:
            for key in column.foreign_keys:
                parent = key.column.table.name
                if parent in chosen and parent != each.name:
                    rows = session.execute(select(each.c.id, column).where(column.is_not(None)))
                    found = found | {row[0] for row in rows if row[1] in chosen[parent]}
        if found:
            chosen[each.name] = found
    return chosen


def _copy(session: Session, each: Table, strides: dict[str, int], mark: str) -> None:
    values = []
    for column in each.columns:
        parents = [key.column.table.name for key in column.foreign_keys]
        if column.name == "id":
            values.append(column + literal_n(strides[each.name]))
        elif parents and parents[0] in strides and parents[0] != each.name:
            values.append(column + literal_n(strides[parents[0]]))
        elif _is_unique_word(each, column):
            values.append(column + literal(f"-{mark}") + sql_column("n").cast(String))
        else:
            values.append(column)
    wanted = f"\"{each.name}\".id in (select id from copied_row where kind = '{each.name}')"
    source = (
        select(*values).select_from(each.join(table("copy_number", sql_column("n")), literal(True))).where(text(wanted))
    )
    session.execute(insert(each).from_select([column.name for column in each.columns], source))
    if session.get_bind().dialect.name == "postgresql":
        session.execute(
            text(
                f"select setval(pg_get_serial_sequence('\"{each.name}\"', 'id'), (select max(id) from \"{each.name}\"))"
            )
        )


def literal_n(stride: int):
    """How far the keys of one copy lie from those of the copy before."""
    return sql_column("n", Integer) * stride


def _is_unique_word(each: Table, column) -> bool:
    alone = {tuple(c.name for c in u.columns) for u in each.constraints if type(u).__name__ == "UniqueConstraint"}
    alone |= {tuple(c.name for c in index.columns) for index in each.indexes if index.unique}
    return bool(column.unique or (column.name,) in alone) and column.type.python_type is str
