"""The operations that send CSV files in parts and import them. They are our own: the contract has none for it."""

from __future__ import annotations

from typing import Any, BinaryIO, cast

from flask import request

from plugin_api.charsets import CHARSETS
from plugin_api.errors import body_invalid, problem
from plugin_api.http import Blueprint
from plugin_api.schemas import Bool, Choice, Int, List, Schema, Str, as_int
from plugins.csv_import import jobs, uploads
from plugins.csv_import.reading import SEPARATORS
from plugins.database.tables.schemas import FileImportAnswer

blueprint = Blueprint("csv_imports", __name__, url_prefix="/api/database/imports", description="Imports of CSV files.")

OFFSET = "Upload-Offset"


class NewUpload(Schema):
    """A file to send."""

    name = Str(load_default="", allow_blank=True, max_length=255)
    size = Int(required=True, min_value=1, metadata={"description": "Its bytes."})


class UploadAnswer(Schema):
    """How far a file is."""

    id = Str()
    name = Str()
    size = Int()
    offset = Int(metadata={"description": "The bytes that have arrived: where to go on."})


class StartImport(Schema):
    """How to read a file, and where its rows go."""

    table_id = Int(allow_none=True, load_default=None, metadata={"description": "The table that gets the rows."})
    database_id = Int(
        allow_none=True, load_default=None, metadata={"description": "Without table_id: where to make a table."}
    )
    name = Str(load_default="", allow_blank=True, max_length=255, metadata={"description": "The name of that table."})
    first_row_header = Bool(load_default=True)
    separator = Choice(["auto", *SEPARATORS], load_default="auto")
    charset = Choice(list(CHARSETS), load_default="utf-8")
    columns = List(
        Int(allow_none=True),
        allow_none=True,
        load_default=None,
        metadata={"description": "For each column the id of the field it is for, or null. By default the first row."},
    )


_OF_UPLOAD = ("ERROR_UPLOAD_DOES_NOT_EXIST",)


@blueprint.operation(
    "POST",
    "/",
    id="create_csv_upload",
    summary="Begin to send a CSV file",
    description="Answers the id under which its parts are sent.",
    body=NewUpload,
    response=UploadAnswer,
    errors=("ERROR_TOO_MANY_UPLOADS", ("ERROR_FILE_SIZE_TOO_LARGE", 413)),
)
def create_upload(body: dict[str, Any]) -> Any:
    """Begin."""
    return uploads.create(body["name"], body["size"])


@blueprint.operation(
    "GET",
    "/<string:upload_id>/",
    id="get_csv_upload",
    summary="How far a CSV file is",
    description="After a connection broke, go on from its offset.",
    response=UploadAnswer,
    errors=_OF_UPLOAD,
)
def get_upload(upload_id: str) -> Any:
    """How far it is."""
    return uploads.shown(uploads.own(upload_id))


@blueprint.operation(
    "PATCH",
    "/<string:upload_id>/",
    id="send_csv_upload",
    summary="Send a part of a CSV file",
    description="The body is the next bytes as they are; the header Upload-Offset says where in the file they begin."
    " A part is kept whole or not at all: send some megabytes at a time.",
    response=UploadAnswer,
    errors=(*_OF_UPLOAD, ("ERROR_UPLOAD_OFFSET", 409), ("ERROR_FILE_SIZE_TOO_LARGE", 413)),
)
def send_part(upload_id: str) -> Any:
    """The next bytes."""
    offset = as_int(request.headers.get(OFFSET))
    if offset is None or offset < 0:
        raise body_invalid({OFFSET: [problem("invalid", f"Say in the header {OFFSET} where the bytes begin.")]})
    return uploads.append(upload_id, offset, cast(BinaryIO, request.stream))


@blueprint.operation(
    "DELETE",
    "/<string:upload_id>/",
    id="delete_csv_upload",
    summary="Give up a CSV file",
    description="What has arrived of it is deleted.",
    status=204,
    errors=_OF_UPLOAD,
)
def delete_upload(upload_id: str) -> None:
    """Give it up."""
    uploads.delete(upload_id)


@blueprint.operation(
    "POST",
    "/<string:upload_id>/import/",
    id="start_csv_import",
    summary="Import a CSV file that was sent",
    description="Starts a job that makes a table of the file, or adds its rows to a table. Rows with values that do not"
    " fit are in its report; all others are kept. The file is deleted when the job ends.",
    body=StartImport,
    response=FileImportAnswer,
    errors=(
        *_OF_UPLOAD,
        "ERROR_UPLOAD_INCOMPLETE",
        "ERROR_INVALID_FILE",
        "ERROR_USER_NOT_IN_GROUP",
        "ERROR_TABLE_DOES_NOT_EXIST",
        "ERROR_APPLICATION_DOES_NOT_EXIST",
        "ERROR_FIELD_NOT_IN_TABLE",
        "ERROR_MAX_JOB_COUNT_EXCEEDED",
    ),
)
def start_import(upload_id: str, body: dict[str, Any]) -> Any:
    """Import it."""
    return jobs.start(upload_id, body)
