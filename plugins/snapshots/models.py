"""What the plugin keeps: which snapshots there are, and the copies they consist of."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from plugin_api.db import TYPES, schema_metadata


class Base(DeclarativeBase):
    """Base of the plugin's mapped classes."""

    metadata = schema_metadata("snapshots")
    type_annotation_map = TYPES


class Snapshot(Base):
    """A snapshot of an application.

    application_id: what it was taken of; None once that is gone for good. copy_id: the application kept apart that it
    consists of; None before it is made. `ready` once all of it is there; `deleted_on` while it waits to be removed.
    """

    __tablename__ = "snapshot"
    __table_args__ = (
        sa.Index(
            "uq_snapshot_name", "application_id", "name", unique=True, postgresql_where=sa.text("deleted_on IS NULL")
        ),
    )

    id: Mapped[int] = mapped_column(sa.Identity(), primary_key=True)
    workspace_id: Mapped[int] = mapped_column(index=True)
    application_id: Mapped[int | None]
    copy_id: Mapped[int | None]
    name: Mapped[str]
    created_by_id: Mapped[int | None]
    created_on: Mapped[datetime] = mapped_column(server_default=sa.func.now())
    ready: Mapped[bool] = mapped_column(server_default=sa.false())
    deleted_on: Mapped[datetime | None]
