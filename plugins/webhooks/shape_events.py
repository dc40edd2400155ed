"""Fields and views that were created, changed and deleted."""

from __future__ import annotations

from typing import Any

from plugin_api.events import Event
from plugins.database.context import TableContext
from plugins.webhooks.types import FieldNames, Payload, WebhookEventType

_FIELD: dict[str, Any] = {
    "id": 0,
    "name": "Field",
    "order": 1,
    "type": "text",
    "primary": False,
    "read_only": False,
    "immutable_type": False,
    "immutable_properties": False,
    "description": None,
    "database_id": None,
    "workspace_id": None,
    "db_index": False,
    "field_constraints": [],
    "text_default": "",
}
VIEW: dict[str, Any] = {
    "id": 0,
    "name": "View",
    "order": 1,
    "type": "grid",
    "table": None,
    "filter_type": "AND",
    "filters_disabled": False,
    "public_view_has_password": False,
    "show_logo": True,
    "allow_public_export": False,
    "ownership_type": "collaborative",
    "owned_by_id": None,
    "row_identifier_type": "id",
    "row_height_size": "small",
    "public": False,
    "slug": "example",
}


class _Shown(WebhookEventType):
    """Tells the thing itself, which the event has under `key`."""

    key: str
    sample: dict[str, Any]

    def payload(self, event: Event, names: FieldNames | None) -> Payload:
        """The thing as the API shows it."""
        return {self.key: {name: value for name, value in event.payload[self.key].items() if name != "related_fields"}}

    def example(self, table: TableContext, names: bool) -> Payload:
        """One that is not there."""
        return {self.key: {**self.sample, "table_id": table.id}}


class _Gone(WebhookEventType):
    """Tells the id of the thing."""

    key: str

    def payload(self, event: Event, names: FieldNames | None) -> Payload:
        """Its id."""
        return {self.key: event.payload[self.key]}

    def example(self, table: TableContext, names: bool) -> Payload:
        """The id of none."""
        return {self.key: 0}


class FieldCreated(_Shown):
    """A field was created or restored."""

    type = "field.created"
    events = ("field_created", "field_restored")
    key, sample = "field", _FIELD


class FieldUpdated(_Shown):
    """A field was changed."""

    type = "field.updated"
    events = ("field_updated",)
    key, sample = "field", _FIELD


class FieldDeleted(_Gone):
    """A field went into the trash."""

    type = "field.deleted"
    events = ("field_deleted",)
    key = "field_id"


class ViewCreated(_Shown):
    """A view was created or restored."""

    type = "view.created"
    events = ("view_created",)
    key, sample = "view", VIEW


class ViewUpdated(_Shown):
    """A view was changed."""

    type = "view.updated"
    events = ("view_updated",)
    key, sample = "view", VIEW


class ViewDeleted(_Gone):
    """A view went into the trash."""

    type = "view.deleted"
    events = ("view_deleted",)
    key = "view_id"


FIELD_EVENTS: list[WebhookEventType] = [FieldCreated(), FieldUpdated(), FieldDeleted()]
VIEW_EVENTS: list[WebhookEventType] = [ViewCreated(), ViewUpdated(), ViewDeleted()]
