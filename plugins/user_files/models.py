"""What is known of uploaded files; their contents are in the file storage."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from plugin_api.db import TYPES, schema_metadata


class Base(DeclarativeBase):
    """Base of the plugin's mapped classes."""

    metadata = schema_metadata("user_files")
    type_annotation_map = TYPES


class UserFile(Base):
    """An uploaded file; nothing of it ever changes. Uploading the same again answers the same.

    mime_type is what its name promises, served_type what browsers are told: of few kinds, found in the content.
    """

    __tablename__ = "file"
    __table_args__ = (sa.UniqueConstraint("sha256", "original_name", "uploaded_by"),)

    id: Mapped[int] = mapped_column(sa.Identity(), primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    original_name: Mapped[str]
    sha256: Mapped[str]
    size: Mapped[int]
    mime_type: Mapped[str]
    served_type: Mapped[str]
    is_image: Mapped[bool]
    image_width: Mapped[int | None]
    image_height: Mapped[int | None]
    uploaded_at: Mapped[datetime] = mapped_column(server_default=sa.func.now())
    uploaded_by: Mapped[int | None] = mapped_column(index=True)
