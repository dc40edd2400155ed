"""Templates for the platform itself: what it needs of the plugin that has them, when somebody signs up with one."""

from __future__ import annotations

from typing import Any, Protocol

from plugin_api.platform import NotRunning, registry, service
from plugin_api.states import is_enabled

_JOB = "install_template"


class Templates(Protocol):
    """The service that knows templates. Provided by the plugin `templates`."""

    def exists(self, template_id: int) -> bool:
        """Whether there is a template with this id."""

    def start(self, workspace_id: int, template_id: int) -> dict[str, Any]:
        """Start a job that installs a template into a workspace of the acting user; answers its JSON."""


def templates() -> Templates | None:
    """The service that knows templates; None without the plugin, or while it is switched off."""
    try:
        found = service(Templates)
    except NotRunning:
        return None
    return found if is_enabled(registry("job_types").provider(_JOB)) else None
