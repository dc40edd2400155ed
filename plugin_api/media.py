"""Addresses for clients: that of uploaded files, under `/media/`, and of the API; how large files may be."""

from __future__ import annotations

from typing import Protocol

from plugin_api.platform import service


class Media(Protocol):
    """The service that knows the instance's addresses and limits."""

    @property
    def fixed_url(self) -> str:
        """The address by the settings, for what is kept longer than a request; no slash at its end."""

    @property
    def url(self) -> str:
        """The address for the answer to the running request.

        The one by the settings; where the client reached the same host at another port, with that port.
        """

    @property
    def api_url(self) -> str:
        """The address the API is served at, found like `url`."""

    @property
    def max_upload_bytes(self) -> int:
        """The size of the largest file."""


def fixed_url() -> str:
    """The address files are served at, by the settings."""
    return service(Media).fixed_url


def url() -> str:
    """The address files are served at, for the answer to the running request."""
    return service(Media).url


def api_url() -> str:
    """The address the API is served at, for the answer to the running request; no slash at its end."""
    return service(Media).api_url


def max_upload_bytes() -> int:
    """The size of the largest file that may be uploaded."""
    return service(Media).max_upload_bytes
