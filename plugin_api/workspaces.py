"""Workspaces for plugins: who is a member where, as something to join with."""

from __future__ import annotations

from typing import Any, Protocol

import sqlalchemy as sa

from plugin_api.platform import service


class Workspaces(Protocol):
    """The service plugins use to reach workspaces."""

    def members(self) -> sa.Select[Any]:
        """All memberships of workspaces that are not in the trash, to join with what a plugin keeps.

        Columns: workspace_id, workspace_name, user_id, role. A statement to build once and keep.
        """


def members() -> sa.Select[Any]:
    """All memberships of workspaces that are not in the trash."""
    return service(Workspaces).members()
