"""Connections of outbound requests: only to addresses that were checked, and only until the time is over."""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterable
from typing import Any

import httpcore

from core.outbound.addresses import AddressPolicy

_CONNECT_SECONDS = 10.0


class Deadline:
    """The moment at which a request must be over."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def left(self, wanted: float | None = None) -> float:
        """The seconds that are left, `wanted` at most; httpcore.ReadTimeout when there are none."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout("the time is over")
        return left if wanted is None else min(left, wanted)


class GuardedBackend(httpcore.NetworkBackend):
    """Opens connections. The name is looked up once: what was checked is what is connected to."""

    def __init__(self, policy: AddressPolicy, deadline: Deadline) -> None:
        self._policy, self._deadline, self._plain = policy, deadline, httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first address of the host that answers."""
        problem: Exception = httpcore.ConnectError("no address")
        for address in self._policy.addresses(host, port):
            left = self._deadline.left(_CONNECT_SECONDS)
            try:
                return TimedStream(self._plain.connect_tcp(address, port, left), self._deadline)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                problem = error
        raise problem


class TimedStream(httpcore.NetworkStream):
    """A connection on which nothing takes longer than until the deadline."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._stream, self._deadline = stream, deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Some bytes."""
        return self._stream.read(max_bytes, self._deadline.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send bytes."""
        self._stream.write(buffer, self._deadline.left(timeout))

    def close(self) -> None:
        """Close the connection."""
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        """Encrypt; the certificate must be the one of the name that was asked for."""
        encrypted = self._stream.start_tls(ssl_context, server_hostname, self._deadline.left(timeout))
        return TimedStream(encrypted, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        """What is known of the connection."""
        return self._stream.get_extra_info(info)
