"""The core's own tables: accounts, workspaces, applications, jobs, actions, the outbox, instance settings."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSON, JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from plugin_api.db import TYPES, schema_metadata


class Base(DeclarativeBase):
    """Base of the core's mapped classes."""

    metadata = schema_metadata("core")
    type_annotation_map = TYPES


def _key(target: str, **kwargs: Any) -> Any:
    return mapped_column(sa.ForeignKey(target, ondelete=kwargs.pop("ondelete", "CASCADE")), **kwargs)


def _now() -> Any:
    return mapped_column(server_default=sa.func.now())


class User(Base):
    """An account. `auth_version` grows when all its tokens must end, `refresh_version` when refresh tokens must."""

    __tablename__ = "user"

    id: Mapped[int] = mapped_column(sa.Identity(), primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    password: Mapped[str] = mapped_column(server_default="")
    is_staff: Mapped[bool] = mapped_column(server_default=sa.false())
    is_active: Mapped[bool] = mapped_column(server_default=sa.true())
    language: Mapped[str] = mapped_column(server_default="en")
    email_notification_frequency: Mapped[str] = mapped_column(server_default="instant")
    email_verified: Mapped[bool] = mapped_column(server_default=sa.false())
    completed_onboarding: Mapped[bool] = mapped_column(server_default=sa.false())
    completed_guided_tours: Mapped[list[str]] = mapped_column(JSONB, server_default="[]")
    to_be_deleted: Mapped[bool] = mapped_column(server_default=sa.false())
    delete_requested_on: Mapped[datetime | None]
    auth_version: Mapped[int] = mapped_column(server_default="1")
    refresh_version: Mapped[int] = mapped_column(server_default="1")
    date_joined: Mapped[datetime] = _now()
    last_login: Mapped[datetime | None]


class RevokedToken(Base):
    """A refresh token that was signed off before its end, by its digest."""

    __tablename__ = "revoked_token"

    digest: Mapped[str] = mapped_column(primary_key=True)
    expires_on: Mapped[datetime] = mapped_column(index=True)


class AuthProvider(Base):
    """A way to sign in. `secrets` are encrypted, by the names of their settings; `kept` is its type's own."""

    __tablename__ = "auth_provider"

    id: Mapped[int] = mapped_column(sa.Identity(), primary_key=True)
    type: Mapped[str]
    domain: Mapped[str | None]
    enabled: Mapped[bool] = mapped_column(server_default=sa.true())
    settings: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    secrets: Mapped[dict[str, str]] = mapped_column(JSONB, server_default="{}")
    kept: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    created_on: Mapped[datetime] = _now()


class ProvidedAccount(Base):
    """That an account can be signed in to with a provider."""

    __tablename__ = "provided_account"

    auth_provider_id: Mapped[int] = _key("core.auth_provider.id", primary_key=True)
    user_id: Mapped[int] = _key("core.user.id", primary_key=True, index=True)
    created_on: Mapped[datetime] = _now()


class InstanceSettings(Base):
    """The one row of settings an administrator changes at run time; `values` by setting name."""

    __tablename__ = "instance_settings"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    instance_id: Mapped[str]
    values: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")


class PluginState(Base):
    """A plugin an administrator switched off or on at run time."""

    __tablename__ = "plugin_state"

    name: Mapped[str] = mapped_column(primary_key=True)
    enabled: Mapped[bool]
    changed_on: Mapped[datetime] = _now()


class Workspace(Base):
    """A workspace: members share its applications. `trashed_on` hides it until it is restored or gone."""

    __tablename__ = "workspace"

    id: Mapped[int] = mapped_column(sa.Identity(), primary_key=True)
    name: Mapped[str]
    created_on: Mapped[datetime] = _now()
    updated_on: Mapped[datetime] = _now()
    trashed_on: Mapped[datetime | None]
    generative_ai_models_settings: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")


class Membership(Base):
    """A user in a workspace with a role; `order` is the workspace's place in the user's list."""

    __tablename__ = "membership"
    __table_args__ = (sa.UniqueConstraint("workspace_id", "user_id"),)

    id: Mapped[int] = mapped_column(sa.Identity(), primary_key=True)
    workspace_id: Mapped[int] = _key("core.workspace.id")
    user_id: Mapped[int] = _key("core.user.id", index=True)
    permissions: Mapped[str] = mapped_column(server_default="MEMBER")
    order: Mapped[int] = mapped_column(server_default="0")
    created_on: Mapped[datetime] = _now()


class Invitation(Base):
    """An invitation of an e-mail address to a workspace."""

    __tablename__ = "invitation"
    __table_args__ = (sa.UniqueConstraint("workspace_id", "email"),)

    id: Mapped[int] = mapped_column(sa.Identity(), primary_key=True)
    workspace_id: Mapped[int] = _key("core.workspace.id")
    invited_by_id: Mapped[int] = _key("core.user.id")
    email: Mapped[str] = mapped_column(index=True)
    permissions: Mapped[str]
    message: Mapped[str] = mapped_column(server_default="")
    created_on: Mapped[datetime] = _now()
    updated_on: Mapped[datetime] = _now()


class Application(Base):
    """An application in a workspace; its type's plugin keeps what is inside.

    One with `kept_by` belongs to what that names, such as a snapshot: its data is in the workspace, nobody reaches it.
    """

    __tablename__ = "application"

    id: Mapped[int] = mapped_column(sa.Identity(), primary_key=True)
    workspace_id: Mapped[int] = _key("core.workspace.id", index=True)
    type: Mapped[str]
    name: Mapped[str]
    order: Mapped[int] = mapped_column(server_default="1")
    created_on: Mapped[datetime] = _now()
    updated_on: Mapped[datetime] = _now()
    trashed_on: Mapped[datetime | None]
    kept_by: Mapped[str | None]


class Job(Base):
    """A job of a user. `params` say what to do, `result` what came of it; state pending, started, ..., finished."""

    __tablename__ = "job"
    __table_args__ = (
        sa.Index("ix_job_open", "id", postgresql_where=sa.text("state NOT IN ('finished', 'failed', 'cancelled')")),
    )

    id: Mapped[int] = mapped_column(sa.Identity(), primary_key=True)
    type: Mapped[str]
    user_id: Mapped[int | None] = _key("core.user.id", index=True)
    state: Mapped[str] = mapped_column(server_default="pending")
    progress_percentage: Mapped[Decimal] = mapped_column(sa.Numeric(5, 2), server_default="0")
    human_readable_error: Mapped[str] = mapped_column(server_default="")
    error: Mapped[str] = mapped_column(server_default="")
    params: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    result: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    context: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    attempts: Mapped[int] = mapped_column(server_default="0")
    created_on: Mapped[datetime] = _now()
    updated_on: Mapped[datetime] = _now()


class Action(Base):
    """A recorded change, for undo and audit."""

    __tablename__ = "action"
    __table_args__ = (
        sa.Index("ix_action_undo", "user_id", "session_id", "id"),
        sa.Index("ix_action_workspace", "workspace_id", "created_on"),
        sa.Index("ix_action_sign_ins", "created_on", "user_id", postgresql_where=sa.text("type = 'sign_in_user'")),
    )

    id: Mapped[int] = mapped_column(sa.Identity(), primary_key=True)
    user_id: Mapped[int | None]
    session_id: Mapped[str | None]
    group_id: Mapped[str | None]
    type: Mapped[str]
    scope: Mapped[str]
    workspace_id: Mapped[int | None]
    params: Mapped[dict[str, Any]] = mapped_column(JSONB)
    ip_address: Mapped[str | None]
    created_on: Mapped[datetime] = _now()
    undone_on: Mapped[datetime | None]
    error: Mapped[str | None]


class TrashEntry(Base):
    """Something in the trash. `emptied` ones are out of sight and wait to be removed for good.

    `place_type` and `place_id` say where in the application it is, if people may have another role there.
    """

    __tablename__ = "trash"
    __table_args__ = (
        sa.Index("uq_trash_item", "type", sa.text("coalesce(parent_id, 0)"), "item_id", unique=True),
        sa.Index("ix_trash_workspace", "workspace_id", "trashed_on"),
        sa.Index("ix_trash_due", "trashed_on"),
    )

    id: Mapped[int] = mapped_column(sa.Identity(), primary_key=True)
    type: Mapped[str]
    item_id: Mapped[int]
    parent_id: Mapped[int | None]
    workspace_id: Mapped[int]
    application_id: Mapped[int | None]
    user_id: Mapped[int | None]
    name: Mapped[str]
    names: Mapped[list[str] | None] = mapped_column(JSONB)
    parent_name: Mapped[str | None]
    details: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    trashed_on: Mapped[datetime] = _now()
    emptied: Mapped[bool] = mapped_column(server_default=sa.false())
    place_type: Mapped[str | None]
    place_id: Mapped[int | None]


class OutboxEvent(Base):
    """An event that is written with its change and told by a worker after the commit.

    `handler` names the only handler it still has to be told to, from `due_on` on: the others have had it.
    """

    __tablename__ = "outbox"

    id: Mapped[int] = mapped_column(sa.Identity(), primary_key=True)
    type: Mapped[str]
    workspace_id: Mapped[int | None]
    user_id: Mapped[int | None]
    websocket_id: Mapped[str | None]
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)
    attempts: Mapped[int] = mapped_column(server_default="0")
    handler: Mapped[str | None]
    request_id: Mapped[str | None]
    due_on: Mapped[datetime] = _now()
    created_on: Mapped[datetime] = _now()
