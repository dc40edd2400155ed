"""HTTP operations of webhooks."""

from __future__ import annotations

from typing import Any

from plugin_api.http import Blueprint
from plugins.webhooks import schemas, service

webhooks = Blueprint(
    "Database table webhooks",
    __name__,
    url_prefix="/api/database/webhooks",
    description="Other servers that are told of what happens in a table.",
)
_TABLE = ("ERROR_USER_NOT_IN_GROUP", "ERROR_TABLE_DOES_NOT_EXIST")
_WEBHOOK = ("ERROR_USER_NOT_IN_GROUP", "ERROR_TABLE_WEBHOOK_DOES_NOT_EXIST")
_BODY = (
    "ERROR_REQUEST_BODY_VALIDATION",
    "ERROR_TABLE_WEBHOOK_EVENT_CONFIG_FIELD_NOT_IN_TABLE",
    "ERROR_TABLE_WEBHOOK_EVENT_CONFIG_VIEW_NOT_IN_TABLE",
)


@webhooks.operation(
    "GET",
    "/table/<int:table_id>/",
    id="list_database_table_webhooks",
    summary="List webhooks",
    description="The webhooks of a table with their latest calls, the oldest webhook first.",
    response=schemas.WebhookAnswer(many=True),
    errors=_TABLE,
)
def list_webhooks(table_id: int) -> Any:
    """The webhooks of a table."""
    return service.list_webhooks(table_id)


@webhooks.operation(
    "POST",
    "/table/<int:table_id>/",
    id="create_database_table_webhook",
    summary="Create a webhook",
    description="Have a server told of what happens in a table. Without `include_all_events: false` it is told of"
    " everything, whatever `events` says. Deliveries are signed with `signing_secret`.",
    body=schemas.CreateWebhook,
    response=schemas.WebhookAnswer,
    errors=(*_TABLE, *_BODY, "ERROR_TABLE_WEBHOOK_MAX_LIMIT_EXCEEDED"),
)
def create_webhook(table_id: int, body: dict[str, Any]) -> Any:
    """Create a webhook."""
    return service.create_webhook(table_id, body)


@webhooks.operation(
    "GET",
    "/<int:webhook_id>/",
    id="get_database_table_webhook",
    summary="Get a webhook",
    description="A webhook with its latest calls: what was sent, what came back, and what went wrong.",
    response=schemas.WebhookAnswer,
    errors=_WEBHOOK,
)
def get_webhook(webhook_id: int) -> Any:
    """One webhook."""
    return service.read_webhook(webhook_id)


@webhooks.operation(
    "PATCH",
    "/<int:webhook_id>/",
    id="update_database_table_webhook",
    summary="Change a webhook",
    description="Changes what is given. What waits is sent as the webhook is now; `active: false` throws it away.",
    body=schemas.UpdateWebhook,
    response=schemas.WebhookAnswer,
    errors=(*_WEBHOOK, *_BODY),
)
def update_webhook(webhook_id: int, body: dict[str, Any]) -> Any:
    """Change a webhook."""
    return service.update_webhook(webhook_id, body)


@webhooks.operation(
    "DELETE",
    "/<int:webhook_id>/",
    id="delete_database_table_webhook",
    summary="Delete a webhook",
    description="Deletes a webhook with its log. What waits for it is not sent.",
    status=204,
    errors=_WEBHOOK,
)
def delete_webhook(webhook_id: int) -> None:
    """Delete a webhook."""
    service.delete_webhook(webhook_id)


@webhooks.operation(
    "POST",
    "/table/<int:table_id>/test-call/",
    id="test_call_database_table_webhook",
    summary="Try a webhook",
    description="Sends an example of an event at once, and answers the request, the response and its status, which is"
    " null when the address cannot be reached.",
    body=schemas.TestCall,
    response=schemas.TestCallAnswer,
    errors=(*_TABLE, "ERROR_REQUEST_BODY_VALIDATION"),
)
def test_call(table_id: int, body: dict[str, Any]) -> Any:
    """Send an example."""
    return service.test_call(table_id, body)
