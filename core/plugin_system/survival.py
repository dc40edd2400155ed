"""What ends a thread or a process, such as SystemExit, raised by a plugin: made an error like any other."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


class GaveUp(RuntimeError):
    """A plugin raised what is not meant for errors; the text says what."""


@contextmanager
def survived(*but: type[BaseException]) -> Iterator[None]:
    """Raise GaveUp instead of SystemExit and the like; KeyboardInterrupt, and those in `but`, are raised on."""
    passed: tuple[type[BaseException], ...] = (Exception, KeyboardInterrupt, *but)
    try:
        yield
    except passed:
        raise
    except BaseException as error:
        raise GaveUp(f"{type(error).__name__}: {error}".rstrip(": ")).with_traceback(error.__traceback__) from error
