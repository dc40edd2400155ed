"""The lifeline of a supervised process: standard input is a pipe that closes however the supervisor ends."""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
import time

log = logging.getLogger(__name__)

_GRACE_SECONDS = 15.0


def follow_supervisor() -> None:
    """Stop this process when its supervisor has ended: orderly, and after a grace time in any case."""
    threading.Thread(target=_watch, args=(sys.stdin.fileno(),), name="lifeline", daemon=True).start()


def _watch(fd: int) -> None:
    while os.read(fd, 1024):
        continue
    log.warning("the supervisor has ended; stopping")
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(_GRACE_SECONDS)
    os._exit(1)
