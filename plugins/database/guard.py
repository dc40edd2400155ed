"""Which fields of a table somebody may write, checked at one place for all ways to write rows.

A plugin that limits this provides `FieldGuard`; without one all fields are open to those who may write rows.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Protocol

from plugin_api.errors import ApiError
from plugin_api.fields import Field
from plugin_api.permissions import Access
from plugin_api.platform import NotRunning, service
from plugins.database.context import TableContext
from plugins.database.shape import TableShape


class FieldGuard(Protocol):
    """The service that limits who may write which fields. What it knows of a table is kept with its shape."""

    def closed(self, shape: TableShape, access: Access) -> Collection[int]:
        """The ids of the fields whose values somebody with this access may not change."""

    def closed_links(self, shape: TableShape, access: Access) -> Collection[int]:
        """Those of the table's links that would change a closed field of the other table."""

    def closed_in_forms(self, shape: TableShape) -> Collection[int]:
        """The ids of the fields that forms neither show nor take."""


def _guard() -> FieldGuard | None:
    try:
        return service(FieldGuard)
    except NotRunning:
        return None


def closed_in_forms(shape: TableShape) -> Collection[int]:
    """The ids of the fields that forms neither show nor take."""
    guard = _guard()
    return guard.closed_in_forms(shape) if guard is not None else ()


def require_writable(where: TableContext, shape: TableShape, fields: Collection[Field]) -> None:
    """401 PERMISSION_DENIED unless the acting user may change the values of all these fields in rows that exist."""
    guard = _guard()
    if guard is not None:
        closed = {*guard.closed(shape, where.access), *guard.closed_links(shape, where.access)}
        _refuse([found for found in fields if found.id in closed])


def require_creation(where: TableContext, shape: TableShape, items: Sequence[Mapping[str, Any]], names: bool) -> None:
    """401 PERMISSION_DENIED unless the acting user may create rows with these values.

    As the API has it, fields are protected in rows that exist. Rows given by field ids, as the web client gives them,
    are refused while there is any closed field; those given by names, as programs do, are taken whatever they hold,
    unless they link rows whose own field of the same links is closed.
    """
    guard = _guard()
    if guard is not None:
        closed = set(guard.closed_links(shape, where.access))
        wanted = [found for found in given(shape, items, names) if found.id in closed]
        if not names:
            closed = set(guard.closed(shape, where.access))
            wanted += [found for found in shape.fields if found.id in closed]
        _refuse(wanted)


def given(shape: TableShape, items: Sequence[Mapping[str, Any]], names: bool) -> list[Field]:
    """The fields that rows of a request give values for."""
    keys = {key for item in items for key in item}
    return [found for found in shape.fields if (found.name if names else found.column) in keys]


def _refuse(fields: Sequence[Field]) -> None:
    if fields:
        named = ", ".join(f'"{found.name}"' for found in fields[:5])
        raise ApiError("PERMISSION_DENIED", 401, f"You don't have the required permission to write {named}.")
