"""Backends: the console, for trying things out, and SMTP."""

from __future__ import annotations

import smtplib
import ssl
from typing import Protocol
from urllib.parse import SplitResult, unquote, urlsplit

import structlog

from core.mail.message import Message
from core.settings import Settings

log = structlog.get_logger(__name__)

_SECONDS, _CHECK_SECONDS = 15, 3


class Backend(Protocol):
    """A way to deliver a message."""

    def deliver(self, message: Message) -> None:
        """Deliver it or raise OSError (smtplib's errors are ones)."""


class Console:
    """Writes mails to the log, whole, so that the links in them can be followed."""

    def deliver(self, message: Message) -> None:
        """Log the message."""
        log.info("mail", to=message.to, subject=message.subject, text=message.text)


class Smtp:
    """Hands mails to a mail server: smtps:// from the first byte, smtp:// with STARTTLS when it is offered."""

    def __init__(self, url: str, sender: str) -> None:
        self._server: SplitResult = urlsplit(url)
        self._sender = sender

    def deliver(self, message: Message) -> None:
        """Send the message."""
        with self._connected() as smtp:
            self._sign_in(smtp)
            smtp.send_message(message.to_mime(self._sender))

    def check(self) -> None:
        """Raise what sending a mail now would raise, as far as that is known without sending one."""
        with self._connected(_CHECK_SECONDS) as smtp:
            self._sign_in(smtp)
            smtp.noop()

    def _sign_in(self, smtp: smtplib.SMTP) -> None:
        if self._server.username:
            smtp.login(unquote(self._server.username), unquote(self._server.password or ""))

    def _connected(self, seconds: float = _SECONDS) -> smtplib.SMTP:
        host, port = self._server.hostname or "localhost", self._server.port
        if self._server.scheme == "smtps":
            return smtplib.SMTP_SSL(host, port or 465, timeout=seconds, context=ssl.create_default_context())
        smtp = smtplib.SMTP(host, port or 587, timeout=seconds)
        try:
            smtp.ehlo()
            if smtp.has_extn("starttls"):
                smtp.starttls(context=ssl.create_default_context())
            elif self._server.username:
                log.warning("the mail server offers no encryption; the password goes over the wire as it is")
        except BaseException:
            smtp.close()
            raise
        return smtp


def backend(settings: Settings) -> Backend:
    """The backend the settings choose."""
    return Smtp(settings.smtp_url, settings.mail_from) if settings.mail_backend == "smtp" else Console()
