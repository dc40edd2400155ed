"""Websockets of clients in tests: a server on the product of this process, started when the first one listens."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import orjson
import uvicorn
from websockets.sync.client import connect
from websockets.sync.connection import Connection

from core.runtime.asgi import AsgiApp, WebsocketHandler, WsgiApp
from core.runtime.processes import wait_until

_SECONDS = 10.0


class Server:
    """Serves the product on a port of this machine, in a thread."""

    def __init__(self, app: WsgiApp, handler: WebsocketHandler) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.address = f"ws://127.0.0.1:{self._socket.getsockname()[1]}/ws/core/"
        config = uvicorn.Config(
            AsgiApp(app, 2, 1_000_000, handler), log_config=None, ws="websockets-sansio", lifespan="on"
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=lambda: asyncio.run(self._server.serve(sockets=[self._socket])))
        self._thread.start()
        if not wait_until(lambda: self._server.started, _SECONDS):
            raise RuntimeError("the server for websockets does not start")

    def stop(self) -> None:
        """End it."""
        self._server.should_exit = True
        self._thread.join()
        self._socket.close()


class Listening:
    """What somebody is told; implements `plugin_api.testing.Listening`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def open_page(self, page: str, **parameters: Any) -> None:
        """Open a page: from now on what happens there is told. AssertionError when that is refused."""
        self._connection.send(orjson.dumps({"page": page, **parameters}).decode())
        answer = self._next()
        assert answer["type"] == "page_add", f"the page {page} with {parameters} is refused: {answer}"

    def next(self, type_name: str) -> dict[str, Any]:
        """The next message of a type; AssertionError when none comes."""
        while True:
            message = self._next(f"no {type_name} was told")
            if message["type"] == type_name:
                return message

    def _next(self, problem: str = "nothing was told") -> dict[str, Any]:
        try:
            found: dict[str, Any] = orjson.loads(self._connection.recv(timeout=_SECONDS))
        except TimeoutError:
            raise AssertionError(f"{problem} within {_SECONDS:.0f} seconds") from None
        return found


@contextmanager
def listening(server: Server, token: str) -> Iterator[Listening]:
    """A socket of whoever has the token; of a visitor without one."""
    with connect(f"{server.address}?jwt_token={token or 'anonymous'}", max_size=None) as connection:
        made = Listening(connection)
        made.next("authentication")
        yield made
