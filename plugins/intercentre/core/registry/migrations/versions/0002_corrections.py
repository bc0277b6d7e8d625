"""Corrections."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "correction",
        sa.Column("correction_id", sa.String(length=16), nullable=False),
        sa.Column("numero", sa.Integer(), nullable=False),
        sa.Column("centre_code", sa.String(length=16), nullable=False),
        sa.Column("table_nom", sa.String(length=32), nullable=False),
        sa.Column("cle", sa.JSON(), nullable=False),
        sa.Column("colonne", sa.String(length=64), nullable=False),
        sa.Column("valeur", sa.Text(), nullable=True),
        sa.Column("motif", sa.Text(), nullable=False),
        sa.Column("etat", sa.String(length=16), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("proposee_le", sa.DateTime(timezone=True), nullable=False),
        sa.Column("role_acceptation", sa.String(length=16), nullable=True),
        sa.Column("acceptee_le", sa.DateTime(timezone=True), nullable=True),
        sa.Column("role_retrait", sa.String(length=16), nullable=True),
        sa.Column("retiree_le", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("correction_id"),
        sa.UniqueConstraint("numero"),
    )
    op.create_index(op.f("ix_correction_centre_code"), "correction", ["centre_code"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_correction_centre_code"), table_name="correction")
    op.drop_table("correction")
