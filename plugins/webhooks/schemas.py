"""What the operations on webhooks take and answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import fields as mf

from plugin_api.platform import registry
from plugin_api.schemas import Any_, Bool, Choice, Dict, Int, List, Nested, Schema, Str, Url, invalid
from plugins.webhooks.headers import Headers
from plugins.webhooks.signature import is_secret

METHODS = ("POST", "GET", "PUT", "PATCH", "DELETE")


def _event_types() -> list[str]:
    return list(registry("webhook_event_types"))


def _event_type(**kwargs: Any) -> Choice:
    return Choice(_event_types, metadata={"description": "A kind of event, such as rows.created."}, **kwargs)


class Secret(Str):
    """A secret that signs deliveries."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if not is_secret(text):
            raise invalid("invalid", "Give whsec_ and 24 to 64 random bytes in base64.")
        return text


class EventConfigBody(Schema):
    """How a webhook limits a kind of event."""

    event_type = _event_type(required=True)
    fields_ = List(Int(), data_key="fields", metadata={"description": "Only changes of these fields."})
    views = List(Int(), metadata={"description": "Only rows that enter these views."})


def _url(**kwargs: Any) -> Url:
    return Url(max_length=2000, metadata={"description": "Where to send events."}, **kwargs)


class CreateWebhook(Schema):
    """A new webhook."""

    name = Str(required=True, max_length=255)
    url = _url(required=True)
    include_all_events = Bool(load_default=True, metadata={"description": "All events, whatever `events` says."})
    events = List(_event_type(), load_default=list, metadata={"description": "The events it wants."})
    event_config = List(Nested(EventConfigBody), metadata={"description": "Limits of these events."})
    request_method = Choice(METHODS, load_default="POST")
    headers = Headers(load_default=dict, metadata={"description": "Further headers: names and texts."})
    use_user_field_names = Bool(
        load_default=True, metadata={"description": "Name fields by their names instead of `field_<id>`."}
    )
    signing_secret = Secret(metadata={"description": "A secret of yours that signs; without it a random one."})


class UpdateWebhook(Schema):
    """What to change; keys that are not given stay as they are."""

    name = Str(max_length=255)
    url = _url()
    include_all_events = Bool(metadata={"description": "All events, whatever `events` says."})
    events = List(_event_type(), metadata={"description": "The events it wants."})
    event_config = List(Nested(EventConfigBody), metadata={"description": "Limits of these events."})
    request_method = Choice(METHODS)
    headers = Headers(metadata={"description": "Further headers: names and texts."})
    use_user_field_names = Bool(metadata={"description": "Name fields by their names instead of `field_<id>`."})
    active = Bool(metadata={"description": "false: nothing is sent, and what waits is thrown away."})
    signing_secret = Secret(metadata={"description": "A secret of yours that signs from now on."})


class TestCall(Schema):
    """An example to send."""

    __test__ = False

    event_type = _event_type(required=True)
    url = _url(required=True)
    request_method = Choice(METHODS, load_default="POST")
    headers = Headers(load_default=dict, metadata={"description": "Further headers: names and texts."})
    use_user_field_names = Bool(
        load_default=True, metadata={"description": "Name fields by their names instead of `field_<id>`."}
    )


class CallAnswer(Schema):
    """The latest call of a delivery."""

    id = Int()
    event_id = Str()
    event_type = Str()
    called_time = mf.DateTime(allow_none=True)
    called_url = Str()
    request = Str()
    response = Str()
    response_status = Int(allow_none=True)
    error = Str(allow_none=True)


class WebhookAnswer(Schema):
    """A webhook with its latest calls, the newest first."""

    id = Int()
    events = List(Str())
    event_config = List(Dict())
    headers = Dict()
    calls = List(Nested(CallAnswer))
    created_on = mf.DateTime()
    updated_on = mf.DateTime()
    use_user_field_names = Bool()
    url = Str()
    request_method = Choice(METHODS)
    name = Str()
    include_all_events = Bool()
    failed_triggers = Int()
    active = Bool()
    signing_secret = Str()


class TestCallAnswer(Schema):
    """What came of a test call. `status_code` is null when there was no answer."""

    __test__ = False

    request = Any_()
    response = Any_()
    status_code = Int(allow_none=True)
    is_unreachable = Bool()
