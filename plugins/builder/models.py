"""What the plugin keeps: the settings of builders, and their pages."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from plugin_api.db import TYPES, schema_metadata


class Base(DeclarativeBase):
    """Base of the plugin's mapped classes."""

    metadata = schema_metadata("builder")
    type_annotation_map = TYPES


def _now() -> Any:
    return mapped_column(server_default=sa.func.now())


class Builder(Base):
    """The settings of a builder. `theme` has what differs from the defaults."""

    __tablename__ = "builder"

    application_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    login_page_id: Mapped[int | None] = mapped_column(sa.ForeignKey("builder.page.id", ondelete="SET NULL"))
    favicon_file: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    theme: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    custom_code: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    scripts: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, server_default="[]")


class Page(Base):
    """A page of a builder.

    Each builder has one `shared` page, whose elements are shown on others. `route` is the path with its parameters'
    names left out: two pages must not answer the same addresses. `roles` is what clients keep there, as they sent it.
    """

    __tablename__ = "page"
    __table_args__ = (
        sa.Index("uq_page_name", "application_id", "name", unique=True, postgresql_where=sa.text("trashed_on IS NULL")),
        sa.Index(
            "uq_page_route", "application_id", "route", unique=True, postgresql_where=sa.text("trashed_on IS NULL")
        ),
        sa.Index("uq_page_shared", "application_id", unique=True, postgresql_where=sa.text("shared")),
    )

    id: Mapped[int] = mapped_column(sa.Identity(), primary_key=True)
    application_id: Mapped[int] = mapped_column(index=True)
    name: Mapped[str]
    path: Mapped[str]
    route: Mapped[str]
    path_params: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, server_default="[]")
    query_params: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, server_default="[]")
    order: Mapped[int]
    shared: Mapped[bool] = mapped_column(server_default=sa.false())
    visibility: Mapped[str] = mapped_column(server_default="all")
    role_type: Mapped[str] = mapped_column(server_default="allow_all")
    roles: Mapped[Any] = mapped_column(JSONB, server_default="[]")
    created_on: Mapped[datetime] = _now()
    updated_on: Mapped[datetime] = _now()
    trashed_on: Mapped[datetime | None]
