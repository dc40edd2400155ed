"""What a database is, as the API shows it, with names instead of ids: to compare one with a copy of it."""

from __future__ import annotations

import re
from typing import Any

Json = dict[str, Any]
VIEWS = "/api/database/views"
_PARTS = "filters,sortings,group_bys,decorations"
_FIELDS = {
    "field",
    "field_id",
    "link_row_related_field_id",
    "link_row_related_field",
    "through_field_id",
    "target_field_id",
    "ai_file_field_id",
    "card_cover_image_field",
    "single_select_field",
    "date_field",
    "start_date_field",
    "end_date_field",
}
_TABLES = {"table_id", "link_row_table_id", "link_row_table"}
_LIMITS = {"link_row_limit_selection_view_id", "link_row_limit_selection_view"}
_OPTIONS = {"single_select_default", "multiple_select_default", "allowed_select_options"}
_OWN = {"id", "view", "slug", "database_id", "ical_feed_url", "ical_slug", "parent_group", "group"}
"""What is never the same in a copy; of parents and groups it counts whether there is one."""


class Likeness:
    """Reads one database as `api` and tells it with names."""

    def __init__(self, api: Any, database_id: int) -> None:
        self._api = api
        self.tables = self._get(f"/api/database/tables/database/{database_id}/")
        self._names = {"table": {table["id"]: table["name"] for table in self.tables}}
        self._fields = {one["id"]: self._get(f"/api/database/fields/table/{one['id']}/") for one in self.tables}
        by_table = self._names["table"]
        self._names["field"] = {
            field["id"]: f"{by_table[table]}.{field['name']}" for table in by_table for field in self._fields[table]
        }
        self._names["view"] = {
            view["id"]: f"{by_table[table]}/{view['name']}"
            for table in by_table
            for view in self._get(f"{VIEWS}/table/{table}/")
        }
        self._names["option"] = {
            option["id"]: f"{self._names['field'][field['id']]}:{option['value']}"
            for fields in self._fields.values()
            for field in fields
            for option in field.get("select_options") or ()
        }

    def _get(self, path: str) -> Any:
        status, answer = self._api.get(path)
        assert status == 200, (path, answer)
        return answer

    def told(self) -> dict[str, Json]:
        """By table: its fields, rows and views."""
        return {table["name"]: self._table(table["id"]) for table in self.tables}

    def _table(self, table_id: int) -> Json:
        path = f"/api/database/rows/table/{table_id}/?user_field_names=true&size=200"
        rows = self._get(path)["results"]
        views = self._get(f"{VIEWS}/table/{table_id}/?include={_PARTS}")
        return {
            "fields": [self._plain(field) for field in self._fields[table_id]],
            "rows": [{"id": row["id"], **self._plain(row)} for row in rows],
            "views": [{**self._plain(view), "field_options": self._settings(view["id"])} for view in views],
        }

    def _settings(self, view_id: int) -> Any:
        return self._plain(self._get(f"{VIEWS}/{view_id}/field-options/"))

    def _plain(self, value: Any, key: str = "", of: str = "") -> Any:
        if isinstance(value, list):
            return [self._plain(one, key, of) for one in value]
        if isinstance(value, dict):
            kind = str(value.get("type", ""))
            return {self._key(name, key): self._plain(one, name, kind) for name, one in value.items()}
        if key in _OWN:
            return value is not None
        return self._named(value, key, of)

    def _key(self, name: str, within: str) -> str:
        return str(self._names["field"].get(int(name), name)) if within == "field_options" else name

    def _named(self, value: Any, key: str, of: str) -> Any:
        kinds = ((_FIELDS, "field"), (_TABLES, "table"), (_OPTIONS, "option"), (_LIMITS, "view"))
        for keys, kind in kinds:
            if key in keys and isinstance(value, int) and not isinstance(value, bool):
                return self._names[kind].get(value, f"a strange {kind}")
        if key == "value" and "select" in of and isinstance(value, str):
            return re.sub(r"\d+", lambda found: str(self._names["option"].get(int(found[0]), "a strange one")), value)
        return value


def differences(one: Any, other: Any, where: str = "") -> list[str]:
    """Where two things that are told differ."""
    if isinstance(one, dict) and isinstance(other, dict):
        keys = list(dict.fromkeys([*one, *other]))
        return [found for key in keys for found in differences(one.get(key), other.get(key), f"{where}.{key}")]
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        pairs = enumerate(zip(one, other, strict=True))
        return [found for n, pair in pairs for found in differences(*pair, f"{where}[{n}]")]
    return [] if one == other else [f"{where}: {one!r}, not {other!r}"]
