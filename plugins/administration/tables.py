"""The platform's tables as the queries of administrators see them."""

from __future__ import annotations

import sqlalchemy as sa

USER = sa.table(
    "user",
    sa.column("id", sa.BigInteger),
    sa.column("email", sa.Text),
    sa.column("name", sa.Text),
    sa.column("is_staff", sa.Boolean),
    sa.column("is_active", sa.Boolean),
    sa.column("to_be_deleted", sa.Boolean),
    sa.column("date_joined", sa.DateTime(timezone=True)),
    sa.column("last_login", sa.DateTime(timezone=True)),
    schema="core",
)
WORKSPACE = sa.table(
    "workspace",
    sa.column("id", sa.BigInteger),
    sa.column("name", sa.Text),
    sa.column("created_on", sa.DateTime(timezone=True)),
    sa.column("trashed_on", sa.DateTime(timezone=True)),
    schema="core",
)
MEMBERSHIP = sa.table(
    "membership",
    sa.column("id", sa.BigInteger),
    sa.column("workspace_id", sa.BigInteger),
    sa.column("user_id", sa.BigInteger),
    sa.column("permissions", sa.Text),
    schema="core",
)
APPLICATION = sa.table(
    "application",
    sa.column("id", sa.BigInteger),
    sa.column("workspace_id", sa.BigInteger),
    sa.column("trashed_on", sa.DateTime(timezone=True)),
    sa.column("kept_by", sa.Text),
    schema="core",
)
ACTION = sa.table(
    "action",
    sa.column("type", sa.Text),
    sa.column("user_id", sa.BigInteger),
    sa.column("created_on", sa.DateTime(timezone=True)),
    schema="core",
)
