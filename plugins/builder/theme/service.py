"""What users do with the theme of a builder."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from plugin_api import actions
from plugin_api.actions import ActionType
from plugin_api.db import session
from plugins.builder.context import builder_access, lock
from plugins.builder.models import Builder
from plugins.builder.operations import UPDATE_THEME
from plugins.builder.pages.service import emit
from plugins.builder.theme.blocks import DEFAULTS, FILES
from plugins.user_files import files

CHANGED = "update_builder_theme"


def shown(theme: Mapping[str, Any]) -> dict[str, Any]:
    """A theme as the API shows it, of what is kept of it."""
    found = {**DEFAULTS, **theme}
    return {**found, **{name: files.shown_again(found[name]) for name in FILES if found[name]}}


def update(builder_id: int, values: Mapping[str, Any]) -> dict[str, Any]:
    """Change what is given of a theme."""
    info, _ = builder_access(builder_id, UPDATE_THEME)
    lock(builder_id)
    row = session().get_one(Builder, builder_id, populate_existing=True)
    kept = {**DEFAULTS, **row.theme}
    changed = {name: value for name, value in values.items() if kept[name] != value}
    if changed:
        row.theme = {**row.theme, **changed}
        params = {"before": {name: kept[name] for name in changed}, "after": changed}
        named = {"builder_id": info.id, "builder_name": info.name}
        scope = f"application{builder_id}"
        actions.record(CHANGED, scope=scope, workspace_id=info.workspace_id, params={**named, **params})
        emit("theme_updated", builder_id, info.workspace_id, properties=shown(row.theme))
    return shown(row.theme)


def _back(params: Mapping[str, Any]) -> None:
    update(params["builder_id"], params["before"])


def _again(params: Mapping[str, Any]) -> None:
    update(params["builder_id"], params["after"])


ACTION_TYPES = [ActionType(CHANGED, 'Theme of "%(builder_name)s" changed', _back, _again)]
