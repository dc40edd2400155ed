"""What the operations on notifications take and answer."""

from __future__ import annotations

from marshmallow import fields as mf

from plugin_api.paging import PageAnswer
from plugin_api.schemas import Bool, Nested, Schema


class ReadBody(Schema):
    """Whether a notification counts as read."""

    read = Bool(required=True, metadata={"description": "false: it is unread again."})


class Sender(Schema):
    """Who caused a notification."""

    id = mf.Integer()
    username = mf.String()
    first_name = mf.String()


class NotificationWorkspace(Schema):
    """The workspace of a notification."""

    id = mf.Integer()


class NotificationAnswer(Schema):
    """A notification."""

    id = mf.Integer()
    type = mf.String(metadata={"description": "What kind of thing happened; it says what `data` holds."})
    sender = Nested(Sender, allow_none=True)
    workspace = Nested(NotificationWorkspace, allow_none=True)
    created_on = mf.DateTime()
    read = mf.Boolean()
    data = mf.Dict()


class NotificationQuery(Schema):
    """A window of the list. What cannot be read falls back to the whole first window."""

    limit = mf.Raw(metadata={"description": "How many, at most 100; 100 when it is not given."})
    offset = mf.Raw(metadata={"description": "How many to skip."})


class NotificationPage(PageAnswer):
    """A window of a user's notifications."""

    results = mf.List(Nested(NotificationAnswer))
