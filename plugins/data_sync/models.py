"""What the plugin keeps: data syncs of tables, and which fields are synced with which properties."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from plugin_api.db import TYPES, schema_metadata

MANUAL, DAILY, HOURLY = "MANUAL", "DAILY", "HOURLY"
INTERVALS = (MANUAL, DAILY, HOURLY)


class Base(DeclarativeBase):
    """Base of the plugin's mapped classes."""

    metadata = schema_metadata("data_sync")
    type_annotation_map = TYPES


class DataSync(Base):
    """Where the rows of a table come from. `secrets` are encrypted, by the names of their settings.

    when: the time of a day in UTC, of which hourly syncs use minutes and seconds. next_run: when the next periodic
    one is due, None without. authorized_user_id: as whom it runs. failures: how often it failed since it last did not.
    """

    __tablename__ = "data_sync"

    id: Mapped[int] = mapped_column(sa.Identity(), primary_key=True)
    table_id: Mapped[int] = mapped_column(unique=True)
    type: Mapped[str]
    settings: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    secrets: Mapped[dict[str, str]] = mapped_column(JSONB, server_default="{}")
    auto_add_new_properties: Mapped[bool] = mapped_column(server_default=sa.false())
    last_sync: Mapped[datetime | None]
    last_error: Mapped[str | None]
    interval: Mapped[str] = mapped_column(server_default=MANUAL)
    when: Mapped[str] = mapped_column(server_default="00:00:00")
    next_run: Mapped[datetime | None] = mapped_column(index=True)
    automatically_deactivated: Mapped[bool] = mapped_column(server_default=sa.false())
    failures: Mapped[int] = mapped_column(server_default="0")
    authorized_user_id: Mapped[int | None]
    created_on: Mapped[datetime] = mapped_column(server_default=sa.func.now())


class SyncedProperty(Base):
    """A property of the source and the field of the table that follows it."""

    __tablename__ = "synced_property"
    __table_args__ = (sa.UniqueConstraint("data_sync_id", "key"),)

    id: Mapped[int] = mapped_column(sa.Identity(), primary_key=True)
    data_sync_id: Mapped[int] = mapped_column(sa.ForeignKey("data_sync.data_sync.id", ondelete="CASCADE"))
    field_id: Mapped[int] = mapped_column(unique=True)
    key: Mapped[str]
    unique_primary: Mapped[bool]
