"""Which addresses outbound requests may reach: public ones, and the private networks a setting names."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterable, Iterator

from plugin_api.outbound import AddressRefused, OutboundError

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

EVERYWHERE = "*"
LOOPBACK = ("127.0.0.0/8", "::1/128")
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


class AddressPolicy:
    """Finds the addresses of hosts and refuses those that are not allowed."""

    def __init__(self, allowed: Iterable[str] = ()) -> None:
        names = self._names = tuple(allowed)
        self._anywhere = EVERYWHERE in names
        self._networks = [network(name) for name in names if name != EVERYWHERE]

    def with_networks(self, allowed: Iterable[str]) -> AddressPolicy:
        """A policy that allows these networks too."""
        return AddressPolicy((*self._names, *allowed))

    def addresses(self, host: str, port: int) -> list[str]:
        """The addresses of a host, as numbers. AddressRefused when one of them is not allowed."""
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            raise OutboundError(f"There is no server called {host[:200]!r}.") from None
        numbers = list(dict.fromkeys(str(entry[4][0]) for entry in found))
        for number in numbers:
            if not self.allows(number):
                raise AddressRefused(f"{host[:200]!r} is in a private network, which requests must not reach.")
        return numbers

    def allows(self, number: str) -> bool:
        """Whether requests may reach an address."""
        try:
            address = ipaddress.ip_address(number.partition("%")[0])
        except ValueError:
            return False
        return self._anywhere or all(_is_public(one) or self._is_listed(one) for one in _meant(address))

    def _is_listed(self, address: Address) -> bool:
        return any(address.version == listed.version and address in listed for listed in self._networks)


def network(name: str) -> Network:
    """A network, or a single address, from its usual form. ValueError when it is none."""
    return ipaddress.ip_network(name, strict=False)


def _is_public(address: Address) -> bool:
    return address.is_global and not address.is_multicast


def _meant(address: Address) -> Iterator[Address]:
    """The address, and the IPv4 address a packet to it ends at when it goes through a translator or tunnel."""
    if isinstance(address, ipaddress.IPv4Address):
        yield address
    elif address.ipv4_mapped is not None:
        yield address.ipv4_mapped
    else:
        yield address
        if address in _NAT64:
            yield ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if address.sixtofour is not None:
            yield address.sixtofour
        if address.teredo is not None:
            yield address.teredo[1]
