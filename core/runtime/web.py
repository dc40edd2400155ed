"""The web process: uvicorn in front of the ASGI bridge."""

from __future__ import annotations

import asyncio
import gc
import resource
import signal
import socket
from collections.abc import Callable
from types import FrameType

import structlog
import uvicorn

from core.runtime.asgi import AsgiApp, WebsocketHandler, WsgiApp
from core.runtime.draining import DrainingServer
from core.runtime.processes import RETIRE
from core.settings import Settings

log = structlog.get_logger(__name__)

_DRAIN_SECONDS = 15
_KEEP_ALIVE_SECONDS = 75
_BACKLOG = 2048
_OPEN_FILES = 65_536


def run_web(
    settings: Settings,
    wsgi: WsgiApp,
    sock: socket.socket,
    websocket_handler: WebsocketHandler | None = None,
    supervised: bool = False,
    started: Callable[[], None] = lambda: None,
) -> None:
    """Serve until SIGINT or SIGTERM; requests under way are finished first. `started` is called once it accepts."""
    limits = (settings.web_threads, settings.max_body_bytes)
    app = AsgiApp(wsgi, *limits, websocket_handler, settings.cors_origins, settings.access_log)
    config = uvicorn.Config(
        app,
        loop="asyncio",
        ws="none" if websocket_handler is None else "websockets-sansio",
        ws_max_size=settings.websocket_message_bytes,
        ws_ping_interval=settings.websocket_ping_seconds,
        ws_ping_timeout=settings.websocket_ping_seconds,
        # A compressor for each connection costs more memory than all else that is kept for it.
        ws_per_message_deflate=False,
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_keep_alive=_KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=_DRAIN_SECONDS,
        backlog=_BACKLOG,
    )
    # uvicorn raises the signal again when it has stopped: the default action would hide that all went well.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _ignore)
    _allow_open_files()
    # What exists now lives as long as the process: the garbage collector need not look at it again.
    gc.collect()
    gc.freeze()
    sock.listen(_BACKLOG)  # who reads "ready" may connect; the requests wait until the server takes them
    host, port = sock.getsockname()[:2]
    log.info("web ready", url=f"http://{host}:{port}", threads=settings.web_threads)
    server = DrainingServer(config, started, None if supervised else settings.stop_delay_seconds)
    signal.signal(RETIRE, server.retire)
    asyncio.run(server.serve(sockets=[sock]))


def _allow_open_files() -> None:
    """As many as this process may ask for: every websocket is one."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _OPEN_FILES if hard == resource.RLIM_INFINITY else min(hard, _OPEN_FILES)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def _ignore(number: int, frame: FrameType | None) -> None:
    return None
