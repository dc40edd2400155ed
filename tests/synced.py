"""Synced tables for tests, and servers on this machine that stand for the places their rows come from."""

from __future__ import annotations

import json
import random
import select
import socket
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.tables import Database

SYNC = "/api/database/data-sync"

Reply = tuple[int, Any] | tuple[int, Any, dict[str, str]]


class Asked:
    """A request a server got."""

    def __init__(self, handler: BaseHTTPRequestHandler) -> None:
        parts = urlsplit(handler.path)
        self.method, self.path, self.query = handler.command, parts.path, dict(parse_qsl(parts.query))
        self.headers = {name.lower(): value for name, value in handler.headers.items()}
        length = int(self.headers.get("content-length", 0))
        self.body = json.loads(handler.rfile.read(length)) if length else None


class Source:
    """A server that answers what `reply` makes of a request, and remembers what it was asked."""

    def __init__(self, reply: Callable[[Asked], Reply]) -> None:
        self.reply = reply
        self.asked: list[Asked] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            """Hands requests to the server around it."""

            def do_GET(self) -> None:
                asked = Asked(self)
                outer.asked.append(asked)
                status, body, *headers = outer.reply(asked)
                data = body if isinstance(body, bytes) else json.dumps(body).encode()
                self.send_response(status)
                for name, value in (headers[0] if headers else {}).items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            do_POST = do_GET

            def log_message(self, *args: Any) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def close(self) -> None:
        """Stop."""
        self._server.shutdown()
        self._server.server_close()


class Tunnel:
    """A port of this machine that leads to another socket, such as the one an embedded PostgreSQL listens on."""

    def __init__(self, target: str | tuple[str, int]) -> None:
        self._target = target
        self._listener = self._free()
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _free(self) -> socket.socket:
        """A listener on a port below 32768, as the API demands."""
        for port in random.sample(range(20_000, 32_000), 100):
            listener = socket.socket()
            try:
                listener.bind(("127.0.0.1", port))
            except OSError:
                listener.close()
                continue
            listener.listen()
            return listener
        raise RuntimeError("no port is free")

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return  # closed
            threading.Thread(target=self._carry, args=(client,), daemon=True).start()

    def _carry(self, client: socket.socket) -> None:
        """Whatever comes on one side goes to the other, until one of them is closed."""
        with client, socket.socket(socket.AF_UNIX if isinstance(self._target, str) else socket.AF_INET) as server:
            server.connect(self._target)
            sides = {client: server, server: client}
            while True:
                for side in select.select(list(sides), (), ())[0]:
                    try:
                        data = side.recv(65536)
                        sides[side].sendall(data)
                    except OSError:
                        return
                    if not data:
                        return

    def close(self) -> None:
        """Take no more connections."""
        self._listener.close()


class Synced:
    """A synced table of a user."""

    def __init__(self, api: Any, base: Database, keys: list[str], **settings: Any) -> None:
        self.api, self.base = api, base
        body = {"table_name": "Synced", "synced_properties": keys, **settings}
        status, made = api.post(f"{SYNC}/database/{base.id}/", body)
        assert status == 200, made
        self.table_id: int = made["id"]
        self.id: int = made["data_sync"]["id"]
        self.path = f"{SYNC}/{self.id}/"

    def sync(self) -> dict[str, Any]:
        """Sync it; the job as it ended."""
        return self.base.run(self.api.post(f"{self.path}sync/async/"))

    def done(self) -> None:
        """Sync it, which must succeed."""
        job = self.sync()
        assert job["state"] == "finished", job

    def failed(self) -> str:
        """Sync it, which must fail; the reason."""
        job = self.sync()
        assert job["state"] == "failed", job
        return str(job["human_readable_error"])

    def rows(self) -> list[dict[str, Any]]:
        """Its rows by the names of the fields, without their order."""
        return [{key: value for key, value in row.items() if key != "order"} for row in self.base.rows(self.table_id)]

    def values(self) -> list[list[Any]]:
        """The values of its rows."""
        return self.base.values(self.table_id)

    def shown(self) -> dict[str, Any]:
        """The data sync."""
        return dict(self.api.get(self.path)[1])

    def fields(self) -> dict[str, dict[str, Any]]:
        """Its fields by name."""
        return {found["name"]: found for found in self.base.fields(self.table_id)}

    def change(self, **body: Any) -> dict[str, Any]:
        """Change the data sync."""
        status, answer = self.api.patch(self.path, body)
        assert status == 200, answer
        return dict(answer)
