"""What the plugin keeps: the roles given at places within workspaces."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from plugin_api.db import TYPES, schema_metadata


class Base(DeclarativeBase):
    """Base of the plugin's mapped classes."""

    metadata = schema_metadata("roles")
    type_annotation_map = TYPES


class Assignment(Base):
    """A role at an application or something in one; gone with the application, and with the membership.

    user_id: the same as subject_id when the subject is a user, None for groups.
    """

    __tablename__ = "assignment"
    __table_args__ = (
        sa.UniqueConstraint("scope_type", "scope_id", "subject_type", "subject_id"),
        sa.Index("ix_assignment_application", "application_id", "user_id"),
        sa.Index("ix_assignment_workspace", "workspace_id", "user_id"),
        sa.Index("ix_assignment_subject", "subject_id", "subject_type"),
    )

    id: Mapped[int] = mapped_column(sa.Identity(), primary_key=True)
    workspace_id: Mapped[int]
    application_id: Mapped[int]
    scope_type: Mapped[str]
    scope_id: Mapped[int]
    subject_type: Mapped[str]
    subject_id: Mapped[int]
    user_id: Mapped[int | None]
    role: Mapped[str]
