"""The servers a command works on: those of the settings, the embedded ones that run, or ones it starts for itself."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

from core.runtime import folders
from core.runtime.embedded import running
from core.runtime.postgres import Postgres
from core.runtime.valkey import Valkey
from core.settings import Settings


@contextmanager
def reachable(settings: Settings, with_redis: bool = True) -> Iterator[Settings]:
    """The settings with the addresses of servers that answer for the time of the block; of Redis only if wanted."""
    if settings.database_url and (settings.redis_url or not with_redis):
        yield settings
        return
    folder = Path(os.path.abspath(settings.data_dir))
    postgres, valkey = Postgres(folder, settings.postgres_bin), Valkey(folder)
    given = ((postgres, settings.database_url), (valkey, settings.redis_url or not with_redis))
    needed = [server for server, url in given if not url]
    with ExitStack() as stack:
        try:
            stack.enter_context(folders.locked(folder))
        except folders.InUse:  # by `tablewright serve`, so its servers run
            for server in needed:
                server.locate()
        else:
            for server in needed:
                stack.enter_context(running(server, folder / f"{server.name}.log"))
        database_url = settings.database_url or postgres.url
        redis_url = settings.redis_url or (valkey.url if with_redis else "")
        yield replace(settings, data_dir=folder, database_url=database_url, redis_url=redis_url)
