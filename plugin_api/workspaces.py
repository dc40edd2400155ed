"""Workspaces for plugins: who is a member where, and what plugins add to the JSON of workspaces and members."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import sqlalchemy as sa

from plugin_api.applications import ApplicationInfo
from plugin_api.platform import service


class Workspaces(Protocol):
    """The service plugins use to reach workspaces."""

    def members(self) -> sa.Select[Any]:
        """All memberships of workspaces that are not in the trash, to join with what a plugin keeps.

        Columns: workspace_id, workspace_name, user_id, role. A statement to build once and keep.
        """

    def people(self, workspace_id: int) -> list[dict[str, Any]]:
        """The members of a workspace as {"id", "name"}, in the order they joined: one query."""

    def brief(self, workspace_id: int) -> dict[str, Any]:
        """A workspace as the JSON of what is in it shows it: id, name, AI models. One query."""

    def ai_providers(self, workspace_id: int) -> Mapping[str, Mapping[str, Any]]:
        """The AI providers a workspace may use, by name: one query.

        Each has `models`, `seconds` (what an answer may take), `private_networks` (as in `plugin_api.outbound.Limits`)
        and, as there are, `api_key`, `organization`, `host` and `url`. It holds secrets: never show it to clients.
        """


def brief(workspace_id: int) -> dict[str, Any]:
    """A workspace as the JSON of what is in it shows it: id, name, AI models. One query."""
    return service(Workspaces).brief(workspace_id)


def ai_providers(workspace_id: int) -> Mapping[str, Mapping[str, Any]]:
    """The AI providers a workspace may use, with their secrets, by name: one query."""
    return service(Workspaces).ai_providers(workspace_id)


def people(workspace_id: int) -> list[dict[str, Any]]:
    """The members of a workspace as {"id", "name"}, in the order they joined: one query."""
    return service(Workspaces).people(workspace_id)


def members() -> sa.Select[Any]:
    """All memberships of workspaces that are not in the trash."""
    return service(Workspaces).members()


@dataclass(frozen=True)
class WorkspaceData:
    """A key of a workspace's JSON.

    type: the key. A plugin's entry replaces the core's value of the same key.
    of: its value by workspace id, for all workspaces of an answer at once, as the acting user sees them. A small,
        constant number of queries. Workspaces it leaves out do not get the key.
    """

    type: str
    of: Callable[[Sequence[int]], Mapping[int, Any]]


@dataclass(frozen=True)
class MemberData:
    """A key of the members in the list of a workspace's members.

    type: the key. A plugin's entry replaces the core's value of the same key.
    of: its value by user id, for a workspace's id and the ids of the users listed. Constant number of queries.
    """

    type: str
    of: Callable[[int, Sequence[int]], Mapping[int, Any]]


@dataclass(frozen=True)
class FirstApplication:
    """An application with which the first workspace of a new user starts.

    type: the application type.
    name: its name, from the user's.
    fill: puts an example into the empty application.
    """

    type: str
    name: Callable[[str], str]
    fill: Callable[[ApplicationInfo], None]
