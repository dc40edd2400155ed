"""What the plugin keeps: teams of workspaces, and the members in them."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from plugin_api.db import TYPES, schema_metadata


class Base(DeclarativeBase):
    """Base of the plugin's mapped classes."""

    metadata = schema_metadata("teams")
    type_annotation_map = TYPES


class Team(Base):
    """A team. `default_role` is what those in it are in the workspace; None gives them nothing."""

    __tablename__ = "team"
    __table_args__ = (sa.UniqueConstraint("workspace_id", "name"),)

    id: Mapped[int] = mapped_column(sa.Identity(), primary_key=True)
    workspace_id: Mapped[int]
    name: Mapped[str]
    default_role: Mapped[str | None]
    created_on: Mapped[datetime] = mapped_column(server_default=sa.func.now())
    updated_on: Mapped[datetime] = mapped_column(server_default=sa.func.now())
    trashed_on: Mapped[datetime | None]


class Subject(Base):
    """A member in a team of the workspace; gone when the membership ends."""

    __tablename__ = "subject"
    __table_args__ = (
        sa.UniqueConstraint("team_id", "user_id"),
        sa.Index("ix_subject_member", "workspace_id", "user_id"),
    )

    id: Mapped[int] = mapped_column(sa.Identity(), primary_key=True)
    team_id: Mapped[int] = mapped_column(sa.ForeignKey("teams.team.id", ondelete="CASCADE"))
    workspace_id: Mapped[int]
    user_id: Mapped[int]
