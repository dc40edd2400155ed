"""The types of actions on teams: how each is undone and redone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from plugin_api import trash
from plugin_api.actions import ActionType
from plugins.teams import service

Params = Mapping[str, Any]


def _delete(params: Params) -> None:
    service.delete(params["team_id"])


def _restore(params: Params) -> None:
    trash.restore(service.TRASH_TYPE, params["team_id"])


def _back(params: Params) -> None:
    original = (params[f"original_{name}"] for name in ("team_name", "default_role", "subjects"))
    service.put_back(params["team_id"], *original)


def _again(params: Params) -> None:
    service.put_back(params["team_id"], params["team_name"], params["default_role"], params["subjects"])


def _take_out(params: Params) -> None:
    service.remove_subject(params["team_id"], params["subject_id"])


def _put_in(params: Params) -> None:
    service.add_again(params["team_id"], params["subject_id"], params["user_id"])


ACTION_TYPES = [
    ActionType("create_team", 'Team "%(team_name)s" created', _delete, _restore),
    ActionType("update_team", 'Team "%(original_team_name)s" changed, now "%(team_name)s"', _back, _again),
    ActionType("delete_team", 'Team "%(team_name)s" deleted', _restore, _delete),
    ActionType(
        "create_team_subject",
        'User %(user_id)s put into the team "%(team_name)s"',
        _take_out,
        _put_in,
        title="Add member to team",
    ),
    ActionType(
        "delete_team_subject",
        'User %(user_id)s taken out of the team "%(team_name)s"',
        _put_in,
        _take_out,
        title="Remove member from team",
    ),
]
