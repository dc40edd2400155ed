"""The client of outbound requests: httpx over guarded connections, with limits on time, size and redirects."""

from __future__ import annotations

import io
import ssl
from collections.abc import Iterator, Mapping
from functools import cache
from typing import BinaryIO

import httpcore
import httpx

from core.outbound.addresses import AddressPolicy
from core.outbound.connections import Deadline, GuardedBackend
from plugin_api.outbound import Answer, AnswerTooLarge, BadAddress, Limits, OutboundError

_USER_AGENT = "Tablewright"
_SCHEMES = ("http", "https")


class GuardedClient:
    """Sends requests to addresses the policy allows. Knows no proxy, keeps no cookies and no connections."""

    def __init__(self, policy: AddressPolicy, own_machine: tuple[str, ...] = ()) -> None:
        self._policy, self.own_machine = policy, own_machine

    def send(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        content: bytes | None,
        limits: Limits,
        into: BinaryIO | None,
    ) -> Answer:
        """Send a request and read the answer, within the limits."""
        _require_address(url)
        sent = {"User-Agent": _USER_AGENT, "Accept-Encoding": "identity", **headers}
        policy = self._with(limits.private_networks)
        transport = _Transport(policy, limits.seconds)
        client = httpx.Client(
            transport=transport,
            trust_env=False,
            follow_redirects=limits.follow_redirects,
            max_redirects=limits.redirects,
            timeout=limits.seconds,
        )
        try:
            with client, client.stream(method, url, headers=sent, content=content) as response:
                return _read(response, limits, into)
        except (httpx.UnsupportedProtocol, httpcore.UnsupportedProtocol):
            raise BadAddress("The server redirects to something that is no http or https address.") from None
        except httpx.TooManyRedirects:
            raise OutboundError(f"The server redirects more than {limits.redirects} times.") from None
        except httpx.InvalidURL:
            raise BadAddress("The server redirects to something that is no address.") from None
        except (httpcore.TimeoutException, httpx.TimeoutException):
            raise OutboundError(f"The server did not answer within {limits.seconds:g} seconds.") from None
        except (httpcore.NetworkError, httpcore.ProtocolError, httpx.HTTPError, OSError) as error:
            raise OutboundError(f"The server cannot be reached: {error}") from None

    def addresses(self, host: str, port: int, private_networks: tuple[str, ...]) -> list[str]:
        """The addresses of a host when requests may reach all of them."""
        return self._with(private_networks).addresses(host, port)

    def _with(self, private_networks: tuple[str, ...]) -> AddressPolicy:
        return self._policy.with_networks(private_networks) if private_networks else self._policy


def _require_address(url: str) -> None:
    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL:
        raise BadAddress("Not a valid address.") from None
    good = parsed.scheme in _SCHEMES and parsed.host and parsed.port != 0
    if not good:
        raise BadAddress("The address must begin with http:// or https:// and a server's name.")


def _read(response: httpx.Response, limits: Limits, into: BinaryIO | None) -> Answer:
    announced = response.headers.get("content-length", "")
    if not limits.cut and announced.isdecimal() and len(announced) < 20 and int(announced) > limits.max_bytes:
        raise _too_large(limits)
    target, size = into or io.BytesIO(), 0
    for chunk in response.iter_bytes():
        kept = chunk[: limits.max_bytes - size]
        target.write(kept)
        size += len(kept)
        if len(kept) < len(chunk):
            if not limits.cut:
                raise _too_large(limits)
            break
    body = target.getvalue() if isinstance(target, io.BytesIO) and into is None else b""
    return Answer(response.status_code, str(response.url), dict(response.headers), body, size)


def _too_large(limits: Limits) -> AnswerTooLarge:
    return AnswerTooLarge(f"The answer is larger than {limits.max_bytes} bytes.")


@cache
def _certificates() -> ssl.SSLContext:
    return httpx.create_ssl_context(trust_env=False)


class _Transport(httpx.BaseTransport):
    """Hands requests to connections of one deadline; redirects come through here too."""

    def __init__(self, policy: AddressPolicy, seconds: float) -> None:
        backend = GuardedBackend(policy, Deadline(seconds))
        self._pool = httpcore.ConnectionPool(ssl_context=_certificates(), network_backend=backend)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request."""
        assert isinstance(request.stream, httpx.SyncByteStream)
        url = httpcore.URL(
            scheme=request.url.raw_scheme,
            host=request.url.raw_host,
            port=request.url.port,
            target=request.url.raw_path,
        )
        sent = httpcore.Request(
            method=request.method,
            url=url,
            headers=request.headers.raw,
            content=request.stream,
            extensions=request.extensions,
        )
        answer = self._pool.handle_request(sent)
        return httpx.Response(answer.status, headers=answer.headers, stream=_Stream(answer))

    def close(self) -> None:
        """Close the connections."""
        self._pool.close()


class _Stream(httpx.SyncByteStream):
    """The body of an answer."""

    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    def __iter__(self) -> Iterator[bytes]:
        """Its pieces as they come."""
        yield from self._answer.iter_stream()

    def close(self) -> None:
        """Give the connection back."""
        self._answer.close()
