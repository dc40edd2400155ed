"""Background work: what goes on in every worker process beside the jobs, such as sending what waits in a queue."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class BackgroundWork:
    """`run` is called in a thread of its own in each worker, again as soon as it returns, outside of a unit of work.

    It waits by itself when there is nothing to do, a second at most, and returns soon once `stop` is set. It is not
    called while its plugin is switched off. When it raises, that is logged and it is called again a second later.
    """

    name: str
    run: Callable[[threading.Event], None]
