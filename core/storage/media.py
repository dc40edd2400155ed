"""The addresses uploaded files and the API are served at."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import has_request_context, request

from core.mail.service import public_url
from core.settings import Settings


class MediaAddresses:
    """Addresses by the settings. Of a request, no more than the port is believed."""

    def __init__(self, settings: Settings) -> None:
        self._follows_requests = not settings.media_url
        self.fixed_url = (settings.media_url or public_url(settings)).rstrip("/")
        self.max_upload_bytes = settings.max_upload_bytes
        self._api = public_url(settings)

    @property
    def url(self) -> str:
        """The address for the answer to the running request."""
        return _as_reached(self.fixed_url) if self._follows_requests else self.fixed_url

    @property
    def api_url(self) -> str:
        """The address of the API for the answer to the running request."""
        return _as_reached(self._api)


def _as_reached(address: str) -> str:
    """The address, at the port of the running request where that went to the same host."""
    if not has_request_context():
        return address
    name = urlsplit(address).hostname or ""
    port = _port_of(request.host, name)
    host = f"[{name}]" if ":" in name else name
    return address if port is None else f"{request.scheme}://{host}:{port}"


def _port_of(given: str, host: str) -> int | None:
    """The port in a Host header that names `host`; None for other hosts and where it gives none."""
    try:
        parts = urlsplit(f"//{given}")
        return parts.port if parts.hostname == host else None
    except ValueError:
        return None
