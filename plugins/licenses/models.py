"""What the plugin keeps: the texts of licences, and who has a seat of each."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from plugin_api.db import TYPES, schema_metadata


class Base(DeclarativeBase):
    """Base of the plugin's mapped classes."""

    metadata = schema_metadata("licenses")
    type_annotation_map = TYPES


class Registered(Base):
    """A licence of this instance. All that counts is in the signed text; `license_id` is unique whoever issued it."""

    __tablename__ = "license"

    id: Mapped[int] = mapped_column(sa.Identity(), primary_key=True)
    license_id: Mapped[str] = mapped_column(unique=True)
    text: Mapped[str]
    last_check: Mapped[datetime | None]
    created_on: Mapped[datetime] = mapped_column(server_default=sa.func.now())


class Seat(Base):
    """A user who has what a licence gives."""

    __tablename__ = "seat"
    __table_args__ = (sa.UniqueConstraint("license_id", "user_id"), sa.Index("ix_seat_user_id", "user_id"))

    id: Mapped[int] = mapped_column(sa.Identity(), primary_key=True)
    license_id: Mapped[int] = mapped_column(sa.ForeignKey("licenses.license.id", ondelete="CASCADE"))
    user_id: Mapped[int]
