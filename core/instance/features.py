"""Which licensed features may be used (`plugin_api.features.Features`)."""

from __future__ import annotations

from collections.abc import Iterable

from core.settings import Settings
from plugin_api import Plugin
from plugin_api.features import Licences
from plugin_api.platform import NotRunning, service


class PluginFeatures:
    """In open mode everything may be used; else what a licence covers."""

    def __init__(self, plugins: Iterable[Plugin]) -> None:
        self._features = {plugin.name: plugin.feature for plugin in plugins if plugin.feature}

    def missing(self, plugin: str, user_id: int | None) -> str | None:
        """The feature of the plugin that no licence covers for the user."""
        feature = self._features.get(plugin)
        if feature is None or service(Settings).license_mode == "open" or _covered(feature, user_id):
            return None
        return feature


def _covered(feature: str, user_id: int | None) -> bool:
    try:
        licences = service(Licences)
    except NotRunning:
        return False
    return licences.cover(feature, user_id)
