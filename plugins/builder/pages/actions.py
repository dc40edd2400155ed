"""The types of actions on pages: how each is undone and redone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from plugin_api import trash
from plugin_api.actions import ActionType
from plugins.builder.pages import service

Params = Mapping[str, Any]


def _delete(params: Params) -> None:
    service.delete(params["page_id"])


def _restore(params: Params) -> None:
    trash.restore(service.TRASH_TYPE, params["page_id"])


def _back(params: Params) -> None:
    service.update(params["page_id"], params["before"])


def _again(params: Params) -> None:
    service.update(params["page_id"], params["after"])


def _order_back(params: Params) -> None:
    service.order_again(params["builder_id"], params["original_order"])


def _order_again(params: Params) -> None:
    service.order_again(params["builder_id"], params["order"])


ACTION_TYPES = [
    ActionType(service.CREATED, 'Page "%(page_name)s" created', _delete, _restore),
    ActionType(service.CHANGED, 'Page "%(page_name)s" changed', _back, _again),
    ActionType(service.DELETED, 'Page "%(page_name)s" deleted', _restore, _delete),
    ActionType(service.ORDERED, 'Pages of "%(builder_name)s" ordered', _order_back, _order_again),
    ActionType(service.DUPLICATED, 'Page "%(original_page_name)s" copied', _delete, _restore),
]
