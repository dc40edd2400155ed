"""HTTP operations of rows."""

from __future__ import annotations

from plugin_api.http import Blueprint

blueprints: list[Blueprint] = []
