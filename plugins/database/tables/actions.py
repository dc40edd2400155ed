"""The types of actions on tables: how each is undone and redone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from plugin_api import trash
from plugin_api.actions import ActionType
from plugins.database.tables import service
from plugins.database.tables.trash import TABLE

Params = Mapping[str, Any]


def _delete(params: Params) -> None:
    service.delete_table(params["table_id"])


def _restore(params: Params) -> None:
    trash.restore(TABLE, params["table_id"])


def _name_back(params: Params) -> None:
    service.rename_table(params["table_id"], params["original_table_name"])


def _name_again(params: Params) -> None:
    service.rename_table(params["table_id"], params["table_name"])


def _order_back(params: Params) -> None:
    service.put_in_order(params["database_id"], params["original_order"])


def _order_again(params: Params) -> None:
    service.put_in_order(params["database_id"], params["order"])


ACTION_TYPES = [
    ActionType("create_table", 'Table "%(table_name)s" (%(table_id)s) created', _delete, _restore),
    ActionType(
        "update_table",
        'Table %(table_id)s renamed from "%(original_table_name)s" to "%(table_name)s"',
        _name_back,
        _name_again,
    ),
    ActionType("delete_table", 'Table "%(table_name)s" (%(table_id)s) deleted', _restore, _delete),
    ActionType("order_tables", "Tables ordered", _order_back, _order_again),
    ActionType(
        "duplicate_table",
        'Table "%(original_table_name)s" duplicated as "%(table_name)s" (%(table_id)s)',
        _delete,
        _restore,
    ),
]
