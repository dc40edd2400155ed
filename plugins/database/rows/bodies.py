"""The bodies of batch operations: lists of rows or of row ids, checked item by item."""

from __future__ import annotations

from typing import Any

from plugin_api.errors import ApiError, body_invalid, problem
from plugin_api.http import json_body
from plugin_api.schemas import as_int
from plugin_api.settings import setting
from plugins.database.rows.ledger import Row


def max_rows() -> int:
    """The most rows one request may create, change or delete."""
    return int(setting("max_batch_rows"))


def _items(missing_code: str) -> list[Any]:
    body = json_body()
    if "items" not in body:
        raise _refused(missing_code, "This field is required.")
    items = body["items"]
    if items is None:
        raise _refused("null", "This field may not be null.")
    if not isinstance(items, list):
        raise _refused("not_a_list", "Expected a list of items.")
    if not items:
        raise _refused("min_length", "Ensure this field has at least 1 elements.")
    most = max_rows()
    if len(items) > most:
        raise _refused("max_length", f"Ensure this field has no more than {most} elements.")
    return items


def _refused(code: str, message: str) -> ApiError:
    return body_invalid({"items": [problem(code, message)]})


def new_rows() -> list[Row]:
    """The rows of a batch creation."""
    return _objects(_items("invalid"))


def changed_rows() -> list[Row]:
    """The rows of a batch update, each with its `id` as a number."""
    items = _objects(_items("invalid"))
    errors: dict[int, Any] = {}
    rows = []
    for index, item in enumerate(items):
        row_id = as_int(item.get("id"))
        if row_id is None or abs(row_id) >= 2**63:
            code = "null" if "id" in item and item["id"] is None else "invalid"
            errors[index] = {"id": [problem(code, "A valid row id is required.")]}
        rows.append({**item, "id": row_id})
    if errors:
        raise body_invalid({"items": errors})
    return rows


def _objects(items: list[Any]) -> list[Row]:
    wrong = {
        index: {"non_field_errors": [problem("invalid", "Expected an object.")]}
        for index, item in enumerate(items)
        if not isinstance(item, dict)
    }
    if wrong:
        raise body_invalid({"items": wrong})
    return items


def row_ids() -> list[int]:
    """The ids of a batch deletion."""
    items = _items("required")
    ids = [as_int(item) for item in items]
    wrong = {
        index: [problem("invalid", "A valid row id is required.")]
        for index, row_id in enumerate(ids)
        if row_id is None or abs(row_id) >= 2**63
    }
    if wrong:
        raise body_invalid({"items": wrong})
    return [row_id for row_id in ids if row_id is not None]
