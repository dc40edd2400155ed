"""What other plugins may provide to data sync: the places rows come from."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import pluggy

if TYPE_CHECKING:
    from plugins.data_sync.kinds import DataSyncType

hookspec = pluggy.HookspecMarker("tablewright")


@hookspec
def register_data_sync_types() -> Iterable[DataSyncType]:  # type: ignore[empty-body]
    """Where rows can come from. Example: `return [PigeonSync()]`."""
