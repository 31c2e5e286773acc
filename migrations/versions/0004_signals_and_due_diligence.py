"""Signals about bids, the sanctions list and due diligence: what bids of different groups have in common, and what officers said of it.

Revision ID: 0004
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade():
    op.create_table('sanctions_list',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('partnership_id', sa.Integer(), nullable=False),
    sa.Column('source', sa.Text(), nullable=False),
    sa.Column('dated_on', sa.Date(), nullable=False),
    sa.Column('sha256', sa.Text(), nullable=False),
    sa.Column('names_count', sa.Integer(), nullable=False),
    sa.Column('targets_count', sa.Integer(), nullable=False),
    sa.Column('read_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('read_by_id', sa.Integer(), nullable=False),
    sa.Column('replaced_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("source in ('uk', 'ofsi')", name=op.f('ck_sanctions_list_source')),
    sa.ForeignKeyConstraint(['partnership_id'], ['partnership.id'], name=op.f('fk_sanctions_list_partnership_id_partnership')),
    sa.ForeignKeyConstraint(['read_by_id'], ['person.id'], name=op.f('fk_sanctions_list_read_by_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sanctions_list'))
    )
    op.create_index(op.f('ix_sanctions_list_partnership_id'), 'sanctions_list', ['partnership_id'], unique=False)
    op.create_table('sanctions_name',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('list_id', sa.Integer(), nullable=False),
    sa.Column('target', sa.Text(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('name_type', sa.Text(), nullable=False),
    sa.Column('regime', sa.Text(), nullable=False),
    sa.CheckConstraint("kind in ('person', 'organisation', 'ship')", name=op.f('ck_sanctions_name_kind')),
    sa.ForeignKeyConstraint(['list_id'], ['sanctions_list.id'], name=op.f('fk_sanctions_name_list_id_sanctions_list')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sanctions_name'))
    )
    op.create_index('ix_sanctions_name_list', 'sanctions_name', ['list_id'], unique=False)
    op.create_table('bid_print',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('application_id', sa.Integer(), nullable=False),
    sa.Column('prints', JSON, nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['application_id'], ['application.id'], name=op.f('fk_bid_print_application_id_application')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_bid_print'))
    )
    op.create_index(op.f('ix_bid_print_application_id'), 'bid_print', ['application_id'], unique=True)
    op.create_table('diligence_look',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('application_id', sa.Integer(), nullable=False),
    sa.Column('key', sa.Text(), nullable=False),
    sa.Column('answer', sa.Text(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('digest', sa.Text(), nullable=False),
    sa.Column('looked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('looked_by_id', sa.Integer(), nullable=False),
    sa.CheckConstraint("answer in ('fine', 'not_fine')", name=op.f('ck_diligence_look_answer')),
    sa.ForeignKeyConstraint(['application_id'], ['application.id'], name=op.f('fk_diligence_look_application_id_application')),
    sa.ForeignKeyConstraint(['looked_by_id'], ['person.id'], name=op.f('fk_diligence_look_looked_by_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_diligence_look'))
    )
    op.create_index(op.f('ix_diligence_look_application_id'), 'diligence_look', ['application_id'], unique=False)
    op.create_table('diligence_pack',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('application_id', sa.Integer(), nullable=False),
    sa.Column('file_id', sa.Integer(), nullable=False),
    sa.Column('open_count', sa.Integer(), nullable=False),
    sa.Column('tells_of', JSON, nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('made_by_id', sa.Integer(), nullable=False),
    sa.CheckConstraint('open_count >= 0', name=op.f('ck_diligence_pack_open_not_negative')),
    sa.ForeignKeyConstraint(['application_id'], ['application.id'], name=op.f('fk_diligence_pack_application_id_application')),
    sa.ForeignKeyConstraint(['file_id'], ['stored_file.id'], name=op.f('fk_diligence_pack_file_id_stored_file')),
    sa.ForeignKeyConstraint(['made_by_id'], ['person.id'], name=op.f('fk_diligence_pack_made_by_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_diligence_pack'))
    )
    op.create_index(op.f('ix_diligence_pack_application_id'), 'diligence_pack', ['application_id'], unique=False)
    op.create_table('signal',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('application_id', sa.Integer(), nullable=False),
    sa.Column('other_id', sa.Integer(), nullable=True),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('facts', JSON, nullable=False),
    sa.Column('digest', sa.Text(), nullable=False),
    sa.Column('mark', sa.Text(), nullable=False),
    sa.Column('found_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('gone_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("kind in ('bank', 'name', 'text', 'address', 'phone', 'signatory', 'sanctions')", name=op.f('ck_signal_kind')),
    sa.CheckConstraint('other_id is null or other_id < application_id', name=op.f('ck_signal_later_bid_first')),
    sa.ForeignKeyConstraint(['application_id'], ['application.id'], name=op.f('fk_signal_application_id_application')),
    sa.ForeignKeyConstraint(['other_id'], ['application.id'], name=op.f('fk_signal_other_id_application')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_signal')),
    sa.UniqueConstraint('mark', name=op.f('uq_signal_mark'))
    )
    op.create_index(op.f('ix_signal_application_id'), 'signal', ['application_id'], unique=False)
    op.create_index(op.f('ix_signal_digest'), 'signal', ['digest'], unique=False)
    op.create_index(op.f('ix_signal_other_id'), 'signal', ['other_id'], unique=False)
    op.create_table('signal_answer',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('signal_id', sa.Integer(), nullable=False),
    sa.Column('answer', sa.Text(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('answered_by_id', sa.Integer(), nullable=False),
    sa.CheckConstraint("answer in ('fine', 'held')", name=op.f('ck_signal_answer_answer')),
    sa.ForeignKeyConstraint(['answered_by_id'], ['person.id'], name=op.f('fk_signal_answer_answered_by_id_person')),
    sa.ForeignKeyConstraint(['signal_id'], ['signal.id'], name=op.f('fk_signal_answer_signal_id_signal')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_signal_answer'))
    )
    op.create_index(op.f('ix_signal_answer_signal_id'), 'signal_answer', ['signal_id'], unique=False)


def downgrade():
    op.drop_index(op.f('ix_signal_answer_signal_id'), table_name='signal_answer')
    op.drop_table('signal_answer')
    op.drop_index(op.f('ix_signal_other_id'), table_name='signal')
    op.drop_index(op.f('ix_signal_digest'), table_name='signal')
    op.drop_index(op.f('ix_signal_application_id'), table_name='signal')
    op.drop_table('signal')
    op.drop_index(op.f('ix_diligence_pack_application_id'), table_name='diligence_pack')
    op.drop_table('diligence_pack')
    op.drop_index(op.f('ix_diligence_look_application_id'), table_name='diligence_look')
    op.drop_table('diligence_look')
    op.drop_index(op.f('ix_bid_print_application_id'), table_name='bid_print')
    op.drop_table('bid_print')
    op.drop_index('ix_sanctions_name_list', table_name='sanctions_name')
    op.drop_table('sanctions_name')
    op.drop_index(op.f('ix_sanctions_list_partnership_id'), table_name='sanctions_list')
    op.drop_table('sanctions_list')
