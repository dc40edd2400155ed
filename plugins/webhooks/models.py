"""What the plugin keeps: webhooks, their queues of deliveries, the log of calls, the rows in watched views."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from plugin_api.db import TYPES, schema_metadata


class Base(DeclarativeBase):
    """Base of the plugin's mapped classes."""

    metadata = schema_metadata("webhooks")
    type_annotation_map = TYPES


def _of_webhook(**kwargs: Any) -> Any:
    return mapped_column(sa.ForeignKey("webhooks.webhook.id", ondelete="CASCADE"), **kwargs)


class Webhook(Base):
    """Whom to tell of a table's events. `headers` (a JSON object) and `secret` are encrypted.

    `event_config` lists the events it wants unless `include_all_events`: {"event_type", "fields", "views"} each.
    `failed_triggers` counts the deliveries in a row that were given up.
    """

    __tablename__ = "webhook"

    id: Mapped[int] = mapped_column(sa.Identity(), primary_key=True)
    table_id: Mapped[int] = mapped_column(index=True)
    name: Mapped[str]
    url: Mapped[str]
    request_method: Mapped[str]
    headers: Mapped[str]
    secret: Mapped[str]
    use_user_field_names: Mapped[bool]
    include_all_events: Mapped[bool]
    event_config: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, server_default="[]")
    active: Mapped[bool] = mapped_column(server_default=sa.true())
    failed_triggers: Mapped[int] = mapped_column(server_default="0")
    created_on: Mapped[datetime] = mapped_column(server_default=sa.func.now())
    updated_on: Mapped[datetime] = mapped_column(server_default=sa.func.now())


class Queue(Base):
    """The state of a webhook's queue.

    due_on: when its first delivery is tried next; NULL while there is none.
    claim, claimed_until: the worker that works on it, and for how long nobody else does.
    slow: the last call took long; only some of a worker's threads call such receivers.
    """

    __tablename__ = "queue"
    __table_args__ = (sa.Index("ix_queue_due_on", "due_on", postgresql_where=sa.text("due_on IS NOT NULL")),)

    webhook_id: Mapped[int] = _of_webhook(primary_key=True)
    due_on: Mapped[datetime | None]
    claim: Mapped[uuid.UUID | None]
    claimed_until: Mapped[datetime | None]
    slow: Mapped[bool] = mapped_column(server_default=sa.false())


class Delivery(Base):
    """An event on its way to a webhook; in the order of their ids.

    payload: the JSON text of what is special to the event. It is NULL until the first try where `pending` says from
    what it is made: then `rest` is what is left for further pages.
    """

    __tablename__ = "delivery"
    __table_args__ = (sa.Index("ix_delivery_webhook", "webhook_id", "id"),)

    id: Mapped[int] = mapped_column(sa.Identity(), primary_key=True)
    webhook_id: Mapped[int] = _of_webhook()
    uid: Mapped[uuid.UUID] = mapped_column(server_default=sa.func.gen_random_uuid())
    event_id: Mapped[uuid.UUID]
    event_type: Mapped[str]
    payload: Mapped[str | None]
    pending: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    page: Mapped[int] = mapped_column(server_default="1")
    attempts: Mapped[int] = mapped_column(server_default="0")
    request_id: Mapped[str | None]
    created_on: Mapped[datetime] = mapped_column(server_default=sa.func.now())


class Call(Base):
    """The latest call of a delivery, for people to look at."""

    __tablename__ = "call"
    __table_args__ = (sa.Index("ix_call_webhook", "webhook_id", "called_time", "id"),)

    id: Mapped[int] = mapped_column(sa.Identity(), primary_key=True)
    webhook_id: Mapped[int] = _of_webhook()
    delivery: Mapped[uuid.UUID] = mapped_column(unique=True)
    event_id: Mapped[uuid.UUID]
    event_type: Mapped[str]
    called_time: Mapped[datetime]
    called_url: Mapped[str]
    request: Mapped[str]
    response: Mapped[str]
    response_status: Mapped[int | None]
    error: Mapped[str]


class ViewRow(Base):
    """A row that is in a view some webhook watches, as far as is known."""

    __tablename__ = "view_row"

    view_id: Mapped[int] = mapped_column(primary_key=True)
    row_id: Mapped[int] = mapped_column(primary_key=True)
