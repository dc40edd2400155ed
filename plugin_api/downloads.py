"""Answers that are files to be downloaded, made by the product and not to be kept by anybody on the way."""

from __future__ import annotations

from typing import BinaryIO

import flask
from flask import Response, request
from werkzeug.exceptions import RequestedRangeNotSatisfiable

from plugin_api.errors import ApiError


def download(content: BinaryIO, name: str, shown_name: str) -> Response:
    """The content of a file called `name`, or a range of it, to be saved as `shown_name`."""
    size = content.seek(0, 2)
    content.seek(0)
    shown = "".join(letter for letter in shown_name if letter.isprintable()) or name
    response = flask.send_file(content, "application/octet-stream", True, shown, conditional=False, etag=name)
    response.content_length = size
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    try:
        response.make_conditional(request.environ, accept_ranges=True, complete_length=size)
    except RequestedRangeNotSatisfiable:
        content.close()
        raise ApiError("ERROR_HTTP_416", 416, "There is no such range.", {"Content-Range": f"bytes */{size}"}) from None
    response.headers.pop("Date", None)  # the server writes one of its own
    return response
