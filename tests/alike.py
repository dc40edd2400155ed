"""What a database is, as the API shows it, with names instead of ids: to compare one with a copy of it.

    before = Likeness(api, database_id).told()
    ...
    assert_alike(Likeness(api, copy_id), before)

Nothing is left out but what can never be the same: whatever the API shows of tables, fields, rows, views, their parts
and settings is compared, and what each view makes of the rows. An id under a key nobody knows shows as a difference,
so new types of fields and views are compared without being named here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

Json = dict[str, Any]
VIEWS = "/api/database/views"
_PARTS = "filters,sortings,group_bys,decorations"
_KINDS = (
    ("option", re.compile(r"^(single_select_default|multiple_select_default|allowed_select_options|select_options?)$")),
    ("view", re.compile(r"(^|_)view(_id)?s?$")),
    ("table", re.compile(r"(^|_)table(_id)?s?$")),
    ("group", re.compile(r"^(parent_)?group$")),
    ("field", re.compile(r"(^|_)(field|fields|field_id|field_ids|cover_image|related_field)$")),
)
"""What a number is the id of, by the key it is found under."""
_OWN = {"id", "slug", "view", "database_id", "workspace_id", "ical_feed_url", "ical_slug", "table_id", "table"}
"""What each has of its own: only that it is there counts."""
_SHARING = ("public", "ical_public", "ical_feed_url", "public_view_has_password")
_LISTED = 200


class Likeness:
    """Reads one database as `api` and tells it with names.

    row_ids: whether rows keep their ids, as in copies within an instance.
    called: other names for tables, to compare two of the same database.
    shared: whether views stay shared. By default that is left out: copies are not, until somebody wants it.
    """

    def __init__(
        self,
        api: Any,
        database_id: int,
        *,
        row_ids: bool = True,
        shared: bool = False,
        called: Mapping[str, str] | None = None,
    ) -> None:
        self._api = api
        self._row_ids, self._shared = row_ids, shared
        self._called_tables = called or {}
        self.tables = self._get(f"/api/database/tables/database/{database_id}/")
        self._tables = {table["id"]: str(table["name"]) for table in self.tables}
        self._fields: dict[int, list[Json]] = {
            table: self._get(f"/api/database/fields/table/{table}/") for table in self._tables
        }
        self._views: dict[int, list[Json]] = {
            table: self._get(f"{VIEWS}/table/{table}/?include={_PARTS}") for table in self._tables
        }
        self._names: dict[str, dict[int, str]] = {
            "table": self._tables,
            "field": self._called(self._fields, "."),
            "view": self._called(self._views, "/"),
            "option": self._options(),
            "group": {},
        }

    def _called(self, things: dict[int, list[Json]], between: str) -> dict[int, str]:
        return {
            one["id"]: f"{self._tables[table]}{between}{one['name']}"
            for table, found in things.items()
            for one in found
        }

    def _options(self) -> dict[int, str]:
        fields = [field for found in self._fields.values() for field in found]
        return {option["id"]: f"{field['name']}:{option['value']}" for field in fields for option in _of(field)}

    def _get(self, path: str) -> Any:
        status, answer = self._api.get(path)
        assert status == 200, (path, answer)
        for table in _tables_in(answer):
            table["name"] = self._called_tables.get(table["name"], table["name"])
        return answer

    def ids(self) -> set[tuple[str, int]]:
        """The ids of all that is in the database, with what they are of; rows aside."""
        keys = (*_PARTS.split(","), "filter_groups")
        views = [view for found in self._views.values() for view in found]
        parts = [(key, part["id"]) for view in views for key in keys for part in view.get(key, ())]
        named = [(kind, found) for kind, names in self._names.items() if kind != "group" for found in names]
        return {*named, *parts}

    def told(self) -> dict[str, Json]:
        """By table: itself, its fields, rows and views."""
        return {table["name"]: self._table(table) for table in self.tables}

    def _table(self, table: Json) -> Json:
        fields = self._fields[table["id"]]
        return {
            "table": self._plain(table),
            "fields": [self._plain(field) for field in fields],
            "written_by": {field["name"]: self._rule(field["id"]) for field in fields},
            "rows": [self._row(row) for row in self._rows(table["id"])],
            "views": [self._view(table["id"], view) for view in self._views[table["id"]]],
        }

    def _rule(self, field_id: int) -> Json:
        return dict(self._plain(self._get(f"/api/field-permissions/{field_id}/")))

    def _rows(self, table_id: int, query: str = "") -> list[Json]:
        path = f"/api/database/rows/table/{table_id}/?user_field_names=true&size={_LISTED}{query}"
        found, page = [], self._get(path)
        while page["results"]:
            found += page["results"]
            if page["next"] is None:
                break
            page = self._get(f"{path}&page={len(found) // _LISTED + 1}")
        return found

    def _row(self, row: Json) -> Json:
        plain = {name: self._value(value) for name, value in row.items()}
        return plain if self._row_ids else {**plain, "id": True}

    def _value(self, value: Any) -> Any:
        """A cell. An option is told by its name, another thing with an id of its own, such as a linked row, by that."""
        if isinstance(value, list):
            return [self._value(one) for one in value]
        if not isinstance(value, dict):
            return value
        told = {name: self._value(one) for name, one in value.items()}
        if "id" in value and "color" in value:
            told["id"] = self._names["option"].get(value["id"], "a strange option")
        elif "id" in value and not self._row_ids:
            told["id"] = True
        return told

    def _view(self, table_id: int, view: Json) -> Json:
        told = self._plain(view)
        if not self._shared:
            told.update({name: False for name in _SHARING if name in told})
        options = self._get(f"{VIEWS}/{view['id']}/field-options/")
        seen = [row["id"] if self._row_ids else self._row(row) for row in self._seen(table_id, view)]
        return {**told, "settings": self._plain(options), "seen": seen}

    def _seen(self, table_id: int, view: Json) -> list[Json]:
        """The rows as the view filters and sorts them; forms show none."""
        return [] if view["type"] == "form" else self._rows(table_id, f"&view_id={view['id']}")

    def _plain(self, value: Any, key: str = "", of: str = "") -> Any:
        if isinstance(value, list):
            return [self._plain(one, key, of) for one in value]
        if isinstance(value, dict):
            kind = str(value.get("type", ""))
            self._call_groups(value)
            return {self._key(name, key): self._plain(one, name, kind) for name, one in value.items()}
        if key in _OWN:
            return value is not None
        return self._named(value, key, of)

    def _call_groups(self, value: Json) -> None:
        """Groups of filters have no names: they are told by their places."""
        groups = [*(value.get("filter_groups") or ()), *(value.get("condition_groups") or ())]
        if groups:
            self._names["group"] = {group["id"]: f"group {n}" for n, group in enumerate(groups)}

    def _key(self, name: str, within: str) -> str:
        return self._names["field"].get(int(name), "a strange field") if within == "field_options" else name

    def _named(self, value: Any, key: str, of: str) -> Any:
        if isinstance(value, int) and not isinstance(value, bool):
            kind = next((kind for kind, pattern in _KINDS if pattern.search(key)), None)
            return value if kind is None else self._names[kind].get(value, f"a strange {kind}")
        if not isinstance(value, str):
            return value
        if key == "value" and "select" in of:
            return re.sub(r"\d+", lambda found: self._names["option"].get(int(found[0]), "a strange option"), value)
        return re.sub(r"\bfield_(\d+)\b", lambda found: self._names["field"].get(int(found[1]), found[0]), value)


def _tables_in(answer: Any) -> list[Json]:
    """The tables among what the API answers: by themselves, or each with a view."""
    found = answer if isinstance(answer, list) else []
    return [one.get("table", one) for one in found if "table" in one or "database_id" in one]


def _of(field: Json) -> list[Json]:
    return list(field.get("select_options") or ())


def assert_alike(copy: Likeness, before: dict[str, Json], original: Likeness | None = None) -> None:
    """A copy is what the original was; with the original they have nothing in common."""
    found = differences(copy.told(), before)
    assert not found, "\n".join(found)
    assert original is None or copy.ids() & original.ids() == set()


def differences(one: Any, other: Any, where: str = "") -> list[str]:
    """Where two things that are told differ."""
    if isinstance(one, dict) and isinstance(other, dict):
        keys = list(dict.fromkeys([*one, *other]))
        return [found for key in keys for found in _of_key(one, other, key, where)]
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        pairs = enumerate(zip(one, other, strict=True))
        return [found for n, pair in pairs for found in differences(*pair, f"{where}[{n}]")]
    return [] if _same(one, other) else [f"{where}: {one!r}, not {other!r}"]


def _of_key(one: Json, other: Json, key: str, where: str) -> list[str]:
    if key not in one or key not in other:
        return [f"{where}.{key}: {'missing' if key not in one else 'not there before'}"]
    return differences(one[key], other[key], f"{where}.{key}")


def _same(one: Any, other: Any) -> bool:
    """Equal and of the same type: 1 is not true."""
    return type(one) is type(other) and bool(one == other)
