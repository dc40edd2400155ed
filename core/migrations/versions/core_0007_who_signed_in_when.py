"""who signed in when"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "core_0007"
down_revision = "core_0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_action_sign_ins",
        "action",
        ["created_on", "user_id"],
        unique=False,
        schema="core",
        postgresql_where=sa.text("type = 'sign_in_user'"),
    )
