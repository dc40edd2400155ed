"""HTTP operations of fields."""

from __future__ import annotations

from plugin_api.http import Blueprint

blueprints: list[Blueprint] = []
