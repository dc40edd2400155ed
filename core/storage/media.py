"""The addresses uploaded files are served at."""

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
        self._host = urlsplit(self.fixed_url).hostname or ""

    @property
    def url(self) -> str:
        """The address for the answer to the running request."""
        if not (self._follows_requests and has_request_context()):
            return self.fixed_url
        port = _port_of(request.host, self._host)
        host = f"[{self._host}]" if ":" in self._host else self._host
        return self.fixed_url if port is None else f"{request.scheme}://{host}:{port}"


def _port_of(given: str, host: str) -> int | None:
    """The port in a Host header that names `host`; None for other hosts and where it gives none."""
    try:
        parts = urlsplit(f"//{given}")
        return parts.port if parts.hostname == host else None
    except ValueError:
        return None
