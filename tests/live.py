"""Websockets of clients for tests: a web server on the application of the test, and sockets that wait for messages."""

from __future__ import annotations

import asyncio
import random
import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any

import orjson
import uvicorn
from flask import Flask
from redis import Redis
from websockets.client import ClientProtocol
from websockets.exceptions import ConnectionClosed
from websockets.protocol import State
from websockets.sync.client import ClientConnection, connect
from websockets.uri import parse_uri

import app as composition
from core.runtime.asgi import AsgiApp
from core.runtime.processes import wait_until
from plugin_api.broadcast import Broadcast
from plugin_api.platform import registry, service
from plugins.realtime.entries import TOPIC, Text, Told, channel, encoded
from tests.outbox import deliver

_SECONDS = 10.0


class Live:
    """A web server in a thread; `open(api)` connects a user, `open(None)` a visitor."""

    def __init__(self, app: Flask) -> None:
        self._stack = ExitStack()
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"ws://127.0.0.1:{self._listening.getsockname()[1]}/ws/core/"
        handler = composition.Composition().websocket_handler
        served = AsgiApp(app, 2, 1_000_000, handler)
        config = uvicorn.Config(
            served, log_config=None, access_log=False, ws="websockets-sansio", lifespan="on", ws_max_size=65_536
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=lambda: asyncio.run(self._server.serve(sockets=[self._listening])))
        self._thread.start()
        assert wait_until(lambda: self._server.started, 10)

    def open(self, api: Any) -> Browser:
        """A signed-in socket."""
        token = "anonymous" if api is None else api.headers["Authorization"].removeprefix("JWT ")
        browser = self.connect(f"?jwt_token={token}")
        browser.sign_in()
        return browser

    def connect(self, query: str = "", path: str = "") -> Browser:
        """A socket at an address."""
        made = connect(self.url + path + query, open_timeout=_SECONDS, max_size=None, ping_interval=None)
        return Browser(self._stack.enter_context(made), "anonymous" in query)

    def connect_raw(self, api: Any, *messages: Any) -> SlowReader:
        """A signed-in socket that sent these messages and reads nothing until it is asked to."""
        token = api.headers["Authorization"].removeprefix("JWT ")
        made = SlowReader(self._listening.getsockname(), f"/ws/core/?jwt_token={token}", messages)
        self._stack.callback(made.close)
        return made

    def stop(self) -> None:
        """End all."""
        self._stack.close()
        self._server.should_exit = True
        self._thread.join()
        # Later tests are not to pay for messages of pages that nobody has open any more.
        for key in service(Redis).scan_iter("*:broadcast:mark:*"):
            service(Redis).delete(key)


class Browser:
    """One socket."""

    def __init__(self, connection: ClientConnection, visitor: bool) -> None:
        self.visitor = visitor
        self.connection = connection
        self.id = ""
        self.channel: str | None = None

    def sign_in(self) -> None:
        """Wait for the answer to the token."""
        answer = self.next()
        assert answer["type"] == "authentication", answer
        assert answer["success"] is True
        self.id = answer["web_socket_id"]

    def next(self) -> Any:
        """The next message."""
        return orjson.loads(self.connection.recv(timeout=_SECONDS))

    def send(self, message: Any) -> None:
        """Send a message: a text as it is, anything else as JSON."""
        self.connection.send(message if isinstance(message, str) else orjson.dumps(message).decode())

    def ask(self, **message: Any) -> Any:
        """Send a message and answer the next one."""
        self.send(message)
        return self.next()

    def page(self, page: str, **parameters: Any) -> Browser:
        """Open a page."""
        answer = self.ask(page=page, **parameters)
        assert answer["type"] == "page_add", answer
        if self.visitor:
            self.channel = channel(registry("page_types")[page], parameters)
        return self

    def told(self) -> list[Any]:
        """All that was told of what is committed by now: what comes before a mark that is broadcast last."""
        deliver()
        mark = random.getrandbits(62)
        marks = [Text(orjson.dumps({"type": "mark", "of": mark}).decode(), channel=self.channel)]
        service(Broadcast).publish(TOPIC, [encoded(Told(mark, list(marks)))])
        found = []
        while (message := self.next()) != {"type": "mark", "of": mark}:
            found.append(message)
        return [message for message in found if message["type"] != "mark"]

    def closed(self) -> tuple[int, list[Any]]:
        """Wait until the server closes it; answers the code, and what was told before."""
        found = []
        try:
            while True:
                found.append(self.next())
        except ConnectionClosed as closed:
            assert closed.rcvd is not None
            return closed.rcvd.code, found


class SlowReader:
    """A websocket over a bare connection with a small buffer."""

    def __init__(self, address: tuple[str, int], path: str, messages: Sequence[Any]) -> None:
        self._socket = socket.socket()
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self._socket.settimeout(_SECONDS)
        self._socket.connect(address)
        self._protocol = ClientProtocol(parse_uri(f"ws://{address[0]}:{address[1]}{path}"), max_size=None)
        self._protocol.send_request(self._protocol.connect())
        self._flush()
        while self._protocol.state is not State.OPEN:
            self._protocol.receive_data(self._socket.recv(1))
        for message in messages:
            self._protocol.send_text(orjson.dumps(message))
        self._flush()
        wait_until(lambda: b"page_add" in self._socket.recv(4096, socket.MSG_PEEK), 10)

    def _flush(self) -> None:
        for data in self._protocol.data_to_send():
            self._socket.sendall(data)

    def rest(self) -> int:
        """Read all that comes until the server closes it; answers the code."""
        while self._protocol.close_rcvd is None and (data := self._socket.recv(65_536)):
            self._protocol.receive_data(data)
            self._protocol.events_received()
        return int(self._protocol.close_rcvd.code) if self._protocol.close_rcvd else 0

    def close(self) -> None:
        """Leave."""
        self._socket.close()


@contextmanager
def live(app: Flask) -> Iterator[Live]:
    """A server for a block."""
    made = Live(app)
    try:
        yield made
    finally:
        made.stop()
