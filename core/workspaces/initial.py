"""The first workspace of a new user, with an example of what can be done."""

from __future__ import annotations

from typing import Any

from core.applications import service as applications
from core.permissions.operations import CREATE_WORKSPACE
from core.workspaces.service import create_workspace
from plugin_api import context
from plugin_api.permissions import Access, allows, require
from plugin_api.states import active
from plugin_api.workspaces import FirstApplication

MAX_OWNER = 130
"""So much of a user's name fits into the names made of it."""


def create() -> dict[str, Any]:
    """Make a workspace called after the acting user, with the applications plugins start a new user with."""
    require(CREATE_WORKSPACE, Access())
    shown = empty()
    firsts: list[FirstApplication] = active("first_applications")
    for first in firsts:
        applications.make(shown["id"], first.type, first.name(_owner()), first.fill, with_data=True)
    return shown


def empty() -> dict[str, Any]:
    """Make a workspace called after the acting user."""
    return create_workspace(context.user_id(), f"{_owner()}'s workspace", "create_initial_workspace")


def may_create() -> bool:
    """Whether the acting user may make workspaces."""
    return allows(CREATE_WORKSPACE, Access())


def _owner() -> str:
    return context.actor().name[:MAX_OWNER]
