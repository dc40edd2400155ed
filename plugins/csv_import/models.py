"""What the plugin keeps: which files are being sent, and the parts that have arrived."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from plugin_api.db import TYPES, schema_metadata


class Base(DeclarativeBase):
    """Base of the plugin's mapped classes."""

    metadata = schema_metadata("csv_import")
    type_annotation_map = TYPES


class Upload(Base):
    """A file somebody sends. size: its bytes. parts: the names of what has arrived, in order; received: their bytes."""

    __tablename__ = "upload"

    id: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(index=True)
    name: Mapped[str]
    size: Mapped[int]
    received: Mapped[int] = mapped_column(server_default="0")
    parts: Mapped[list[str]] = mapped_column(JSONB, server_default=sa.text("'[]'"))
    created_on: Mapped[datetime] = mapped_column(server_default=sa.func.now())
