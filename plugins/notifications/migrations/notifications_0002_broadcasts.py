"""broadcasts"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "notifications_0002"
down_revision = "notifications_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table, column in (("notification", "broadcast"), ("recipient", "cleared")):
        added: sa.Column[bool] = sa.Column(column, sa.Boolean(), server_default=sa.text("false"), nullable=False)
        op.add_column(table, added, schema="notifications")
    op.create_index(
        "ix_notification_broadcast",
        "notification",
        ["created_on"],
        unique=False,
        schema="notifications",
        postgresql_where=sa.text("broadcast"),
    )
