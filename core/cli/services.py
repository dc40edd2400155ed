"""For commands that act on the running product's data: all services, in this process."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from core.cli.composition import Composition
from core.runtime.logging import configure
from core.runtime.reach import reachable
from core.runtime.waiting import wait_for_servers
from core.settings import Settings


@contextmanager
def services(composition: Composition, data_dir: Path | None = None) -> Iterator[Settings]:
    """Provide the product's services on a migrated database for the block. Embedded servers need not run."""
    loaded = Settings.load(data_dir=data_dir)
    configure(loaded, "command")
    with reachable(loaded) as settings:
        wait_for_servers(settings)
        composition.migrate(settings)
        composition.provide_services(settings)
        yield settings
