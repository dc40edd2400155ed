"""Roles: what ADMIN, BUILDER, EDITOR, COMMENTER and VIEWER may do in a workspace."""

from __future__ import annotations

from plugin_api import Plugin

plugin = Plugin(name="roles", version="1.0", title="Roles", api=(1, 0), can_disable=False)
