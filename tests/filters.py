"""Filtering rows in tests: which rows of a table a filter keeps, by the name in their first field."""

from __future__ import annotations

import json
from typing import Any


class Filters:
    """The filters of one table; rows are called by their field Name."""

    def __init__(self, api: Any, table_id: int) -> None:
        self.api = api
        self.path = f"/api/database/rows/table/{table_id}/"

    def kept(self, field: str, filter_type: str, value: str = "") -> list[str]:
        """The names of the rows a filter keeps."""
        status, body = self.listed(field, filter_type, value)
        assert status == 200, (field, filter_type, value, body)
        return [row["Name"] for row in body["results"]]

    def listed(self, field: str, filter_type: str, value: str = "") -> tuple[int, Any]:
        """The answer to a list with one filter."""
        query = {"user_field_names": "true", "size": "200", f"filter__{field}__{filter_type}": value}
        status, body = self.api.get(self.path, query_string=query)
        return int(status), body

    def tree(self, tree: Any, **more: str) -> tuple[int, Any]:
        """The answer to a list with a tree of filters and further parameters."""
        query = {"user_field_names": "true", "size": "200", "filters": json.dumps(tree), **more}
        status, body = self.api.get(self.path, query_string=query)
        return int(status), body
