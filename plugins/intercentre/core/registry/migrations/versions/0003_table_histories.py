"""Start of history of single tables."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("depot", sa.Column("debuts_par_table", sa.JSON(), nullable=True))


def downgrade() -> None:
    op.drop_column("depot", "debuts_par_table")
