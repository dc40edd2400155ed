"""What row operations take and answer; rows themselves depend on the table's fields."""

from __future__ import annotations

from marshmallow import INCLUDE

from plugin_api.schemas import Any_, Dict, Int, List, Nested, Schema, Str
from plugins.database.rows.bodies import max_rows


class RowQuery(Schema):
    """Parameters of every operation that answers rows. Read leniently: see rows/params.py."""

    user_field_names = Any_(metadata={"description": "Name fields by their names instead of `field_<id>`."})
    include = Str(load_default="", allow_blank=True, metadata={"description": "`metadata` adds a metadata object."})


class ListQuery(Schema):
    """Parameters of a listing."""

    user_field_names = Any_(metadata={"description": "Name fields by their names instead of `field_<id>`."})
    page = Any_(metadata={"description": "Page number, from 1."})
    size = Any_(metadata={"description": "Rows of a page, at most 200; 100 when not given."})
    search = Any_(metadata={"description": "Only rows with this text in a field."})
    search_mode = Any_(metadata={"description": "compat or full-text-with-compat."})
    order_by = Any_(metadata={"description": "Fields separated by commas; a minus sign for descending."})
    filters = Any_(metadata={"description": "Tree of filters in JSON; wins over filter__ parameters."})
    filter_type = Any_(metadata={"description": "AND or OR, for filter__ parameters."})
    include = Any_(metadata={"description": "Only these fields, separated by commas."})
    excluded = Any_(data_key="exclude", metadata={"description": "Not these fields, separated by commas."})
    view_id = Any_(metadata={"description": "Read through a view."})


class WriteQuery(Schema):
    """Parameters of writing operations."""

    user_field_names = Any_(metadata={"description": "Name fields by their names instead of `field_<id>`."})
    before = Any_(metadata={"description": "Put new rows before the row with this id."})
    send_webhook_events = Any_(metadata={"description": "false keeps webhooks from being called."})


class DeleteQuery(Schema):
    """Parameters of deleting rows."""

    send_webhook_events = Any_(metadata={"description": "false keeps webhooks from being called."})


class MoveQuery(Schema):
    """Parameters of moving a row."""

    user_field_names = Any_(metadata={"description": "Name fields by their names instead of `field_<id>`."})
    before_id = Any_(metadata={"description": "Move before the row with this id; without it, to the end."})
    send_webhook_events = Any_(metadata={"description": "false keeps webhooks from being called."})


class AdjacentQuery(Schema):
    """Parameters of reading the row beside a row."""

    user_field_names = Any_(metadata={"description": "Name fields by their names instead of `field_<id>`."})
    previous = Any_(metadata={"description": "true for the row before."})
    search = Any_(metadata={"description": "Only among rows with this text in a field."})
    search_mode = Any_(metadata={"description": "compat or full-text-with-compat."})
    view_id = Any_(metadata={"description": "In the order of a view."})


class HistoryQuery(Schema):
    """The window of a history."""

    limit = Any_(metadata={"description": "Entries to answer, at most 100."})
    offset = Any_(metadata={"description": "Entries to pass over."})


class RowAnswer(Schema):
    """A row. Each field has a key of its own, field_<id> or its name."""

    id = Int()
    order = Str()


class RowBody(Schema):
    """Values of a row by field: field_<id>, or the names of fields with user_field_names."""

    class Meta(Schema.Meta):
        unknown = INCLUDE


class ChangedRowBody(RowBody):
    """A row to change: its id and the values to change."""

    id = Int(required=True)


class NewRowsBody(Schema):
    """The rows of a batch creation."""

    items = List(Nested(RowBody), required=True, min_length=1, max_length=max_rows)


class ChangedRowsBody(Schema):
    """The rows of a batch update."""

    items = List(Nested(ChangedRowBody), required=True, min_length=1, max_length=max_rows)


class RowsAnswer(Schema):
    """A page of rows."""

    count = Int()
    next = Str(allow_none=True)
    previous = Str(allow_none=True)
    results = List(Nested(RowAnswer))


class NamesAnswer(Schema):
    """Names of rows: by table id, then by row id. The keys are the ids."""

    class Meta(Schema.Meta):
        unknown = INCLUDE


class BatchRows(Schema):
    """The rows of a batch."""

    items = List(Nested(RowAnswer))


class BatchDelete(Schema):
    """The ids of rows to delete."""

    items = List(Int(), required=True, min_length=1, max_length=max_rows)


class HistoryUser(Schema):
    """Who made a change."""

    id = Int()
    name = Str()


class HistoryEntry(Schema):
    """One change of a row."""

    id = Int()
    action_type = Str()
    action_command_type = Str()
    user = Nested(HistoryUser)
    timestamp = Str()
    before = Dict()
    after = Dict()
    fields_metadata = Dict()


class HistoryAnswer(Schema):
    """A window of a row's history."""

    count = Int()
    next = Str(allow_none=True)
    previous = Str(allow_none=True)
    results = List(Nested(HistoryEntry))
