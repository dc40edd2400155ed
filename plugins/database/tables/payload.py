"""The rows a client sends with a request: checked while they come, kept in a file, read in batches by a job.

The file is a chain of frames: a line that says what is in the frame and how long it is, then JSON text.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, BinaryIO

import marshmallow as ma
from flask import Response, after_this_request, g

from plugin_api.db import unit_of_work
from plugin_api.errors import ApiError, body_invalid, problem
from plugin_api.http import BodyReader, load_value
from plugin_api.platform import service
from plugin_api.storage import Storage
from plugins.database.tables.scanner import ObjectScanner, Path

FOLDER = "imports"
DATA: Path = ("data",)
UPSERT_VALUES: Path = ("configuration", "upsert_values")
_KINDS = {DATA: b"d", UPSERT_VALUES: b"u"}
_LENGTH_DIGITS = 12

Rows = list[list[Any]]


@dataclass
class Upload:
    """What a client sent: the checked body, and where its rows are kept."""

    file: str
    body: Any = None
    rows: int = 0
    width: int = 0
    upsert_rows: int = 0


def receive(schema: ma.Schema, temporary: bool = False, max_rows: int | None = None) -> Upload:
    """Read the request's body; 400 when it does not fit the schema or has more rows.

    Ends the transaction first: reading may take long. The file with the rows is deleted after the request when it
    is `temporary`, or when the request fails.
    """
    if "upload" not in g:  # the body cannot be read again when the database breaks a deadlock
        unit_of_work().commit()
        g.upload = _receive(schema, temporary, max_rows)
    found: Upload = g.upload
    return found


def day_of(moment: datetime) -> str:
    """The name of the folder for the files of a day; later days have later names."""
    return f"{moment:%Y-%m-%d}"


def _receive(schema: ma.Schema, temporary: bool, max_rows: int | None) -> Upload:
    reader, upload = service(BodyReader), Upload(f"{FOLDER}/{day_of(datetime.now(UTC))}/{uuid.uuid4().hex}")
    scanner = ObjectScanner(reader.stream(), _KINDS, reader.parse)
    service(Storage).write(upload.file, frames(scanner, upload, max_rows))

    @after_this_request
    def delete_file(response: Response) -> Response:
        if temporary or response.status_code >= 400:
            service(Storage).delete(upload.file)
        return response

    upload.upsert_rows = scanner.lengths.get(UPSERT_VALUES, 0)
    upload.body = load_value(schema, _with_stand_ins(scanner))
    return upload


def frames(scanner: ObjectScanner, upload: Upload, max_rows: int | None) -> Iterator[bytes]:
    """The file's content, made while the body is read; counts the rows in `upload`."""
    for path, text, elements in scanner.batches():
        if path == DATA:
            _count(upload, elements)
            if max_rows is not None and upload.rows > max_rows:
                message = f"A table can be created with at most {max_rows} rows this way. Use the asynchronous one."
                raise ApiError("ERROR_INITIAL_TABLE_DATA_LIMIT_EXCEEDED", 400, message)
        else:
            _check_upsert(elements)
        yield b"%b%0*d\n" % (_KINDS[path], _LENGTH_DIGITS, len(text))
        yield text


def _count(upload: Upload, elements: list[Any]) -> None:
    rows = as_rows(elements)
    upload.rows += len(rows)
    upload.width = max(upload.width, max(map(len, rows)))


def _check_upsert(elements: list[Any]) -> None:
    if not all(isinstance(element, list) and element for element in elements):
        wrong = [problem("not_a_list", "Expected a list of the row's values for the upsert fields.")]
        raise body_invalid({"configuration": {"upsert_values": wrong}})


def _with_stand_ins(scanner: ObjectScanner) -> Any:
    """The body with one element in each list that had some, so that its schema sees whether there were any."""
    body = scanner.values
    if scanner.lengths.get(DATA):
        body["data"] = [None]
    if scanner.lengths.get(UPSERT_VALUES):
        body["configuration"]["upsert_values"] = [[None]]
    return body


def as_rows(elements: list[Any]) -> Rows:
    """The elements as rows: one that is no list is a row of one value."""
    if set(map(type, elements)) <= {list}:
        return elements
    return [element if isinstance(element, list) else [element] for element in elements]


def read_batches(file: str, path: Path) -> Iterator[Rows]:
    """The rows kept in a file, in batches as they were written."""
    with service(Storage).open(file) as stored:
        yield from _read(stored, _KINDS[path])


def _read(stored: BinaryIO, wanted: bytes) -> Iterator[Rows]:
    parse: Callable[[bytes], Any] = service(BodyReader).parse
    while header := stored.read(_LENGTH_DIGITS + 2):
        text = stored.read(int(header[1:]))
        if header[:1] == wanted:
            yield as_rows(parse(text))
