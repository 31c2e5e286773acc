"""How Alembic steps run: on the app's own database, one transaction a step, with foreign keys off while SQLite copies tables."""

from alembic import context
from flask import current_app
from sqlalchemy import JSON, text

from fund.core.database import PenceType, UtcMoment, db

config = context.config
config.set_main_option("sqlalchemy.url", str(db.engine.url).replace("%", "%%"))


def render_item(kind, thing, autogen_context):
    """Our column types are written into steps as plain SQLAlchemy types, so that a step never changes when the code does."""
    if kind == "type" and isinstance(thing, UtcMoment):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(thing, PenceType):
        return "sa.BigInteger()"
    if kind == "type" and isinstance(thing, JSON):
        autogen_context.imports.add("from sqlalchemy.dialects import postgresql")
        return "sa.JSON().with_variant(postgresql.JSONB(), 'postgresql')"
    return False


def run() -> None:
    engine = current_app.extensions["migrate"].db.engine
    with engine.connect() as connection:
        is_sqlite = connection.dialect.name == "sqlite"
        if is_sqlite:
            # Altering a parent table copies it: with foreign keys on, that would delete its children.
            connection.connection.driver_connection.execute("PRAGMA foreign_keys=OFF")
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            render_item=render_item,
            render_as_batch=True,
            compare_type=True,
            transaction_per_migration=True,
        )
        with context.begin_transaction():
            context.run_migrations()
        if is_sqlite:
            broken = connection.execute(text("PRAGMA foreign_key_check")).all()
            connection.rollback()
            connection.connection.driver_connection.execute("PRAGMA foreign_keys=ON")
            if broken:
                raise RuntimeError(f"foreign keys broken after migration: {broken[:5]}")


run()
