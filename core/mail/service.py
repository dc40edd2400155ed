"""The mail service: renders at once, sends after the commit, from a worker when a server is involved."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import structlog
from kombu.exceptions import OperationalError

from core.mail.backends import Backend, Console, backend
from core.mail.message import Message, render
from core.mail.tasks import send_mail
from core.settings import Settings
from plugin_api.db import after_commit

log = structlog.get_logger(__name__)


class Mailer:
    """Implements `plugin_api.mail.Mail`."""

    def __init__(self, settings: Settings, chosen: Backend | None = None) -> None:
        self._settings = settings
        self._backend = chosen or backend(settings)

    def send(self, to: str, subject: str, template: str, values: Mapping[str, Any]) -> None:
        """Send a template to one address once the running unit of work is committed."""
        message = render(to, subject, template, {"public_url": public_url(self._settings), **values})
        after_commit(lambda: self._post(message))

    def deliver(self, message: Message) -> None:
        """Deliver now, in this process; raises what the backend raises."""
        self._backend.deliver(message)

    def _post(self, message: Message) -> None:
        if isinstance(self._backend, Console):
            self._backend.deliver(message)
            return
        try:
            send_mail.apply_async(kwargs=message.to_json(), retry=False)
        except OperationalError:
            log.warning("the queue does not take the mail; sending it from here", to=message.to)
            self._backend.deliver(message)


def public_url(settings: Settings) -> str:
    """The address people reach the product at, without a slash at its end."""
    return (settings.public_url or f"http://{settings.host}:{settings.port}").rstrip("/")
