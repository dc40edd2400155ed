"""Building the database a definition of a template describes, over HTTP as a person would."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tests.template_sources import FieldSource, Source, TableSource, day, names

Call = Callable[[str, str, Any], Any]
"""Sends a request that must succeed: method, path, body; answers the JSON of the answer."""

_LINKS = "link_row"
_HUES = ("blue", "cyan", "orange", "yellow", "red", "brown", "purple", "pink", "gray", "green")
COLORS = {f"{shade}{hue}" for shade in ("", "light-", "dark-") for hue in _HUES}
"""What clients know to paint."""
_BATCH = 200


class Builder:
    """Makes the tables of a definition in an empty database, and knows their ids by names."""

    def __init__(self, call: Call, ask: Callable[[str, str, Any], tuple[int, Any]], database_id: int) -> None:
        self._call, self._ask, self._database_id = call, ask, database_id
        self.tables: dict[str, int] = {}
        self.fields: dict[tuple[str, str], dict[str, Any]] = {}
        self._rows: dict[str, list[int]] = {}

    def build(self, source: Source) -> None:
        """All of it: tables with plain fields, links, rows, computed fields, views."""
        for table in source.tables:
            self._make_table(table)
        for table in source.tables:
            self._make_links(table)
        for table in source.tables:
            self._make_rows(table)
        for table in source.tables:
            self._link_rows(table)
        self._make_computed(source)
        for table in source.tables:
            _Views(self._call, self, table).make()

    def _make_table(self, table: TableSource) -> None:
        primary, *others = table.fields
        body = {"name": table.name, "data": [[primary.name]], "first_row_header": True}
        made = self._call("POST", f"/api/database/tables/database/{self._database_id}/", body)
        self.tables[table.name] = made["id"]
        self._note(table.name)
        if primary.type != "text" and not primary.computed:
            first = self.fields[table.name, primary.name]
            self._call("PATCH", f"/api/database/fields/{first['id']}/", _plain(primary))
        for field in others:
            if field.type != _LINKS and not field.computed:
                self._call("POST", self._fields_path(table.name), {"name": field.name, **_plain(field)})
        self._note(table.name)

    def _fields_path(self, table: str) -> str:
        return f"/api/database/fields/table/{self.tables[table]}/"

    def _note(self, table: str) -> None:
        for field in self._call("GET", self._fields_path(table), None):
            self.fields[table, field["name"]] = field

    def _make_links(self, table: TableSource) -> None:
        for field in table.fields:
            if field.type == _LINKS and (table.name, field.name) not in self.fields:
                self._make_link(table.name, field)

    def _make_link(self, table: str, field: FieldSource) -> None:
        other, back = field.settings["link"], field.settings.get("back")
        extra = {key: value for key, value in field.settings.items() if key not in ("link", "back")}
        body = {"name": field.name, "type": _LINKS, "link_row_table_id": self.tables[other], **extra}
        made = self._call("POST", self._fields_path(table), {**body, "has_related_field": back is not None})
        if back is not None:
            path = f"/api/database/fields/{made['link_row_related_field_id']}/"
            self._call("PATCH", path, {"name": back})
        self._note(table)
        self._note(other)

    def _make_rows(self, table: TableSource) -> None:
        self._rows[table.name] = self._batch("POST", table, [_cells(table, row, links=False) for row in table.rows])

    def _link_rows(self, table: TableSource) -> None:
        """Once the rows of all tables are there, whichever links to which."""
        ids = self._rows[table.name]
        items = [{"id": ids[place], **_cells(table, row, links=True)} for place, row in enumerate(table.rows)]
        self._batch("PATCH", table, [item for item in items if len(item) > 1])

    def _batch(self, method: str, table: TableSource, items: list[dict[str, Any]]) -> list[int]:
        path = f"/api/database/rows/table/{self.tables[table.name]}/batch/?user_field_names=true"
        parts = (items[start : start + _BATCH] for start in range(0, len(items), _BATCH))
        return [row["id"] for part in parts for row in self._call(method, path, {"items": part})["items"]]

    def _make_computed(self, source: Source) -> None:
        """In rounds: what needs a field that is not there yet waits for the next one."""
        waiting = [(table, field) for table in source.tables for field in table.fields if field.computed]
        while waiting:
            refused = [(table, field) for table, field in waiting if not self._compute(table, field)]
            assert len(refused) < len(waiting), f"{source.slug}: {[(t.name, f) for t, f in refused]} {self._why}"
            waiting = refused

    def _compute(self, table: TableSource, field: FieldSource) -> bool:
        settings = self._computed_settings(table.name, field)
        if settings is None:
            return False
        body = {"name": field.name, "type": field.type, **settings}
        if field is table.fields[0]:
            path = f"/api/database/fields/{self.fields[table.name, field.name]['id']}/"
            status, self._why = self._ask("PATCH", path, body)
        else:
            status, self._why = self._ask("POST", self._fields_path(table.name), body)
        self._note(table.name)
        return status < 300

    _why: Any = None

    def _computed_settings(self, table: str, field: FieldSource) -> dict[str, Any] | None:
        """What the API takes; None while what it names is not there."""
        extra = {key: value for key, value in field.settings.items() if key != field.type}
        told = str(field.settings[field.type])
        if field.type == "formula":
            return {"formula": told, **extra}
        function, _, through = told.rpartition("(") if field.type == "rollup" else ("", "", told)
        link, _, target = through.strip(" )").partition(".")
        found = self.fields.get((table, link))
        self._why = f"{table} has no {link}"
        if found is None:
            return None
        settings = {"through_field_id": found["id"], **extra}
        if field.type == "count":
            return settings
        self._why = f"{link} leads to no {target}"
        wanted = self.fields.get((self._name_of(found["link_row_table_id"]), target))
        if wanted is None:
            return None
        return {**settings, "target_field_id": wanted["id"], **({"rollup_function": function} if function else {})}

    def _name_of(self, table_id: int) -> str:
        return next(name for name, found in self.tables.items() if found == table_id)


def _plain(field: FieldSource) -> dict[str, Any]:
    settings = {key: value for key, value in field.settings.items() if key != "options"}
    options = {"select_options": field.options} if "options" in field.settings else {}
    return {"type": field.type, **settings, **options}


def _cells(table: TableSource, row: Mapping[str, str], links: bool) -> dict[str, Any]:
    fields = [(table.field(name), cell) for name, cell in row.items() if cell]
    return {field.name: _value(field, cell) for field, cell in fields if (field.type == _LINKS) == links}


def _value(field: FieldSource, cell: str) -> Any:
    if field.type in (_LINKS, "multiple_select"):
        return names(cell)
    if field.type == "boolean":
        return cell == "x"
    if field.type == "date":
        return day(cell)
    return int(cell) if field.type == "rating" else cell.replace("\\n", "\n")


class _Views:
    """Makes the views of a table. The first is a grid: it takes the place of the one the table came with."""

    def __init__(self, call: Call, built: Builder, table: TableSource) -> None:
        self._call, self._built, self._table = call, built, table
        self._path = f"/api/database/views/table/{built.tables[table.name]}/"

    def make(self) -> None:
        """All views in their order."""
        for number, wanted in enumerate(self._table.views):
            self._fill(self._first(wanted) if number == 0 else self._other(wanted), wanted)

    def _first(self, wanted: Mapping[str, Any]) -> int:
        assert wanted.get("type", "grid") == "grid", f"the first view of {self._table.name} must be a grid"
        found = self._call("GET", self._path, None)[0]["id"]
        self._call("PATCH", f"/api/database/views/{found}/", self._settings(wanted))
        return int(found)

    def _other(self, wanted: Mapping[str, Any]) -> int:
        body = {"type": wanted.get("type", "grid"), **self._settings(wanted)}
        return int(self._call("POST", self._path, body)["id"])

    def _settings(self, wanted: Mapping[str, Any]) -> dict[str, Any]:
        direct = ("name", "title", "description", "mode", "submit_text", "submit_action_message", "row_height_size")
        settings = {key: wanted[key] for key in direct if key in wanted}
        fields = {
            "by": "single_select_field",
            "date": "date_field",
            "start": "start_date_field",
            "end": "end_date_field",
            "cover": "card_cover_image_field",
        }
        settings |= {api: self._id(wanted[key]) for key, api in fields.items() if key in wanted}
        return {**settings, **({"filter_type": "OR"} if wanted.get("any") else {})}

    def _id(self, name: str) -> int:
        assert (self._table.name, name) in self._built.fields, f"{self._table.name} has no field {name}"
        return int(self._built.fields[self._table.name, name]["id"])

    def _fill(self, view_id: int, wanted: Mapping[str, Any]) -> None:
        path = f"/api/database/views/{view_id}"
        self._call("PATCH", f"{path}/field-options/", {"field_options": self._options(wanted)})
        for told in wanted.get("filters", ()):
            field, type_name, value = self._filter(told)
            self._call("POST", f"{path}/filters/", {"field": field, "type": type_name, "value": value})
        for told in wanted.get("sort", ()):
            self._call("POST", f"{path}/sortings/", self._ordered(told))
        for told in wanted.get("group", ()):
            self._call("POST", f"{path}/group_bys/", self._ordered(told))
        for decoration in self._decorations(wanted):
            self._call("POST", f"{path}/decorations/", decoration)

    def _options(self, wanted: Mapping[str, Any]) -> dict[str, Any]:
        """Field options by field id: what is shown in which order, figures, widths, questions of forms."""
        everything = [name for table, name in self._built.fields if table == self._table.name]
        in_order = [one.name for one in self._table.fields]
        shown = wanted.get("fields", [*in_order, *(one for one in everything if one not in in_order)])
        order = {name: number for number, name in enumerate([*shown, *(n for n in everything if n not in shown)])}
        form = wanted.get("type") == "form"
        options = {}
        for name in everything:
            seen = {"enabled": name in shown} if form else {"hidden": name not in shown}
            options[str(self._id(name))] = {"order": order[name], **seen, **self._extra(wanted, name, form)}
        return options

    def _extra(self, wanted: Mapping[str, Any], name: str, form: bool) -> dict[str, Any]:
        extra: dict[str, Any] = {}
        if form:
            extra["required"] = name in wanted.get("required", ())
            extra["description"] = wanted.get("help", {}).get(name, "")
            extra["name"] = wanted.get("ask", {}).get(name, "")
            return extra
        if name in wanted.get("footer", {}):
            figure = wanted["footer"][name]
            extra |= {"aggregation_type": figure, "aggregation_raw_type": figure}
        if name in wanted.get("widths", {}):
            extra["width"] = wanted["widths"][name]
        return extra

    def _ordered(self, told: str) -> dict[str, Any]:
        return {"field": self._id(told.removeprefix("-")), "order": "DESC" if told.startswith("-") else "ASC"}

    def _filter(self, told: str) -> tuple[int, str, str]:
        """A filter written as `Field | type | value`: options and linked rows are named in it."""
        field, type_name, value = ([one.strip() for one in told.split("|")] + ["", ""])[:3]
        if "select" in type_name:
            options = self._built.fields[self._table.name, field]["select_options"]
            ids = {option["value"]: option["id"] for option in options}
            value = ",".join(str(ids[name]) for name in names(value))
        return self._id(field), type_name, value

    def _decorations(self, wanted: Mapping[str, Any]) -> Sequence[dict[str, Any]]:
        found = []
        if "color" in wanted:
            conf: dict[str, Any] = {"field_id": self._id(wanted["color"])}
            found.append(_decoration("left_border_color", "single_select_color", conf))
        if "highlight" in wanted:
            colors = [self._condition(number, one) for number, one in enumerate(wanted["highlight"], 1)]
            found.append(_decoration("background_color", "conditional_color", {"colors": colors}))
        return found

    def _condition(self, number: int, told: Mapping[str, Any]) -> dict[str, Any]:
        filters = []
        for place, one in enumerate(told["filters"], 1):
            field, type_name, value = self._filter(one)
            filters.append({"id": f"f{number}{place}", "field": field, "type": type_name, "value": value})
        return {"id": f"c{number}", "color": told["color"], "operator": "AND", "filters": filters}


def _decoration(kind: str, provider: str, conf: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": kind, "value_provider_type": provider, "value_provider_conf": conf}
