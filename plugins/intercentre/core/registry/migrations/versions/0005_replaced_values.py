"""What the cell of a correction said."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("correction", sa.Column("remplacee", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("correction", "remplacee")
