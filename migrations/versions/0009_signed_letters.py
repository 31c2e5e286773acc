"""Letters keep their digital signature, there is a letter that ends a grant early, money to come back has a day, what is
kept back until the last return is marked, and the register is kept in editions.

The kinds of letter stand in a check. PostgreSQL gets the check anew; in SQLite its words are changed where they stand, as
SQLite's own manual shows for checks: nothing is copied, so no trigger and no child row is lost.
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0007"
branch_labels = None
depends_on = None

BEFORE = "kind in ('award', 'conditional', 'unsuccessful', 'ineligible', 'variation', 'reminder', 'closure')"
AFTER = BEFORE.replace("'closure')", "'closure', 'ending')")


def upgrade():
    op.add_column("letter", sa.Column("signature", sa.LargeBinary(), nullable=True))
    op.add_column("letter", sa.Column("signed_with", sa.Text(), nullable=True))
    op.create_index(op.f("ix_letter_signed_with"), "letter", ["signed_with"], unique=False)
    op.add_column("recovery", sa.Column("due_on", sa.Date(), nullable=True))
    op.add_column("tranche", sa.Column("is_retention", sa.Boolean(), nullable=False, server_default=sa.false()))
    # What is kept back was until now known by its place alone: the last instalment of an award that is paid in parts.
    op.execute(
        "update tranche set is_retention = true where waits_for <> 'agreement' and number > 1 "
        "and number = (select max(t.number) from tranche t where t.award_id = tranche.award_id) and exists "
        "(select 1 from award a join round r on r.id = a.round_id where a.id = tranche.award_id and r.retention_percent > 0)"
    )
    change_kinds(BEFORE, AFTER)
    op.create_table(
        "edition",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("grants", sa.Integer(), nullable=False),
        sa.Column("awarded_pence", sa.BigInteger(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("grants > 0", name=op.f("ck_edition_not_empty")),
        sa.ForeignKeyConstraint(
            ["partnership_id"], ["partnership.id"], name=op.f("fk_edition_partnership_id_partnership")
        ),
        sa.ForeignKeyConstraint(["published_by_id"], ["person.id"], name=op.f("fk_edition_published_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_edition")),
        sa.UniqueConstraint("partnership_id", "number", name=op.f("uq_edition_partnership_id_number")),
    )
    op.create_index(op.f("ix_edition_partnership_id"), "edition", ["partnership_id"], unique=False)


def downgrade():
    op.drop_table("edition")
    # The older release knows no such letter: it becomes a closing letter, whose words it carries itself.
    op.execute("update letter set template_id = null, kind = 'closure', number = number + 1000 where kind = 'ending'")
    op.execute("delete from letter_template where kind = 'ending'")
    change_kinds(AFTER, BEFORE)
    op.drop_column("tranche", "is_retention")
    op.drop_column("recovery", "due_on")
    op.drop_index(op.f("ix_letter_signed_with"), table_name="letter")
    op.drop_column("letter", "signed_with")
    op.drop_column("letter", "signature")


def change_kinds(old, new):
    connection = op.get_bind()
    for table in ("letter", "letter_template"):
        if connection.dialect.name == "sqlite":
            change_words(connection, table, old, new)
        else:
            op.drop_constraint(op.f(f"ck_{table}_kind"), table, type_="check")
            op.create_check_constraint(op.f(f"ck_{table}_kind"), table, new)


def change_words(connection, table, old, new):
    version = connection.exec_driver_sql("pragma schema_version").scalar()
    connection.exec_driver_sql("pragma writable_schema = on")
    done = connection.exec_driver_sql(
        "update sqlite_master set sql = replace(sql, ?, ?) where type = 'table' and name = ? and instr(sql, ?) > 0",
        (old, new, table, old),
    )
    connection.exec_driver_sql(f"pragma schema_version = {version + 1}")
    connection.exec_driver_sql("pragma writable_schema = off")
    if done.rowcount != 1:
        raise RuntimeError(f"the check of {table}.kind is not the one that this step knows")
