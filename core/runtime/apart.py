"""Work in a child process, so that the memory and the modules it takes go with it."""

from __future__ import annotations

import os
import pickle
import signal
import sys
from collections.abc import Callable
from typing import NoReturn, TypeVar, cast

from core.runtime.errors import StartError
from core.runtime.processes import die_with_parent

T = TypeVar("T")


def apart(work: Callable[[], T]) -> T:
    """What the work answers or raises. For processes that have just started; done here where there is no fork."""
    if sys.platform != "linux":
        return work()
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        _tell(work, writer)
    os.close(writer)
    with open(reader, "rb") as told:
        found = told.read()
    _, status = os.waitpid(child, 0)
    if not found:
        raise StartError(f"A process that was started for a while ended with {os.waitstatus_to_exitcode(status)}.")
    good, value = pickle.loads(found)
    if not good:
        raise value
    return cast(T, value)


def _tell(work: Callable[[], object], writer: int) -> NoReturn:
    """Do the work, tell the parent what came of it, and end without what Python does at the end."""
    try:
        die_with_parent(signal.SIGKILL)
        found = _outcome(work)
        with open(writer, "wb") as answer:
            answer.write(found)
        sys.stderr.flush()
    finally:
        os._exit(0)


def _outcome(work: Callable[[], object]) -> bytes:
    try:
        return pickle.dumps((True, work()))
    except StartError as error:
        return pickle.dumps((False, error))
    except BaseException as error:  # noqa: BLE001 - whatever it is, the parent raises it
        return pickle.dumps((False, StartError(f"{type(error).__name__}: {error}")))
