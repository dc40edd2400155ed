"""The task that sends a mail, again when the mail server cannot take it now."""

from __future__ import annotations

import smtplib
from typing import Any

import structlog
from celery import shared_task

from core.mail.backends import backend
from core.mail.message import Message
from core.settings import Settings
from plugin_api.platform import service

log = structlog.get_logger(__name__)

_RETRIES = 8


@shared_task(name="tablewright.send_mail", bind=True, max_retries=_RETRIES)  # type: ignore[untyped-decorator]
def send_mail(self: Any, **fields: str) -> None:
    """Send a message; tries again after 10 s, 20 s, 40 s, ... for the better part of an hour."""
    message = Message(**fields)
    try:
        backend(service(Settings)).deliver(message)
        log.info("a mail was sent")
    except OSError as error:
        if is_final(error) or self.request.retries >= _RETRIES:
            log.error("a mail could not be sent", to=message.to, problem=str(error))
            return
        raise self.retry(exc=error, countdown=10 * 2**self.request.retries) from error


def is_final(error: OSError) -> bool:
    """Whether the server refuses the mail for good, so that trying again is of no use."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _ in error.recipients.values())
    return isinstance(error, smtplib.SMTPResponseException) and 500 <= error.smtp_code < 600
