"""All that a plugin author imports. Versioned by semver: a plugin states the API version it was written for."""

from __future__ import annotations

import pluggy

from plugin_api.manifest import Plugin

API_VERSION = (1, 1)
"""Major and minor version of this API. A plugin loads when its major is equal and its minor is not higher."""

hookimpl = pluggy.HookimplMarker("tablewright")

__all__ = ["API_VERSION", "Plugin", "hookimpl"]
