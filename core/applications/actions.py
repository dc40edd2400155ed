"""The types of actions on applications."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.applications import service
from plugin_api import trash
from plugin_api.actions import ActionType


def _delete(params: Mapping[str, Any]) -> None:
    service.delete(params["application_id"])


def _restore(params: Mapping[str, Any]) -> None:
    trash.restore("application", params["application_id"])


def _name_back(params: Mapping[str, Any]) -> None:
    service.put_back(params["application_id"], params["original_application_name"], params.get("original_settings", {}))


def _name_again(params: Mapping[str, Any]) -> None:
    service.put_back(params["application_id"], params["application_name"], params.get("settings", {}))


def _order_back(params: Mapping[str, Any]) -> None:
    service.put_in_order(params["workspace_id"], params["original_order"])


def _order_again(params: Mapping[str, Any]) -> None:
    service.put_in_order(params["workspace_id"], params["order"])


ACTION_TYPES = [
    ActionType("create_application", 'Created %(type)s "%(application_name)s"', _delete, _restore),
    ActionType(
        "update_application",
        'Changed application "%(original_application_name)s", named "%(application_name)s" now',
        _name_back,
        _name_again,
    ),
    ActionType("delete_application", 'Deleted application "%(application_name)s"', _restore, _delete),
    ActionType("order_applications", "Applications ordered", _order_back, _order_again),
    ActionType(
        "duplicate_application",
        'Duplicated application "%(original_application_name)s"',
        _delete,
        _restore,
    ),
]
