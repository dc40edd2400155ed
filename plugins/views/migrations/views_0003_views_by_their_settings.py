"""Views can be found by their settings."""

from __future__ import annotations

from alembic import op

revision = "views_0003"
down_revision = "views_0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        op.f("ix_view_options"),
        "view",
        ["options"],
        schema="views",
        postgresql_using="gin",
        postgresql_ops={"options": "jsonb_path_ops"},
    )
