"""What the plugin keeps. Applications and users are referred to by id, without foreign keys."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from plugin_api.db import TYPES, schema_metadata


class Base(DeclarativeBase):
    """Base of the plugin's mapped classes; its tables are in a schema of its own."""

    metadata = schema_metadata("bookmarks")
    type_annotation_map = TYPES


class Bookmark(Base):
    """A link. One in the trash has a `trashed_on`, and nobody sees it."""

    __tablename__ = "bookmark"

    id: Mapped[int] = mapped_column(sa.Identity(), primary_key=True)
    application_id: Mapped[int] = mapped_column(index=True)
    title: Mapped[str]
    url: Mapped[str]
    note: Mapped[str] = mapped_column(server_default="")
    created_by: Mapped[int | None]
    created_on: Mapped[datetime] = mapped_column(server_default=sa.func.now())
    trashed_on: Mapped[datetime | None]
