"""What the plugin keeps: the fields not every editor may write."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from plugin_api.db import TYPES, schema_metadata


class Base(DeclarativeBase):
    """Base of the plugin's mapped classes."""

    metadata = schema_metadata("field_permissions")
    type_annotation_map = TYPES


class FieldPermission(Base):
    """The lowest role that may write a field, above EDITOR: BUILDER, ADMIN or NOBODY; and whether forms may."""

    __tablename__ = "field_permission"

    field_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    role: Mapped[str]
    allow_in_forms: Mapped[bool] = mapped_column(server_default=sa.false())
