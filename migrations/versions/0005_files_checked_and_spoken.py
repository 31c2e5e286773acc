"""Files keep what the virus scanner said; answers may be spoken, with their words typed down; rounds get an Easy Read page."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

STATES = "scan_state in ('waiting', 'clean', 'infected')"


def upgrade():
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    if is_sqlite:  # a check can only come with its column there, unless the table is copied
        op.execute(f"alter table stored_file add column scan_state text constraint ck_stored_file_scan check ({STATES})")
    else:
        op.add_column("stored_file", sa.Column("scan_state", sa.Text(), nullable=True))
        op.create_check_constraint(op.f("ck_stored_file_scan"), "stored_file", STATES)
    op.add_column("stored_file", sa.Column("scanned_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("stored_file", sa.Column("scan_found", sa.Text(), nullable=True))
    op.create_index(op.f("ix_stored_file_scan_state"), "stored_file", ["scan_state"], unique=False)
    op.create_table(
        "voice_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("transcript", sa.Text(), nullable=True),
        sa.Column("transcript_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("transcript_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(transcript is null) = (transcript_by_id is null)", name=op.f("ck_voice_note_typed_down_by_somebody")
        ),
        sa.CheckConstraint(
            "(transcript is null) = (transcript_at is null)", name=op.f("ck_voice_note_typed_down_at_some_time")
        ),
        sa.ForeignKeyConstraint(["added_by_id"], ["person.id"], name=op.f("fk_voice_note_added_by_id_person")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_voice_note_application_id_application")
        ),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_voice_note_file_id_stored_file")),
        sa.ForeignKeyConstraint(["question_id"], ["question.id"], name=op.f("fk_voice_note_question_id_question")),
        sa.ForeignKeyConstraint(
            ["transcript_by_id"], ["person.id"], name=op.f("fk_voice_note_transcript_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_voice_note")),
    )
    for column in ("application_id", "file_id", "question_id"):
        op.create_index(op.f(f"ix_voice_note_{column}"), "voice_note", [column], unique=False)
    op.create_table(
        "easy_read",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("lines", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_by_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_easy_read_round_id_round")),
        sa.ForeignKeyConstraint(["saved_by_id"], ["person.id"], name=op.f("fk_easy_read_saved_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_easy_read")),
    )
    op.create_index(op.f("ix_easy_read_round_id"), "easy_read", ["round_id"], unique=True)


def downgrade():
    op.drop_table("easy_read")
    op.drop_table("voice_note")
    op.drop_index(op.f("ix_stored_file_scan_state"), table_name="stored_file")
    for column in ("scan_found", "scanned_at"):
        op.drop_column("stored_file", column)
    if op.get_bind().dialect.name != "sqlite":
        op.drop_constraint(op.f("ck_stored_file_scan"), "stored_file", type_="check")
    op.drop_column("stored_file", "scan_state")
