"""What the plugin keeps: notifications, and who has them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from plugin_api.db import TYPES, schema_metadata


class Base(DeclarativeBase):
    """Base of the plugin's mapped classes."""

    metadata = schema_metadata("notifications")
    type_annotation_map = TYPES


class Notification(Base):
    """What happened. `key` says what it is about, so that the same event notifies once."""

    __tablename__ = "notification"
    __table_args__ = (sa.UniqueConstraint("type", "key"),)

    id: Mapped[int] = mapped_column(sa.Identity(), primary_key=True)
    type: Mapped[str]
    key: Mapped[str]
    sender_id: Mapped[int | None] = mapped_column(index=True)
    workspace_id: Mapped[int | None] = mapped_column(index=True)
    data: Mapped[dict[str, Any]] = mapped_column(JSONB)
    created_on: Mapped[datetime] = mapped_column(server_default=sa.func.now(), index=True)


class Recipient(Base):
    """A notification of a user, until they clear it. `mail_due`: it is to be mailed unless it is read before.

    `workspace_id` is the notification's, for counting what is unread without looking at notifications.
    """

    __tablename__ = "recipient"
    __table_args__ = (
        sa.Index("ix_recipient_unread", "user_id", "workspace_id", postgresql_where=sa.text("NOT read")),
        sa.Index("ix_recipient_mail", "user_id", postgresql_where=sa.text("mail_due")),
    )

    user_id: Mapped[int] = mapped_column(primary_key=True)
    notification_id: Mapped[int] = mapped_column(
        sa.ForeignKey("notifications.notification.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    workspace_id: Mapped[int | None] = mapped_column(index=True)
    read: Mapped[bool] = mapped_column(server_default=sa.false())
    mail_due: Mapped[bool]
