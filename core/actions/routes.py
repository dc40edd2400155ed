"""HTTP operations that undo and redo."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import marshmallow as ma
from marshmallow import fields as mf

from core.actions import undo as undoing
from plugin_api.http import Blueprint
from plugin_api.schemas import Bool, Int, Nested, Schema, refuse_unknown

blueprint = Blueprint("undo", __name__, url_prefix="/api/user", description="Undo and redo")
blueprints: list[Blueprint] = [blueprint]

_ERRORS = ["ERROR_CLIENT_SESSION_ID_HEADER_NOT_SET", "ERROR_INVALID_CLIENT_SESSION_ID", "ERROR_REQUEST_BODY_VALIDATION"]


class Scopes(Schema):
    """Where the actions were made; those of any scope given are meant, without scopes all of the session."""

    root = Bool(allow_none=True, metadata={"description": "Changes of workspaces themselves."})
    workspace = Int(min_value=0, allow_none=True)
    application = Int(min_value=0, allow_none=True)
    table = Int(min_value=0, allow_none=True)
    view = Int(min_value=0, allow_none=True)
    teams_in_workspace = Int(min_value=0, allow_none=True)

    @ma.validates_schema(pass_original=True)
    def _known(self, data: Mapping[str, Any], original: Any, **kwargs: Any) -> None:
        refuse_unknown(self, original)


class UndoBody(Schema):
    """What to undo or redo."""

    scopes = Nested(Scopes, required=True)


class UndoneAction(Schema):
    """An action that was undone or redone."""

    action_type = mf.String()
    action_scope = mf.String()


class UndoAnswer(Schema):
    """What was done: `SUCCESS`, `NOTHING_TO_DO` or `SKIPPED_DUE_TO_ERROR`."""

    actions = mf.List(mf.Nested(UndoneAction))
    result_code = mf.String()


@blueprint.operation(
    "PATCH",
    "/undo/",
    id="undo",
    summary="Undo your latest action",
    description="Undoes the latest action of this client session (header ClientSessionId) in the given scopes, with "
    "the other actions of its group. What can no longer be undone is skipped: the next call takes the one before.",
    body=UndoBody,
    response=UndoAnswer,
    errors=_ERRORS,
)
def undo(body: dict[str, Any]) -> dict[str, Any]:
    """Undo."""
    return undoing.undo(body["scopes"])


@blueprint.operation(
    "PATCH",
    "/redo/",
    id="redo",
    summary="Redo what you undid",
    description="Redoes the action of this client session that was undone last in the given scopes, with the others "
    "of its group. Once something new was done there is nothing to redo.",
    body=UndoBody,
    response=UndoAnswer,
    errors=_ERRORS,
)
def redo(body: dict[str, Any]) -> dict[str, Any]:
    """Redo."""
    return undoing.redo(body["scopes"])
