"""What the plugin keeps: comments on rows, and whom to tell of which."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from plugin_api.db import TYPES, schema_metadata


class Base(DeclarativeBase):
    """Base of the plugin's mapped classes."""

    metadata = schema_metadata("row_comments")
    type_annotation_map = TYPES


class Comment(Base):
    """A comment on a row. In the trash (`trashed_on`) it keeps its place without its message."""

    __tablename__ = "comment"
    __table_args__ = (sa.Index("ix_comment_row", "table_id", "row_id", sa.text("id DESC")),)

    id: Mapped[int] = mapped_column(sa.Identity(), primary_key=True)
    table_id: Mapped[int]
    row_id: Mapped[int]
    user_id: Mapped[int | None] = mapped_column(index=True)
    message: Mapped[dict[str, Any]] = mapped_column(JSONB)
    edited: Mapped[bool] = mapped_column(server_default=sa.false())
    created_on: Mapped[datetime] = mapped_column(server_default=sa.func.now())
    updated_on: Mapped[datetime] = mapped_column(server_default=sa.func.now())
    trashed_on: Mapped[datetime | None]


class NotificationMode(Base):
    """Of which comments on a row a user wants to be told: all, or those that mention them."""

    __tablename__ = "notification_mode"

    table_id: Mapped[int] = mapped_column(primary_key=True)
    row_id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(primary_key=True, index=True)
    mode: Mapped[str]
