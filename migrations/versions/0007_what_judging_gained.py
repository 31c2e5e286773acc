"""Sections opened, a time to finish, a calibration bid, views in four pictures, fields that members know, kept cards."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")
MOMENT = sa.DateTime(timezone=True)
COLUMNS = (
    ("round", sa.Column("view_weight", sa.Integer(), nullable=True)),
    ("seat", sa.Column("knows", JSON, nullable=True)),
    ("seat", sa.Column("finish_at", MOMENT, nullable=True)),
    ("evidence_card", sa.Column("edited_at", MOMENT, nullable=True)),
)
TABLES = (
    "section_read",
    "calibration_anchor",
    "calibration_reading",
    "calibration",
    "bid_view",
    "judged_card",
)


def key(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}"))


def whole(name: str, *, null: bool = False) -> sa.Column:
    return sa.Column(name, sa.Integer(), nullable=null)


def upgrade() -> None:
    for table, column in COLUMNS:
        op.add_column(table, column)
    op.create_table(
        "section_read",
        whole("id"), whole("assignment_id"), sa.Column("section", sa.Text(), nullable=False),
        sa.Column("read_at", MOMENT, nullable=False), key("section_read", "assignment_id", "assignment"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_section_read")),
        sa.UniqueConstraint("assignment_id", "section", name=op.f("uq_section_read_assignment_id_section")),
    )  # fmt: skip
    op.create_index(op.f("ix_section_read_assignment_id"), "section_read", ["assignment_id"])
    op.create_table(
        "calibration",
        whole("id"), whole("round_id"), sa.Column("title", sa.Text(), nullable=False),
        sa.Column("parts", JSON, nullable=False), whole("application_id", null=True),
        sa.Column("comes_first", sa.Boolean(), nullable=False), sa.Column("opened_at", MOMENT, nullable=True),
        sa.Column("set_at", MOMENT, nullable=False), whole("set_by_id"), whole("version"),
        key("calibration", "application_id", "application"), key("calibration", "round_id", "round"),
        key("calibration", "set_by_id", "person"), sa.PrimaryKeyConstraint("id", name=op.f("pk_calibration")),
    )  # fmt: skip
    op.create_index(op.f("ix_calibration_application_id"), "calibration", ["application_id"])
    op.create_index(op.f("ix_calibration_round_id"), "calibration", ["round_id"], unique=True)
    op.create_table(
        "calibration_anchor",
        whole("id"), whole("calibration_id"), whole("criterion_id"), whole("mark"),
        sa.Column("note", sa.Text(), nullable=False), key("calibration_anchor", "calibration_id", "calibration"),
        key("calibration_anchor", "criterion_id", "criterion"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calibration_anchor")),
        sa.UniqueConstraint("calibration_id", "criterion_id", name=op.f("uq_calibration_anchor_calibration_id_criterion_id")),
        sa.CheckConstraint("mark between 0 and 5", name=op.f("ck_calibration_anchor_mark_in_range")),
    )  # fmt: skip
    op.create_index(op.f("ix_calibration_anchor_calibration_id"), "calibration_anchor", ["calibration_id"])
    op.create_index(op.f("ix_calibration_anchor_criterion_id"), "calibration_anchor", ["criterion_id"])
    op.create_table(
        "calibration_reading",
        whole("id"), whole("calibration_id"), whole("seat_id"), sa.Column("marks", JSON, nullable=False),
        sa.Column("saved_at", MOMENT, nullable=False), sa.Column("finished_at", MOMENT, nullable=True), whole("version"),
        key("calibration_reading", "calibration_id", "calibration"), key("calibration_reading", "seat_id", "seat"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calibration_reading")),
        sa.UniqueConstraint("calibration_id", "seat_id", name=op.f("uq_calibration_reading_calibration_id_seat_id")),
    )  # fmt: skip
    op.create_index(op.f("ix_calibration_reading_calibration_id"), "calibration_reading", ["calibration_id"])
    op.create_index(op.f("ix_calibration_reading_seat_id"), "calibration_reading", ["seat_id"])
    op.create_table(
        "bid_view",
        whole("id"), whole("application_id"), whole("seat_id"), whole("answer", null=True),
        sa.Column("reason", sa.Text(), nullable=True), sa.Column("given_at", MOMENT, nullable=False),
        sa.Column("finished_at", MOMENT, nullable=True), sa.Column("voided_at", MOMENT, nullable=True), whole("version"),
        key("bid_view", "application_id", "application"), key("bid_view", "seat_id", "seat"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bid_view")),
        sa.UniqueConstraint("application_id", "seat_id", name=op.f("uq_bid_view_application_id_seat_id")),
        sa.CheckConstraint("answer is null or answer between 1 and 4", name=op.f("ck_bid_view_one_of_four")),
        sa.CheckConstraint(
            "finished_at is null or (answer is not null and reason is not null)", name=op.f("ck_bid_view_finished_says_why")
        ),
    )  # fmt: skip
    op.create_index(op.f("ix_bid_view_application_id"), "bid_view", ["application_id"])
    op.create_index(op.f("ix_bid_view_seat_id"), "bid_view", ["seat_id"])
    op.create_table(
        "judged_card",
        whole("id"), whole("application_id"), whole("evidence_card_id"),
        key("judged_card", "application_id", "application"), key("judged_card", "evidence_card_id", "evidence_card"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_judged_card")),
    )  # fmt: skip
    op.create_index(op.f("ix_judged_card_application_id"), "judged_card", ["application_id"], unique=True)
    op.create_index(op.f("ix_judged_card_evidence_card_id"), "judged_card", ["evidence_card_id"])


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
    for table, column in reversed(COLUMNS):
        op.drop_column(table, column.name)
