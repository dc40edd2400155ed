"""What plugins add to the entries of the administrators' lists."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from plugin_api.calls import attempt
from plugin_api.platform import registry
from plugin_api.states import is_enabled


def with_data(registry_name: str, listed: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The entries with the keys of all plugins of the registry; a plugin that is switched off gives null."""
    ids = [entry["id"] for entry in listed]
    found = registry(registry_name)
    for key in found if ids else ():
        ask: Callable[[], Mapping[int, Any]] = partial(found[key].of, ids)
        on = is_enabled(found.provider(key))
        values: Mapping[int, Any] = attempt(registry_name, key, ask, {}) if on else {}
        for entry in listed:
            entry[key] = values.get(entry["id"], entry.get(key))
    return listed
