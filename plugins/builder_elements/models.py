"""What the plugin keeps: the elements of pages."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from plugin_api.db import TYPES, schema_metadata


class Base(DeclarativeBase):
    """Base of the plugin's mapped classes."""

    metadata = schema_metadata("builder_elements")
    type_annotation_map = TYPES


class Element(Base):
    """An element of a page.

    `order` is its place among those with the same parent and `place_in_container`. `style` has what differs from
    the defaults, `styles` what differs from the theme, `options` the settings of its type.
    """

    __tablename__ = "element"

    id: Mapped[int] = mapped_column(sa.Identity(), primary_key=True)
    page_id: Mapped[int] = mapped_column(index=True)
    type: Mapped[str]
    order: Mapped[Decimal] = mapped_column(sa.Numeric(40, 20))
    parent_element_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("builder_elements.element.id", ondelete="CASCADE"), index=True
    )
    place_in_container: Mapped[str | None]
    css_classes: Mapped[str] = mapped_column(server_default="")
    visibility: Mapped[str] = mapped_column(server_default="all")
    role_type: Mapped[str] = mapped_column(server_default="allow_all")
    roles: Mapped[Any] = mapped_column(JSONB, server_default="[]")
    style: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    styles: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    options: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")


ITEM_IDS = sa.Sequence("item_id_seq", metadata=Base.metadata, schema="builder_elements")
"""Numbers the things in elements that have ids of their own, such as the options of a choice."""
