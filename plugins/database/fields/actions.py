"""The types of actions on fields: how each is undone and redone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from plugin_api import trash
from plugin_api.actions import ActionType
from plugins.database.fields import service
from plugins.database.fields.primary import change_primary_field
from plugins.database.fields.replays import redo_update, undo_update

Params = Mapping[str, Any]


def _delete(params: Params) -> None:
    service.delete_field(params["field_id"])


def _restore(params: Params) -> None:
    trash.restore("field", params["field_id"])


def _primary_back(params: Params) -> None:
    change_primary_field(params["table_id"], params["original_field_id"])


def _primary_again(params: Params) -> None:
    change_primary_field(params["table_id"], params["field_id"])


_TABLE = 'table "%(table_name)s" (%(table_id)s)'

ACTION_TYPES = [
    ActionType("create_field", f'Field "%(field_name)s" created in {_TABLE}', _delete, _restore),
    ActionType("update_field", f'Field "%(field_name)s" changed in {_TABLE}', undo_update, redo_update),
    ActionType("delete_field", f'Field "%(field_name)s" deleted from {_TABLE}', _restore, _delete),
    ActionType(
        "duplicate_field",
        f'Field "%(original_field_name)s" duplicated as "%(field_name)s" in {_TABLE}',
        _delete,
        _restore,
    ),
    ActionType(
        "change_primary_field", f'Primary field of {_TABLE} is now "%(field_name)s"', _primary_back, _primary_again
    ),
]
