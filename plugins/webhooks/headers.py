"""Headers that users add to calls: which names and values can be, and which HTTP can carry."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from plugin_api.schemas import Dict, invalid

_NAME = re.compile(r"[^:\s][^:\r\n]*")
_VALUE = re.compile(r"(\S[^\r\n]*)?")
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_CARRIED = re.compile(r"[\x20-\x7e\t]*")
_MOST, _LONGEST_NAME, _LONGEST_VALUE = 50, 255, 8000
OURS = (
    "x-baserow-event",
    "x-baserow-delivery",
    "webhook-id",
    "webhook-timestamp",
    "webhook-signature",
)
FORBIDDEN = frozenset(
    (
        *OURS,
        "host",
        "content-length",
        "transfer-encoding",
        "connection",
        "keep-alive",
        "proxy-connection",
        "te",
        "trailer",
        "upgrade",
        "expect",
    )
)
"""Headers by which receivers know a delivery, or that say how a message travels."""


class Headers(Dict):
    """A JSON object of names and texts."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> Any:
        given = super()._deserialize(value, attr, data, **kwargs)  # type: ignore[no-untyped-call]
        if len(given) > _MOST:
            raise invalid("max_length", f"At most {_MOST} headers can be sent.")
        found = {str(name): _checked_value(header) for name, header in given.items()}
        for name in found:
            _check_name(name)
        return found


def _check_name(name: str) -> None:
    if not _NAME.fullmatch(name) or len(name) > _LONGEST_NAME or not name.isprintable():
        raise invalid("invalid_http_header_name", f"{name[:100]!r} is no name of a header.")
    if name.lower() in FORBIDDEN:
        raise invalid("invalid_http_header_name", f"The header {name} is set by the server.")


def _checked_value(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise invalid("invalid_http_header_value", "The value of a header is a text.")
    text = str(value)
    if not _VALUE.fullmatch(text) or not _CARRIED.fullmatch(text) or len(text) > _LONGEST_VALUE:
        raise invalid("invalid_http_header_value", "The value of a header is one line of printable ASCII characters.")
    return text


def sendable(headers: Mapping[str, str]) -> dict[str, str]:
    """The headers HTTP can carry: names with spaces, for example, are kept but never sent."""
    return {name: value for name, value in headers.items() if _TOKEN.fullmatch(name)}
