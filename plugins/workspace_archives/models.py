"""What the plugin keeps: archives that were uploaded, to be imported."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from plugin_api.db import TYPES, schema_metadata


class Base(DeclarativeBase):
    """Base of the plugin's mapped classes."""

    metadata = schema_metadata("workspace_archives")
    type_annotation_map = TYPES


class Resource(Base):
    """An uploaded archive that was found to be sound. `file` is its name in the file storage."""

    __tablename__ = "resource"

    id: Mapped[int] = mapped_column(sa.Identity(), primary_key=True)
    workspace_id: Mapped[int] = mapped_column(index=True)
    name: Mapped[str]
    size: Mapped[int]
    file: Mapped[str]
    created_by_id: Mapped[int | None]
    created_on: Mapped[datetime] = mapped_column(server_default=sa.func.now())
