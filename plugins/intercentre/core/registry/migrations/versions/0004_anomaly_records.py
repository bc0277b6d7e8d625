"""What became of anomalies."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "suite_anomalie",
        sa.Column("numero", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("sujet", sa.String(length=64), nullable=False),
        sa.Column("anomalie_id", sa.String(length=64), nullable=False),
        sa.Column("periode", sa.String(length=8), nullable=False),
        sa.Column("empreinte", sa.String(length=64), nullable=False),
        sa.Column("etat", sa.String(length=16), nullable=False),
        sa.Column("centre_code", sa.String(length=16), nullable=True),
        sa.Column("motif", sa.Text(), nullable=False),
        sa.Column("ecrite_le", sa.DateTime(timezone=True), nullable=False),
        sa.Column("compte", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("numero"),
    )
    op.create_index(op.f("ix_suite_anomalie_sujet"), "suite_anomalie", ["sujet"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_suite_anomalie_sujet"), table_name="suite_anomalie")
    op.drop_table("suite_anomalie")
