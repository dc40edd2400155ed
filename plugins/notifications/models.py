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
    """What happened. `key` says what it is about, so that the same event notifies once.

    A `broadcast` is for everybody who had an account when it was made; recipients are those who did something with it.
    """

    __tablename__ = "notification"
    __table_args__ = (
        sa.UniqueConstraint("type", "key"),
        sa.Index("ix_notification_broadcast", "created_on", postgresql_where=sa.text("broadcast")),
    )

    id: Mapped[int] = mapped_column(sa.Identity(), primary_key=True)
    type: Mapped[str]
    key: Mapped[str]
    sender_id: Mapped[int | None] = mapped_column(index=True)
    workspace_id: Mapped[int | None] = mapped_column(index=True)
    data: Mapped[dict[str, Any]] = mapped_column(JSONB)
    created_on: Mapped[datetime] = mapped_column(server_default=sa.func.now(), index=True)
    broadcast: Mapped[bool] = mapped_column(server_default=sa.false())


class Recipient(Base):
    """A notification of a user, until they clear it. `mail_due`: it is to be mailed unless it is read before.

    `workspace_id` is the notification's, for counting what is unread without looking at notifications. A `cleared` one
    stays only of a broadcast, which would be there again.
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
    cleared: Mapped[bool] = mapped_column(server_default=sa.false())
