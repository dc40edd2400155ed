"""Fixtures: a WSGI application behind the ASGI bridge, served by uvicorn in a thread; wheels of the product."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
import uvicorn

from core.runtime.asgi import AsgiApp
from core.runtime.processes import wait_until
from tests.environments import build_all
from tests.installed import ROOT


class Server:
    """A running server."""

    def __init__(self, wsgi: Any, threads: int = 4, max_body_bytes: int = 10_000_000, **options: Any) -> None:
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.address = self.socket.getsockname()
        self.url = f"http://127.0.0.1:{self.address[1]}"
        self.app = AsgiApp(wsgi, threads, max_body_bytes, **options)
        config = uvicorn.Config(self.app, log_config=None, access_log=False, ws="websockets-sansio", lifespan="on")
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(
            target=lambda: asyncio.run(self._server.serve(sockets=[self.socket])), name="test-server"
        )
        self._thread.start()
        assert wait_until(lambda: self._server.started, 10)

    def connect(self) -> socket.socket:
        """A bare connection."""
        return socket.create_connection(self.address, timeout=10)

    def stop(self) -> None:
        """Stop serving."""
        self._server.should_exit = True
        self._thread.join()


@pytest.fixture
def serve_wsgi() -> Iterator[Callable[..., Server]]:
    """A function that serves a WSGI application."""
    with ExitStack() as stack:

        def start(wsgi: Any, **options: Any) -> Server:
            server = Server(wsgi, **options)
            stack.callback(server.stop)
            return server

        yield start


@pytest.fixture(scope="session")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The wheel of this product, then those of the examples."""
    return build_all(tmp_path_factory.mktemp("wheels"), *sorted((ROOT / "examples").glob("tablewright-*")))
