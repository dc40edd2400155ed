"""What workers do after a commit, done in the test: committed events are handed to the plugins' handlers."""

from __future__ import annotations

from core.actions.outbox import Drainer
from plugin_api.db import UnitsOfWork
from plugin_api.platform import registry, service


def deliver() -> None:
    """Tell all handlers what was committed, and what they announce themselves."""
    drainer = Drainer(service(UnitsOfWork), registry("event_handlers").values())
    while drainer.drain():
        pass
