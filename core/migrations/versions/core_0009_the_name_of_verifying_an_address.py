"""the name of verifying an address"""

from __future__ import annotations

from alembic import op

revision = "core_0009"
down_revision = "core_0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("UPDATE core.action SET type = 'verify_email' WHERE type = 'verify_user_email'")
