"""What an update changed, as it is stored: what undo and redo write back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from plugin_api.fields import Field
from plugin_api.links import LinkMixin
from plugins.database.engine.write import Updated
from plugins.database.rows.ledger import Row
from plugins.database.shape import TableShape

Change = tuple[int, Row, Row]


def stored_changes(
    shape: TableShape, fields: Sequence[Field], updated: Updated, changed: Sequence[Change]
) -> dict[str, Any]:
    """Parameters for undo and redo: {"stored": [{"id", "before", "after"}], "types": {column: type}}.

    Nothing when nobody can undo the update. `changed` has what is shown, from which the linked rows are taken.
    """
    if updated.stored is None:
        return {}
    links = [found.column for found in fields if isinstance(shape.type_of(found), LinkMixin)]
    shown = {row_id: (before, after) for row_id, before, after in changed}
    stored = []
    for was, now in zip(*updated.stored, strict=True):
        before, after = _differing(was, now)
        for column in links:
            _add_links(column, shown.get(was["id"]), before, after)
        if after:
            stored.append({"id": was["id"], "before": before, "after": after})
    return {"stored": stored, "types": {found.column: found.type for found in fields}}


def _differing(was: Mapping[str, Any], now: Mapping[str, Any]) -> tuple[Row, Row]:
    keys = [key for key in now if key != "id" and was[key] != now[key]]
    return {key: was[key] for key in keys}, {key: now[key] for key in keys}


def _add_links(column: str, shown: tuple[Row, Row] | None, before: Row, after: Row) -> None:
    if shown is not None and column in shown[1]:
        before[column], after[column] = ([link["id"] for link in side[column]] for side in shown)
