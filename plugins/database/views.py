"""What tables know of views: rows can be read through one, if a plugin provides them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import sqlalchemy as sa

from plugin_api.errors import ApiError, does_not_exist
from plugin_api.platform import NotRunning, service
from plugins.database.shape import TableShape


@dataclass(frozen=True)
class SavedRows:
    """Which rows a view shows, and in which order; built on `shape.row`."""

    where: sa.ColumnElement[bool] | None
    order_by: Sequence[sa.ColumnElement[Any]]


class Views(Protocol):
    """The service that knows the views of tables."""

    def rows(self, view_id: int, shape: TableShape) -> SavedRows:
        """The rows of a view of the table the acting user may use: one query. LookupError when there is none."""

    def table_of(self, view_id: int) -> int | None:
        """The table a view is of; None when there is no such view."""


def saved_rows(view_id: int, shape: TableShape) -> SavedRows:
    """The rows of a view of a table; 404 ERROR_VIEW_DOES_NOT_EXIST when it has no such view."""
    try:
        return service(Views).rows(view_id, shape)
    except LookupError:  # NotRunning too: nobody provides views
        raise does_not_exist("view") from None


def require_view_of(table_id: int, view_id: int) -> None:
    """404 unless there is such a view, 400 unless it is one of the table."""
    try:
        found = service(Views).table_of(view_id)
    except NotRunning:
        found = None
    if found is None:
        raise does_not_exist("view")
    if found != table_id:
        raise ApiError("ERROR_VIEW_NOT_IN_TABLE", 400, "The view is not one of this table.")
