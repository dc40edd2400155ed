"""Passwords of shared views."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "views_0002"
down_revision = "views_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("view", sa.Column("password", sa.Text(), server_default="", nullable=False), schema="views")
