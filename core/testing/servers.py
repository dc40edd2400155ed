"""The servers for tests of plugins, which are run again and again: PostgreSQL keeps what takes long to make."""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

import structlog

from core.runtime import folders
from core.runtime.embedded import Servers, servers, temporary_servers
from core.runtime.errors import StartError
from core.testing.database import forget_broken_off, named, new

log = structlog.get_logger(__name__)


@contextmanager
def kept_servers(postgres_bin: str = "") -> Iterator[Servers]:
    """PostgreSQL and Valkey with an empty database; PostgreSQL keeps its templates for the next run.

    While another run uses them, and where they do not start, these are temporary ones.
    """
    with ExitStack() as stack:
        try:
            found = stack.enter_context(_in_folder(_folder(), postgres_bin))
        except StartError as error:
            log.debug("the servers kept for tests are not used", problem=str(error))
            found = stack.enter_context(temporary_servers(postgres_bin))
        database = stack.enter_context(new(found.database_url))
        yield replace(found, database_url=named(found.database_url, database))


def _folder() -> Path:
    """A folder of this user among the temporary ones, which the system forgets some day; StartError if it is not."""
    folder = Path(tempfile.gettempdir()) / f"tablewright-tests-{os.geteuid()}"
    folders.make_data_dir(folder)
    found = folder.lstat()
    if found.st_uid != os.geteuid() or not stat.S_ISDIR(found.st_mode) or found.st_mode & 0o022:
        raise StartError(f"{folder} is not this user's alone.")
    return folder


@contextmanager
def _in_folder(folder: Path, postgres_bin: str) -> Iterator[Servers]:
    """Nothing there is worth more than a start: what does not start is made anew by the next run."""
    with ExitStack() as stack:
        try:
            found = stack.enter_context(servers(folder, postgres_bin, durable=False))
        except folders.InUse:
            raise
        except StartError:
            shutil.rmtree(folder / "postgres", ignore_errors=True)
            raise
        forget_broken_off(found.database_url)
        yield found
