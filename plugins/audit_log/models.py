"""What the plugin keeps: entries of the log, which nothing refers to and which refer to nothing."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from plugin_api.db import FILLED_BY, TYPES, schema_metadata

_WORKSPACE_NAME = "(SELECT w.name FROM core.workspace w WHERE w.id = r.workspace_id)"


class Base(DeclarativeBase):
    """Base of the plugin's mapped classes."""

    metadata = schema_metadata("audit_log")
    type_annotation_map = TYPES


class Entry(Base):
    """Who did what, where and when, in words of that moment. Users and workspaces may be gone: there are no keys.

    command: "DO", "UNDO" or "REDO". created_on: when it was committed, but for a moment.
    """

    __tablename__ = "entry"
    __table_args__ = (
        sa.Index("ix_entry_time", "created_on"),
        sa.Index("ix_entry_type", "action_type", "created_on"),
        sa.Index("ix_entry_user", "user_id", "created_on"),
        sa.Index("ix_entry_workspace", "workspace_id", "created_on"),
        sa.Index("ix_entry_workspace_type", "workspace_id", "action_type", "created_on"),
        sa.Index("ix_entry_workspace_user", "workspace_id", "user_id", "created_on"),
    )

    id: Mapped[int] = mapped_column(sa.Identity(), primary_key=True)
    action_type: Mapped[str]
    command: Mapped[str]
    user_id: Mapped[int | None]
    user_email: Mapped[str]
    workspace_id: Mapped[int | None]
    workspace_name: Mapped[str | None] = mapped_column(info={FILLED_BY: _WORKSPACE_NAME})
    description: Mapped[str]
    ip_address: Mapped[str | None]
    request_id: Mapped[str | None]
    created_on: Mapped[datetime] = mapped_column(server_default=sa.func.clock_timestamp())
