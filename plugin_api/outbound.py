"""Requests to other servers: the one client for addresses that users give, which keeps off private networks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import BinaryIO, Protocol

from plugin_api.platform import service


class OutboundError(Exception):
    """The request got no usable answer; the text says why, in words for the one who gave the address."""


class BadAddress(OutboundError):
    """It is no http or https address."""


class AddressRefused(OutboundError):
    """The address leads into a private network, where this instance sends nothing."""


class AnswerTooLarge(OutboundError):
    """The answer is larger than the limit."""


@dataclass(frozen=True)
class Limits:
    """What a request may cost: bytes of the answer's body, seconds in all, redirects that are followed.

    follow_redirects: whether redirects are followed at all; if not, one is the answer.
    cut: an answer's body that is too large is cut at `max_bytes`, not refused.
    private_networks: where it may go beside what the setting TABLEWRIGHT_ALLOW_PRIVATE_ADDRESSES allows, `*` for
    everywhere. Only what an operator configured belongs there, nothing a user gave.
    """

    max_bytes: int = 1024 * 1024
    seconds: float = 30.0
    redirects: int = 5
    private_networks: tuple[str, ...] = ()
    follow_redirects: bool = True
    cut: bool = False


@dataclass(frozen=True)
class Answer:
    """A server's answer: where it came from in the end, its headers in lower case, its body unless it went to a file.

    `size` is that of the body in bytes.
    """

    status: int
    url: str
    headers: Mapping[str, str]
    body: bytes
    size: int


class Outbound(Protocol):
    """The service that sends requests."""

    own_machine: tuple[str, ...]
    """The networks of this machine itself, if the instance serves it alone; else nothing."""

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

    def addresses(self, host: str, port: int, private_networks: tuple[str, ...]) -> list[str]:
        """The addresses of a host, as numbers, when requests may reach all of them; else AddressRefused."""


def send(
    method: str,
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    content: bytes | None = None,
    limits: Limits | None = None,
    into: BinaryIO | None = None,
) -> Answer:
    """Send a request to an address that a user gave; any status is an answer.

    Each server on the way, redirects included, must have a public address, unless the setting
    TABLEWRIGHT_ALLOW_PRIVATE_ADDRESSES allows it. The body is written to `into` when that is given.
    OutboundError, or one of its kinds, when there is no answer. It waits for the other server: commit before.
    """
    return service(Outbound).send(method, url, headers or {}, content, limits or Limits(), into)


def own_machine() -> tuple[str, ...]:
    """For `private_networks`: this machine, when the instance serves nobody on another one, else nothing.

    For servers that people typically run beside their instance, and whose answers show nothing the user could not
    ask for as well.
    """
    return service(Outbound).own_machine


def addresses(host: str, port: int, private_networks: tuple[str, ...] = ()) -> list[str]:
    """The addresses of a server that a user named and that is to be reached without HTTP, such as a database.

    Connect to one of these numbers, not to the name: it may have another address a moment later. AddressRefused when
    the server is in a private network that TABLEWRIGHT_ALLOW_PRIVATE_ADDRESSES does not allow, OutboundError when
    there is no such server. `private_networks` as in Limits.
    """
    return service(Outbound).addresses(host, port, private_networks)
