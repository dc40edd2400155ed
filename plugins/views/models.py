"""What the plugin keeps: views, the settings of fields in them, and their filters, sortings, groupings, decorations."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from plugin_api.db import TYPES, schema_metadata


class Base(DeclarativeBase):
    """Base of the plugin's mapped classes."""

    metadata = schema_metadata("views")
    type_annotation_map = TYPES


def _key(target: str, **kwargs: Any) -> Any:
    return mapped_column(sa.ForeignKey(f"views.{target}", ondelete="CASCADE"), **kwargs)


class View(Base):
    """A view of a table. `options` are its type's settings; `password` is a hash, empty without one."""

    __tablename__ = "view"
    __table_args__ = (sa.Index(None, "options", postgresql_using="gin", postgresql_ops={"options": "jsonb_path_ops"}),)

    id: Mapped[int] = mapped_column(sa.Identity(), primary_key=True)
    table_id: Mapped[int] = mapped_column(index=True)
    type: Mapped[str]
    name: Mapped[str]
    order: Mapped[int]
    filter_type: Mapped[str] = mapped_column(server_default="AND")
    filters_disabled: Mapped[bool] = mapped_column(server_default=sa.false())
    public: Mapped[bool] = mapped_column(server_default=sa.false())
    slug: Mapped[str] = mapped_column(unique=True)
    password: Mapped[str] = mapped_column(server_default="")
    show_logo: Mapped[bool] = mapped_column(server_default=sa.true())
    allow_public_export: Mapped[bool] = mapped_column(server_default=sa.false())
    ownership_type: Mapped[str] = mapped_column(server_default="collaborative")
    owned_by_id: Mapped[int | None]
    options: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    created_on: Mapped[datetime] = mapped_column(server_default=sa.func.now())
    trashed_on: Mapped[datetime | None]


class FieldOptions(Base):
    """What a view's type keeps for a field."""

    __tablename__ = "field_options"

    view_id: Mapped[int] = _key("view.id", primary_key=True)
    field_id: Mapped[int] = mapped_column(primary_key=True, index=True)
    options: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")


class Part:
    """What the parts of a view have in common.

    `gone` says why a part is hidden: "deleted" by a user, who may undo that, or "unfit" for what its field became.
    """

    id: Mapped[int] = mapped_column(sa.Identity(), primary_key=True)
    gone: Mapped[str | None]


class FilterGroup(Part, Base):
    """Filters and groups joined by AND or OR."""

    __tablename__ = "filter_group"

    view_id: Mapped[int] = _key("view.id", index=True)
    parent_id: Mapped[int | None] = _key("filter_group.id", index=True)
    filter_type: Mapped[str] = mapped_column(server_default="AND")


class Filter(Part, Base):
    """A condition on a field."""

    __tablename__ = "filter"

    view_id: Mapped[int] = _key("view.id", index=True)
    field_id: Mapped[int] = mapped_column(index=True)
    group_id: Mapped[int | None] = _key("filter_group.id", index=True)
    type: Mapped[str]
    value: Mapped[str] = mapped_column(server_default="")


class Sort(Part, Base):
    """A field rows are ordered by."""

    __tablename__ = "sort"

    view_id: Mapped[int] = _key("view.id", index=True)
    field_id: Mapped[int] = mapped_column(index=True)
    order: Mapped[str] = mapped_column(server_default="ASC")
    type: Mapped[str] = mapped_column(server_default="default")


class GroupBy(Part, Base):
    """A field rows are grouped by."""

    __tablename__ = "group_by"

    view_id: Mapped[int] = _key("view.id", index=True)
    field_id: Mapped[int] = mapped_column(index=True)
    order: Mapped[str] = mapped_column(server_default="ASC")
    width: Mapped[int] = mapped_column(server_default="200")
    type: Mapped[str] = mapped_column(server_default="default")


class Decoration(Part, Base):
    """How rows are marked, and what decides the mark."""

    __tablename__ = "decoration"

    view_id: Mapped[int] = _key("view.id", index=True)
    type: Mapped[str]
    value_provider_type: Mapped[str] = mapped_column(server_default="")
    value_provider_conf: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    order: Mapped[int] = mapped_column(server_default="1")
