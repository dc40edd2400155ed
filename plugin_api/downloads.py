"""Answers that are files of the product: safe to open, whole or in ranges, and without more headers than needed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import BinaryIO

import flask
from flask import Response, request
from werkzeug.exceptions import RequestedRangeNotSatisfiable

from plugin_api.errors import ApiError


def download(content: BinaryIO, name: str, shown_name: str) -> Response:
    """The content of a file called `name`, or a range of it, to be saved as `shown_name` and kept by nobody else."""
    shown = "".join(letter for letter in shown_name if letter.isprintable()) or name
    return file_answer(
        content, "application/octet-stream", name, {"Cache-Control": "private, no-store"}, attached=True, shown=shown
    )


def file_answer(
    content: BinaryIO, mime_type: str, tag: str, headers: Mapping[str, str], *, attached: bool, shown: str
) -> Response:
    """A file, or the range of it that was asked for; it is closed with the answer.

    tag: another one when the content is. attached: whether browsers save it, as `shown`, instead of opening it.
    """
    size = content.seek(0, 2)
    content.seek(0)
    response = flask.send_file(content, mime_type, attached, shown, conditional=False, etag=tag)
    response.content_length = size
    response.headers.update(headers)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    try:
        response.make_conditional(request.environ, accept_ranges=True, complete_length=size)
    except RequestedRangeNotSatisfiable:
        content.close()
        raise ApiError("ERROR_HTTP_416", 416, "There is no such range.", {"Content-Range": f"bytes */{size}"}) from None
    response.headers.pop("Date", None)  # the server writes one of its own
    return response
