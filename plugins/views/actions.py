"""The types of actions on views and their parts: how each is undone and redone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from plugin_api import trash
from plugin_api.actions import ActionType
from plugins.views import field_options, part_service, service
from plugins.views.context import view_context
from plugins.views.operations import ROTATE
from plugins.views.parts import PARTS, Part

Params = Mapping[str, Any]


def _delete(params: Params) -> None:
    service.delete_view(params["view_id"])


def _restore(params: Params) -> None:
    trash.restore("view", params["view_id"])


def _back(params: Params) -> None:
    service.put_back(params["view_id"], params["after"], params["before"])


def _again(params: Params) -> None:
    service.put_back(params["view_id"], params["before"], params["after"])


def _order_back(params: Params) -> None:
    service.order_again(params["table_id"], params["original_order"])


def _order_again(params: Params) -> None:
    service.order_again(params["table_id"], params["order"])


def _slug_back(params: Params) -> None:
    service.set_slug(view_context(params["view_id"], ROTATE, lock=True).view, params["original_slug"])


def _slug_again(params: Params) -> None:
    service.set_slug(view_context(params["view_id"], ROTATE, lock=True).view, params["slug"])


def _settings_back(params: Params) -> None:
    field_options.put_back(params["view_id"], params["before"])


def _settings_again(params: Params) -> None:
    field_options.put_back(params["view_id"], params["after"])


_TABLE = 'table "%(table_name)s" (%(table_id)s)'
_VIEW = f'view "%(view_name)s" of {_TABLE}'


def _of_part(part: Part) -> list[ActionType]:
    """Adding, changing and deleting one kind of part."""

    def delete(params: Params) -> None:
        part_service.delete_part(part, params["part_id"])

    def show(params: Params) -> None:
        part_service.again(part, params, params.get("inside", {}))

    def back(params: Params) -> None:
        part_service.update_part(part, params["part_id"], params["before"])

    def again(params: Params) -> None:
        part_service.update_part(part, params["part_id"], params["after"])

    word = part.name.replace("_", " ").capitalize()
    return [
        ActionType(f"create_{part.action}", f"{word} %(part_id)s added to the {_VIEW}", delete, show),
        ActionType(f"update_{part.action}", f"{word} %(part_id)s of the {_VIEW} changed", back, again),
        ActionType(f"delete_{part.action}", f"{word} %(part_id)s of the {_VIEW} deleted", show, delete),
    ]


ACTION_TYPES = [
    ActionType("create_view", f'View "%(view_name)s" created in {_TABLE}', _delete, _restore),
    ActionType("update_view", f'View "%(view_name)s" changed in {_TABLE}', _back, _again),
    ActionType("delete_view", f'View "%(view_name)s" deleted from {_TABLE}', _restore, _delete),
    ActionType(
        "duplicate_view", f'View "%(original_view_name)s" duplicated as "%(view_name)s" in {_TABLE}', _delete, _restore
    ),
    ActionType("order_views", f"Views of {_TABLE} ordered", _order_back, _order_again),
    ActionType(
        "rotate_view_slug", f"Address of the {_VIEW} changed", _slug_back, _slug_again, title="Change address of view"
    ),
    ActionType("update_view_field_options", f"Fields of the {_VIEW} changed", _settings_back, _settings_again),
    *(action for part in PARTS.values() for action in _of_part(part)),
]
