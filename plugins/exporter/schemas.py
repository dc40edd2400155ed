"""What clients send and get about exports."""

from __future__ import annotations

from functools import cache
from typing import Any

import marshmallow as ma
from marshmallow import fields as mf

from plugin_api.exporters import ExporterType, ExportOptions
from plugin_api.platform import registry
from plugin_api.schemas import Choice, Int, List, Nested, Schema, Str, invalid
from plugin_api.states import active

STATES = ("pending", "exporting", "cancelled", "finished", "failed", "expired")
_MAX_DEPTH = 20


def exporter_names() -> list[str]:
    """The kinds of files there are at the moment."""
    return [found.type for found in active("exporter_types")]


class ExportFilter(Schema):
    """A condition on a field."""

    field = Int(required=True)
    type = Str(required=True)
    value = Str(required=True, allow_blank=True, trim=False)

    @ma.validates("value")
    def _storable(self, value: str, **_: Any) -> None:
        """PostgreSQL has no such texts."""
        if "\0" in value:
            raise invalid("null_characters_not_allowed", "Null characters are not allowed.")


class ExportFilters(Schema):
    """Conditions joined by AND or OR, and groups of further ones."""

    filter_type = Choice(("AND", "OR"), required=True)
    filters = List(Nested(ExportFilter), load_default=list)
    groups = List(Nested(lambda: ExportFilters()), load_default=list)

    @ma.pre_load
    def _not_too_deep(self, data: Any, **_: Any) -> Any:
        """Groups in groups end somewhere."""
        depth, groups = 0, [data]
        while groups:
            groups = [inner for group in groups if isinstance(group, dict) for inner in _listed(group.get("groups"))]
            depth += 1
            if depth > _MAX_DEPTH:
                raise invalid("invalid", f"Groups may be {_MAX_DEPTH} deep.")
        return data


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


class ExporterChoice(Schema):
    """Which kind of file."""

    exporter_type = Choice(
        exporter_names, required=True, metadata={"description": "The kind of file, such as `csv` or `json`."}
    )


class ExportBody(ExporterChoice):
    """What is exported, in which kind of file; the exporter asks for further keys."""

    view_id = Int(
        min_value=0, load_default=None, allow_none=True, metadata={"description": "A view of the table to export."}
    )
    fields_ = List(
        Int(),
        data_key="fields",
        load_default=None,
        allow_none=True,
        metadata={"description": "Of a view: the fields, in this order. Those the view shows if there are none."},
    )
    filters = Nested(
        ExportFilters,
        load_default=None,
        allow_none=True,
        metadata={"description": "Rows must fit these too, besides the filters of the view."},
    )
    order_by = Str(
        load_default=None,
        allow_none=True,
        allow_blank=True,
        metadata={"description": "Such as `-field_1,field_2`; instead of the order of the view."},
    )


class StartExport(ExportBody, ExportOptions):
    """What every export is told."""


@cache
def body_of(exporter: type[ExporterType]) -> type[Schema]:
    """The whole body for a kind of file."""
    return type(f"{exporter.__name__}Body", (ExportBody, exporter.options_schema), {})


def exporter_of(name: str) -> ExporterType:
    """The kind of file called `name`."""
    found: ExporterType = registry("exporter_types")[name]
    return found


class ExportAnswer(Schema):
    """An export."""

    id = mf.Integer()
    table = mf.Integer(allow_none=True)
    view = mf.Integer(allow_none=True)
    exporter_type = mf.String()
    state = mf.String(validate=ma.validate.OneOf(STATES))
    status = mf.String(metadata={"description": "The same as `state`."})
    exported_file_name = mf.String(allow_none=True)
    created_at = mf.DateTime()
    progress_percentage = mf.Float(metadata={"description": "0 to 100."})
    url = mf.String(allow_none=True, metadata={"description": "Where the file is, once it is finished, for a while."})


class PublicExportAnswer(ExportAnswer):
    """An export of a shared view; its id is a text nobody else can know."""

    id = mf.String()  # type: ignore[assignment]
