"""Whether this process is about to end: load balancers are told in time."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class Life:
    """The state of this process."""

    stopping: bool = False


life = Life()
