"""The record copied into another database under other keys: what comes out the same there depends on no key and no order of rows."""

from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

from sqlalchemy import create_engine, event, select
from sqlalchemy.orm import Session

from fund.core.database import Base, db

FAR = 900_000


def other_key(key: int | None) -> int | None:
    """Keys count downwards there, so whatever was first by key is last."""
    return None if key is None else FAR - key


@contextmanager
def copied_with_other_keys(folder: Path):
    """Every row of the present session's database in a new SQLite one; inside, `db.session` reads that copy.

    A column is a key when it is called `id`, has a foreign key, or is one that the log names without one.
    """
    folder.mkdir(parents=True)
    engine = create_engine(f"sqlite:///{folder / 'copy.sqlite'}")
    event.listen(engine, "connect", lambda connection, _: connection.execute("pragma foreign_keys=off"))
    Base.metadata.create_all(engine)
    db.session.flush()
    loose = {("status_change", "subject_id"), ("status_change", "by_id"), ("stored_file", "stored_by_id")}
    with engine.begin() as there:
        for table in Base.metadata.sorted_tables:
            keys = [column.name for column in table.columns if _is_key(column) or (table.name, column.name) in loose]
            rows = [dict(row) for row in db.session.execute(select(table)).mappings()]
            for row in rows:
                row.update({name: other_key(row[name]) for name in keys})
            if rows:
                there.execute(table.insert(), list(reversed(rows)))
    registry, before = db.session.registry, db.session()
    registry.set(Session(engine))
    try:
        yield SimpleNamespace(session=db.session)
    finally:
        db.session().close()
        registry.set(before)
        engine.dispose()


def _is_key(column) -> bool:
    return (column.name == "id" and column.primary_key) or bool(column.foreign_keys)
