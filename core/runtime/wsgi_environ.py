"""A WSGI environ from an ASGI scope, and a file wrapper whose file the event loop sends by itself."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from typing import IO, Any
from urllib.parse import unquote_to_bytes

BLOCK = 64 * 1024


class FileBody:
    """`wsgi.file_wrapper`: a response body that is a file. Sending it to a slow client holds no request thread."""

    def __init__(self, file: IO[bytes], block_size: int = BLOCK) -> None:
        self.file = file
        self.block_size = block_size

    def __iter__(self) -> Iterator[bytes]:
        """The file in blocks, for whoever takes it as an ordinary body."""
        while block := self.file.read(self.block_size):
            yield block

    def close(self) -> None:
        """Close the file."""
        if hasattr(self.file, "close"):
            self.file.close()


def make_environ(scope: Mapping[str, Any], body: IO[bytes], length: int) -> dict[str, Any]:
    """The environ of a request whose whole body, `length` bytes, is in `body`."""
    server, client = scope.get("server") or ("", 0), scope.get("client") or ("", 0)
    environ = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": scope.get("root_path", "").encode().decode("latin-1"),
        "PATH_INFO": _path(scope),
        "QUERY_STRING": scope.get("query_string", b"").decode("latin-1"),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1] or ""),
        "REMOTE_ADDR": client[0],
        "REMOTE_PORT": str(client[1]),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.input": body,
        "wsgi.input_terminated": True,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        "wsgi.file_wrapper": FileBody,
    }
    _add_headers(environ, scope["headers"])
    _set_length(environ, length)
    return environ


def _path(scope: Mapping[str, Any]) -> str:
    """The path as WSGI wants it: the bytes after percent-decoding, each as one latin-1 character."""
    raw = scope.get("raw_path")
    decoded = unquote_to_bytes(raw) if raw is not None else scope["path"].encode()
    return decoded.decode("latin-1")


def _add_headers(environ: dict[str, Any], headers: list[tuple[bytes, bytes]]) -> None:
    for name, value in headers:
        if b"_" in name:  # X_Forwarded_For would pass for X-Forwarded-For
            continue
        key = name.decode("latin-1").upper().replace("-", "_")
        if key not in ("CONTENT_TYPE", "CONTENT_LENGTH"):
            key = f"HTTP_{key}"
        text = value.decode("latin-1")
        if key in environ:
            text = f"{environ[key]}{'; ' if key == 'HTTP_COOKIE' else ','}{text}"
        environ[key] = text


def _set_length(environ: dict[str, Any], length: int) -> None:
    """The body was read and put together: its length is known and no transfer coding is left."""
    chunked = environ.pop("HTTP_TRANSFER_ENCODING", None) is not None
    if chunked or "CONTENT_LENGTH" in environ:
        environ["CONTENT_LENGTH"] = str(length)
