"""The plugin's action types."""

from __future__ import annotations

from plugin_api.actions import ActionType
from plugins.database.fields.actions import ACTION_TYPES as FIELDS
from plugins.database.rows.actions import ACTION_TYPES as ROWS
from plugins.database.tables.actions import ACTION_TYPES as TABLES

ACTION_TYPES: list[ActionType] = [*TABLES, *FIELDS, *ROWS]
