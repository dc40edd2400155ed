"""What the operations on tokens take and answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import fields as mf

from plugin_api.errors import problem
from plugin_api.schemas import MAX_INT, Any_, Bool, Int, Nested, Schema, Str, as_int

_PLACES = (
    'true everywhere, false nowhere, else a list of places such as [["database", 4], ["table", 12]]: '
    "a database stands for all its tables."
)


class WorkspaceId(Int):
    """The id of a workspace; anything else is no reference at all."""

    default_error_messages = {
        "incorrect_type": [problem("incorrect_type", "Expected the id of a workspace.")],
        "does_not_exist": [problem("does_not_exist", "There is no such workspace.")],
    }

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> int:
        number = as_int(value)
        if number is None:
            raise self.make_error("incorrect_type")
        if not 0 < number <= MAX_INT:
            raise self.make_error("does_not_exist")
        return number


class CreateToken(Schema):
    """A new token."""

    name = Str(required=True, max_length=100, metadata={"description": "What the token is for."})
    workspace = WorkspaceId(required=True, metadata={"description": "The workspace whose rows it reaches."})


class PermissionsBody(Schema):
    """What a token may do with rows, and where."""

    create = mf.Raw(metadata={"description": f"Adding rows: {_PLACES}"})
    read = mf.Raw(metadata={"description": f"Reading and listing rows: {_PLACES}"})
    update = mf.Raw(metadata={"description": f"Changing and moving rows: {_PLACES}"})
    delete = mf.Raw(metadata={"description": f"Deleting rows: {_PLACES}"})


class UpdateToken(Schema):
    """What to change; keys that are not given stay as they are."""

    name = Str(max_length=100, metadata={"description": "What the token is for."})
    permissions = Any_(
        metadata={"description": f"An object with exactly the keys create, read, update and delete; each is {_PLACES}"}
    )
    rotate_key = Bool(metadata={"description": "true: make a new key; the one before works no more."})


class TokenAnswer(Schema):
    """A token."""

    id = Int()
    name = Str()
    workspace = Int()
    key = Str(metadata={"description": "What programs send: `Authorization: Token KEY`."})
    permissions = Nested(PermissionsBody)


class CheckAnswer(Schema):
    """The token of the request."""

    token = Str()


class TokenTable(Schema):
    """A table a token reaches."""

    id = Int()
    name = Str()
    order = Int()
    database_id = Int()
