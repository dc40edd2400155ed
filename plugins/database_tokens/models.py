"""What the plugin keeps: tokens and their rights."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from plugin_api.db import TYPES, schema_metadata


class Base(DeclarativeBase):
    """Base of the plugin's mapped classes."""

    metadata = schema_metadata("database_tokens")
    type_annotation_map = TYPES


class Token(Base):
    """A user's key to a workspace's rows. `key` is encrypted; requests find their token by `key_digest`."""

    __tablename__ = "token"

    id: Mapped[int] = mapped_column(sa.Identity(), primary_key=True)
    user_id: Mapped[int] = mapped_column(index=True)
    workspace_id: Mapped[int] = mapped_column(index=True)
    name: Mapped[str]
    key: Mapped[str]
    key_digest: Mapped[str] = mapped_column(unique=True)
    created_on: Mapped[datetime] = mapped_column(server_default=sa.func.now())


class Right(Base):
    """What a token may do (create, read, update, delete) in a database, in a table, or, without both, everywhere."""

    __tablename__ = "right"

    id: Mapped[int] = mapped_column(sa.Identity(), primary_key=True)
    token_id: Mapped[int] = mapped_column(sa.ForeignKey("database_tokens.token.id", ondelete="CASCADE"), index=True)
    operation: Mapped[str]
    database_id: Mapped[int | None] = mapped_column(index=True)
    table_id: Mapped[int | None] = mapped_column(index=True)
