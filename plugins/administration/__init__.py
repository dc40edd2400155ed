"""Administration: staff see and change the users and workspaces of the instance, and how it is used."""

from __future__ import annotations

from plugin_api import Plugin, hookimpl
from plugin_api.http import Blueprint

plugin = Plugin(
    name="administration",
    version="1.0",
    title="Administration",
    description="Staff see and change the users and workspaces of the instance, and how it is used.",
    api=(1, 0),
)


@hookimpl
def register_blueprints() -> list[Blueprint]:
    """The operations of administrators."""
    from plugins.administration.routes import BLUEPRINTS

    return BLUEPRINTS
