"""Links in mails: they lead to this instance only, whatever address a client names."""

from __future__ import annotations

from urllib.parse import quote, urlsplit

from core.mail.service import public_url
from core.settings import Settings
from plugin_api.errors import ApiError
from plugin_api.platform import service


def require_public_host(base_url: str) -> None:
    """400 unless the address is on the host people reach the product at."""
    if urlsplit(base_url).hostname != urlsplit(public_url(service(Settings))).hostname:
        raise ApiError("ERROR_HOSTNAME_IS_NOT_ALLOWED", 400, "Links in mails must lead to this instance's own host.")


def link(base_url: str, token: str) -> str:
    """`base_url` with a token as the last part of its path."""
    return f"{base_url.rstrip('/')}/{quote(token, safe='')}"


def own_link(path: str, token: str = "") -> str:
    """A link to a page of this instance."""
    address = f"{public_url(service(Settings))}/{path.strip('/')}"
    return link(address, token) if token else address
