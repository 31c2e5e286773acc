"""A withdrawal after acceptance has a letter of its own, proposed by one person and approved by another.

The kinds of letter stand in a check, which is changed as step 0009 changed it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0010"
branch_labels = None
depends_on = None

BEFORE = "kind in ('award', 'conditional', 'unsuccessful', 'ineligible', 'variation', 'reminder', 'closure', 'ending')"
AFTER = BEFORE.replace("'ending')", "'ending', 'withdrawal')")


def upgrade():
    change_kinds(BEFORE, AFTER)
    op.create_table(
        "withdrawal_letter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("award_id", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proposed_by_id", sa.Integer(), nullable=False),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(approved_at is null) = (approved_by_id is null)", name=op.f("ck_withdrawal_letter_approved_by_somebody")
        ),
        sa.CheckConstraint(
            "approved_by_id is null or approved_by_id <> proposed_by_id", name=op.f("ck_withdrawal_letter_two_people")
        ),
        sa.ForeignKeyConstraint(["award_id"], ["award.id"], name=op.f("fk_withdrawal_letter_award_id_award")),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"], ["person.id"], name=op.f("fk_withdrawal_letter_proposed_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["approved_by_id"], ["person.id"], name=op.f("fk_withdrawal_letter_approved_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_withdrawal_letter")),
    )
    op.create_index(op.f("ix_withdrawal_letter_award_id"), "withdrawal_letter", ["award_id"], unique=True)


def downgrade():
    op.drop_table("withdrawal_letter")
    # The older release knows no such letter: it becomes a letter that ends a grant, whose words it carries itself.
    op.execute("update letter set template_id = null, kind = 'ending', number = number + 1000 where kind = 'withdrawal'")
    op.execute("delete from letter_template where kind = 'withdrawal'")
    change_kinds(AFTER, BEFORE)


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
