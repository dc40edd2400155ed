"""What values of settings can be: each check answers a problem in words, or None."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit


def positive(value: int) -> str | None:
    """More than zero."""
    return None if value > 0 else "must be greater than zero"


def not_negative(value: int) -> str | None:
    """Zero or more."""
    return None if value >= 0 else "must not be negative"


def port(value: int) -> str | None:
    """A port number."""
    return None if 0 <= value <= 65535 else "must be a port number, 0 to 65535"


def hour(value: int) -> str | None:
    """An hour of the day."""
    return None if 0 <= value <= 23 else "must be an hour, 0 to 23"


def http_url(value: str) -> str | None:
    """The address of a website, or nothing."""
    parts = urlsplit(value)
    good = parts.scheme in ("http", "https") and parts.hostname
    return None if good or not value else "must be a URL such as https://tables.example.org"


def url_with(*schemes: str) -> Callable[[str], str | None]:
    """An address with one of these schemes, or nothing."""

    def check(value: str) -> str | None:
        if not value or urlsplit(value).scheme in schemes:
            return None
        return f"must be a URL that starts with {' or '.join(s + '://' for s in schemes)}"

    return check


def urls_with(*schemes: str) -> Callable[[tuple[str, ...]], str | None]:
    """Addresses with one of these schemes."""
    one = url_with(*schemes)
    return lambda values: next(filter(None, map(one, values)), None)


def networks(value: tuple[str, ...]) -> str | None:
    """Private networks."""
    for name in value:
        try:
            ipaddress.ip_network("0.0.0.0/0" if name == "*" else name, strict=False)
        except ValueError:
            return "must be networks such as 10.0.0.0/8 or fd00::/8, comma separated, or *"
    return None


def is_own_machine(host: str) -> bool:
    """Whether a name or address is this machine."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def one_of(*choices: str) -> Callable[[str], str | None]:
    """One of a few words."""
    return lambda value: None if value in choices else f"must be one of {', '.join(choices)}"


def files(value: tuple[str, ...]) -> str | None:
    """Files that are there."""
    absent = [path for path in value if not Path(path).is_file()]
    return f"there is no file {absent[0]}" if absent else None
