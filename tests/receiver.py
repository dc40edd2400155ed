"""A server on this machine that receives webhooks, and what a worker does with them, done in the test."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from core.actions.outbox import Drainer, switched_on
from plugin_api.db import UnitsOfWork, begin, connection
from plugin_api.platform import registry, service
from plugin_api.states import is_enabled
from plugins.webhooks import queue
from plugins.webhooks.sending import work_off

Reply = tuple[int, dict[str, str], bytes]


class Received:
    """One request."""

    def __init__(self, method: str, path: str, headers: dict[str, str], raw: bytes) -> None:
        self.method, self.path, self.headers, self.raw = method, path, headers, raw

    @property
    def body(self) -> dict[str, Any]:
        """The JSON body."""
        return dict(json.loads(self.raw))


class Receiver:
    """Notes what it is sent, and answers what `reply` says."""

    def __init__(self) -> None:
        self.received: list[Received] = []
        self.reply: Callable[[Received], Reply] = lambda received: (200, {}, b"thanks")
        outer = self

        class Handler(BaseHTTPRequestHandler):
            """Hands requests to the server around it."""

            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                headers = {name.lower(): value for name, value in self.headers.items()}
                found = Received(self.command, self.path, headers, raw)
                outer.received.append(found)
                status, more, data = outer.reply(found)
                try:
                    self.send_response(status)
                    for name, value in {"Content-Length": str(len(data)), **more}.items():
                        self.send_header(name, value)
                    self.end_headers()
                    self.wfile.write(data)
                except (BrokenPipeError, ConnectionResetError):
                    return  # the sender had enough

            do_GET = do_PUT = do_PATCH = do_DELETE = do_POST

            def log_message(self, *args: Any) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def answers(self, status: int, body: bytes = b"no", **headers: str) -> None:
        """Answer everything so from now on."""
        self.reply = lambda received: (status, headers, body)

    def told(self) -> list[tuple[str, dict[str, Any]]]:
        """What came since it was last asked: kinds of events and bodies, in order."""
        came, self.received = self.received, []
        return [(one.headers["x-baserow-event"], one.body) for one in came]

    def close(self) -> None:
        """Stop."""
        self._server.shutdown()
        self._server.server_close()


def drain() -> None:
    """Tell the handlers what is in the outbox."""
    drainer = Drainer(service(UnitsOfWork), registry("event_handlers").values(), switched_on(is_enabled))
    while drainer.drain():
        pass


def send_due() -> int:
    """Send what is due; answers how many queues there were."""
    total = 0
    while True:
        with begin():
            found = queue.claim(50, 50)
        if not found:
            return total
        for claim in found:
            work_off(claim, threading.Event())
        total += len(found)


def deliver() -> None:
    """Do all that workers do with what is committed."""
    drain()
    send_due()


def time_goes_by() -> None:
    """All that waits for its next try is due now."""
    with begin():
        connection().exec_driver_sql("UPDATE webhooks.queue SET due_on = now() WHERE due_on IS NOT NULL")
    time.sleep(0.001)
