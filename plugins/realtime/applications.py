"""What members are told of the applications of their workspaces."""

from __future__ import annotations

from collections.abc import Iterator

from plugin_api.events import Event
from plugin_api.realtime import Members, Message, RealtimeMessages

READ, LIST = "application.read", "workspace.list_applications"


def _messages(event: Event) -> Iterator[Message]:
    told, workspace_id = event.payload, event.workspace_id
    if workspace_id is None:
        return
    if event.type == "applications_reordered":
        body = {"type": event.type, "workspace_id": workspace_id, "order": told["order"]}
        yield Message(body, Members(workspace_id, LIST))
        return
    readers = Members(workspace_id, READ, (("application", told["application_id"]),))
    body = {"type": event.type, "application_id": told["application_id"], "workspace_id": workspace_id}
    if "application" in told:
        body["application"] = told["application"]
    yield Message(body, readers)


APPLICATION_MESSAGES = RealtimeMessages(
    "applications",
    ("application_created", "application_updated", "application_deleted", "applications_reordered"),
    _messages,
)
