"""Ids of views begin far from those of fields: a program that mixes them up finds nothing, rather than something else."""

from __future__ import annotations

from alembic import op

revision = "views_0004"
down_revision = "views_0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.execute(
        "SELECT setval(pg_get_serial_sequence('views.view', 'id'),"
        " greatest(1000000, (SELECT coalesce(max(id), 0) FROM views.view)))"
    )
