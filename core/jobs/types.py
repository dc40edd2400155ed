"""The job types there are: the core's own and the plugins'."""

from __future__ import annotations

from collections.abc import Iterable

from core.plugin_system.state import PluginStates
from plugin_api.errors import ApiError
from plugin_api.jobs import JobType
from plugin_api.platform import registry, service


class JobTypes:
    """Finds job types by name and knows whether their plugin is switched on."""

    def __init__(self, own: Iterable[JobType]) -> None:
        self._own = {found.type: found for found in own}

    def get(self, name: str) -> JobType | None:
        """The type, None when neither the core nor a loaded plugin provides it."""
        return self._own.get(name) or registry("job_types").get(name)

    def off(self, name: str) -> str | None:
        """The name of the type's plugin when it is switched off, else None."""
        if name in self._own or name not in registry("job_types"):
            return None
        plugin = registry("job_types").provider(name)
        return None if service(PluginStates).is_enabled(plugin) else plugin

    def usable(self, name: str) -> JobType:
        """The type to start a job of; 404 when its plugin is switched off, LookupError when there is none."""
        found = self.get(name)
        if found is None:
            raise LookupError(f"no job type {name!r} is registered")
        plugin = self.off(name)
        if plugin is not None:
            raise ApiError("ERROR_PLUGIN_DISABLED", 404, f"The plugin {plugin} is switched off by the administrator.")
        return found

    def unlisted(self) -> list[str]:
        """The types that lists of jobs leave out."""
        return [found.type for found in self._all() if not found.listed]

    def requestable(self) -> list[str]:
        """The types clients may start through `POST /api/jobs/`."""
        return [found.type for found in self._all() if found.body]

    def _all(self) -> list[JobType]:
        return [*self._own.values(), *registry("job_types").values()]
