"""What clients send and get about applications."""

from __future__ import annotations

from typing import Any

import marshmallow as ma
from marshmallow import fields as mf

from core.applications.store import MAX_NAME
from plugin_api.errors import problem
from plugin_api.schemas import Any_, Bool, Int, List, Schema, Str

_KEYS = ("name", "type")


class NewApplication(Schema):
    """An application to make."""

    name = Str(required=True, max_length=MAX_NAME)
    type = Any_(load_default=None, allow_none=True, metadata={"description": "A type of application, e.g. `database`."})
    init_with_data = Bool(load_default=False, metadata={"description": "Fill it with an example to start from."})

    def handle_error(self, error: ma.ValidationError, data: Any, **kwargs: Any) -> None:
        """Clients expect both keys to be asked for whenever the body does not fit, whatever is wrong with it."""
        super().handle_error(error, data, **kwargs)
        if isinstance(error.messages, dict) and "non_field_errors" not in error.messages:
            error.messages.update({key: [problem("required", "This field is required.")] for key in _KEYS})


class ChangedApplication(Schema):
    """What to change of an application."""

    name = Str(max_length=MAX_NAME)


class Order(Schema):
    """Applications in the order they are to have."""

    application_ids = List(Int(), required=True)


class WorkspaceOfApplication(Schema):
    """The workspace an application is in."""

    id = mf.Integer()
    name = mf.String()
    generative_ai_models_enabled = mf.Dict()


class ApplicationAnswer(Schema):
    """An application; its type adds keys, a database its `tables`."""

    id = mf.Integer()
    name = mf.String()
    order = mf.Integer()
    type = mf.String()
    created_on = mf.DateTime()
    workspace = mf.Nested(WorkspaceOfApplication)
