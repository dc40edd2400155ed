"""What the operations on tables take and answer."""

from __future__ import annotations

from typing import Any

from plugin_api.schemas import Any_, Bool, Dict, Int, List, Nested, Schema, Str


class TableAnswer(Schema):
    """A table."""

    id = Int(metadata={"description": "The table's id."})
    name = Str()
    order = Int(metadata={"description": "Its place among the tables of its database."})
    database_id = Int()
    data_sync = Dict(allow_none=True, metadata={"description": "Where its rows are synchronised from, if they are."})


def _name() -> Any:
    return Str(required=True, max_length=255, metadata={"description": "The table's name; need not be unique."})


def _data(required: bool) -> Any:
    description = "The rows, each a list of values. They may come in any number: the body is read in pieces."
    return List(Any_(allow_none=True), required=required, min_length=1, metadata={"description": description})


class CreateTable(Schema):
    """A table to create."""

    name = _name()
    data = _data(False)
    first_row_header = Bool(
        load_default=False, metadata={"description": "Whether the first row of the data names the fields."}
    )


class UpdateTable(Schema):
    """What to change of a table."""

    name = _name()


class OrderTables(Schema):
    """Tables in the order they shall have."""

    table_ids = List(Int(), required=True)


class ImportConfiguration(Schema):
    """How rows are imported."""

    upsert_fields = List(
        Int(min_value=1),
        min_length=1,
        allow_none=True,
        load_default=None,
        metadata={"description": "Ids of the fields that tell whether a row is there already; such rows are updated."},
    )
    upsert_values = List(
        List(Any_(allow_none=True), min_length=1),
        allow_none=True,
        load_default=None,
        metadata={"description": "For each row of the data, its values of the upsert fields."},
    )
    skipped_fields = List(
        Int(min_value=1),
        allow_none=True,
        load_default=None,
        metadata={"description": "Ids of fields whose values in the data are not taken."},
    )


class ImportRows(Schema):
    """Rows to import."""

    data = _data(True)
    configuration = Nested(ImportConfiguration, allow_none=True, load_default=None)


class Report(Schema):
    """What came of an import."""

    failing_rows = Dict(
        metadata={"description": "The rows that were refused: by their place in the data, then by field, the reasons."}
    )
    failing_row_count = Int(metadata={"description": "How many rows were refused; only the first 5000 are listed."})


class JobAnswer(Schema):
    """A job."""

    id = Int(metadata={"description": "Ask for it at /api/jobs/{id}/."})
    type = Str()
    progress_percentage = Int()
    state = Str()
    human_readable_error = Str()


class FileImportAnswer(JobAnswer):
    """A job that imports rows."""

    database_id = Int(allow_none=True)
    name = Str()
    table_id = Int(allow_none=True)
    first_row_header = Bool()
    report = Nested(Report)


class DuplicateTableAnswer(JobAnswer):
    """A job that copies a table."""

    original_table = Nested(TableAnswer)
    duplicated_table = Nested(TableAnswer, allow_none=True)


class DuplicateTableBody(Schema):
    """What to copy."""

    table_id = Int(required=True, metadata={"description": "The table to copy."})
