"""The listening socket of the web server, bound before anything else is started."""

from __future__ import annotations

import errno
import socket
import time

from core.runtime.errors import StartError

# The web process of a supervisor that was killed may hold the port a moment longer.
_RETRY_SECONDS = 3.0


def bind(host: str, port: int) -> socket.socket:
    """A socket bound to the address, not yet listening. Raises StartError with the setting to change."""
    deadline = time.monotonic() + _RETRY_SECONDS
    while True:
        try:
            return _bind(host, port)
        except socket.gaierror:
            raise StartError(f"TABLEWRIGHT_HOST (--host): {host} is not an address of this machine.") from None
        except OSError as error:
            if error.errno != errno.EADDRINUSE or time.monotonic() > deadline:
                raise StartError(_refused(error, host, port)) from None
        time.sleep(0.1)


def _bind(host: str, port: int) -> socket.socket:
    family, kind, protocol, _, address = socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )[0]
    sock = socket.socket(family, kind, protocol)
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        # Accepted connections inherit it. Without, an answer's second packet waits 40 ms for the first's receipt.
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock.bind(address)
    except OSError:
        sock.close()
        raise
    return sock


def _refused(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"TABLEWRIGHT_PORT (--port): port {port} on {host} is in use by another program. Choose another one."
    if error.errno == errno.EACCES:
        return f"TABLEWRIGHT_PORT (--port): port {port} needs rights this user does not have. Choose one above 1023."
    return f"TABLEWRIGHT_HOST (--host): cannot listen on {host}, port {port}: {error.strerror}."


def web_address(host: str, port: int) -> str:
    """The URL a browser on this machine uses."""
    shown = {"0.0.0.0": "127.0.0.1", "": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)
    return f"http://{shown}:{port}"
