"""Which page an answer was saved from, so that one's own newer text is no conflict; and the drafts of an answer to be changed."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("answer_change", sa.Column("page", sa.Text(), nullable=True))
    op.add_column("answer_change", sa.Column("page_turn", sa.Integer(), nullable=True))
    op.create_table(
        "change_draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("value", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_by_id", sa.Integer(), nullable=False),
        sa.Column("page", sa.Text(), nullable=True),
        sa.Column("page_turn", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["request_id"], ["change_request.id"], name="fk_change_draft_request_id_change_request"
        ),
        sa.ForeignKeyConstraint(["saved_by_id"], ["person.id"], name="fk_change_draft_saved_by_id_person"),
        sa.PrimaryKeyConstraint("id", name="pk_change_draft"),
        sa.UniqueConstraint("request_id", "version", name="uq_change_draft_request_id_version"),
    )
    op.create_index("ix_change_draft_request_id", "change_draft", ["request_id"])


def downgrade():
    op.drop_index("ix_change_draft_request_id", table_name="change_draft")
    op.drop_table("change_draft")
    op.drop_column("answer_change", "page_turn")
    op.drop_column("answer_change", "page")
