"""What the plugin keeps: the settings of dashboards."""

from __future__ import annotations

from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from plugin_api.db import TYPES, schema_metadata


class Base(DeclarativeBase):
    """Base of the plugin's mapped classes."""

    metadata = schema_metadata("dashboard")
    type_annotation_map = TYPES


class Dashboard(Base):
    """The settings of a dashboard."""

    __tablename__ = "dashboard"

    application_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    description: Mapped[str] = mapped_column(server_default="")
