"""What registers say: their answers, each look at them, the numbers that wait to be asked about; unusual bank accounts."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
WHY = "why in ('entered', 'officer', 'weekly')"


def upgrade():
    op.create_table(
        "register_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("scheme", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("facts", JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register_answer")),
    )
    op.create_index("ix_register_answer_scheme_number", "register_answer", ["scheme", "number"])
    op.create_table(
        "register_look",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("identifier_id", sa.Integer(), nullable=False),
        sa.Column("scheme", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=True),
        sa.Column("was_sent", sa.Boolean(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.Column("answer_id", sa.Integer(), nullable=True),
        sa.Column("name_given", sa.Text(), nullable=False),
        sa.Column("name_score", sa.Integer(), nullable=True),
        sa.Column("changes", JSON, nullable=False),
        sa.Column("is_to_tell", sa.Boolean(), nullable=False),
        sa.CheckConstraint(WHY, name=op.f("ck_register_look_why")),
        sa.CheckConstraint(
            "outcome in ('confirmed', 'removed', 'not_found', 'by_hand', 'no_answer')",
            name=op.f("ck_register_look_outcome"),
        ),
        sa.ForeignKeyConstraint(
            ["identifier_id"], ["identifier.id"], name=op.f("fk_register_look_identifier_id_identifier"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["asked_by_id"], ["person.id"], name=op.f("fk_register_look_asked_by_id_person")),
        sa.ForeignKeyConstraint(
            ["answer_id"], ["register_answer.id"], name=op.f("fk_register_look_answer_id_register_answer")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register_look")),
    )
    op.create_index(op.f("ix_register_look_identifier_id"), "register_look", ["identifier_id"])
    op.create_index(op.f("ix_register_look_answer_id"), "register_look", ["answer_id"])
    op.create_index(op.f("ix_register_look_is_to_tell"), "register_look", ["is_to_tell"])
    op.create_index("ix_register_look_scheme_asked_at", "register_look", ["scheme", "asked_at"])
    op.create_table(
        "queued_look",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("identifier_id", sa.Integer(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries_count", sa.Integer(), nullable=False),
        sa.CheckConstraint(WHY, name=op.f("ck_queued_look_why")),
        sa.ForeignKeyConstraint(
            ["identifier_id"], ["identifier.id"], name=op.f("fk_queued_look_identifier_id_identifier"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_queued_look")),
    )
    op.create_index(op.f("ix_queued_look_due_at"), "queued_look", ["due_at"])
    op.create_index(op.f("ix_queued_look_identifier_id"), "queued_look", ["identifier_id"], unique=True)
    # Numbers that wait to be checked today are asked about as soon as a key is set.
    op.execute(
        "insert into queued_look (identifier_id, why, due_at, tries_count) select id, 'entered', added_at, 0 from identifier "
        "where check_result is null and scheme in ('GB-CHC', 'GB-COH')"
    )
    op.add_column("bank_detail", sa.Column("is_unusual", sa.Boolean(), nullable=True))


def downgrade():
    op.drop_column("bank_detail", "is_unusual")
    op.drop_table("queued_look")
    op.drop_table("register_look")
    op.drop_table("register_answer")
