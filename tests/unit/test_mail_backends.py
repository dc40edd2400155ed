"""Mails to a mail server: what arrives, and when a mail is tried again."""

from __future__ import annotations

import smtplib
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from celery.exceptions import Retry

from core.mail import tasks
from core.mail.backends import Smtp
from core.mail.message import Message, render
from core.settings import Settings
from plugin_api.platform import provide, service
from tests.mail_server import MailServer

SENDER = "Tablewright <no-reply@tables.example>"


@pytest.fixture
def server() -> Iterator[MailServer]:
    """A mail server."""
    with MailServer() as running:
        threading.Thread(target=running.serve_forever, args=(0.01,)).start()
        yield running
        running.shutdown()


@pytest.fixture
def message() -> Message:
    """A mail with what must be escaped in HTML."""
    values = {"public_url": "http://tables.example", "email": "<b>x</b>@example.com", "days": 30, "link": "http://l"}
    return render("ada@example.com", "Grüße", "deletion_scheduled", values)


def test_a_mail_arrives_with_both_parts(server: MailServer, message: Message) -> None:
    Smtp(f"smtp://ada%40x:p%2Fw@{server.address}", SENDER).deliver(message)
    (mail,) = server.received
    assert (mail["From"], mail["To"], mail["Subject"]) == (SENDER, "ada@example.com", "Grüße")
    assert mail["Message-ID"].rstrip(">").endswith("@tables.example")
    text, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert text is not None
    assert html is not None
    assert "<b>x</b>@example.com" in text.get_content()
    assert "&lt;b&gt;x&lt;/b&gt;@example.com" in html.get_content()
    assert server.credentials == ["ada@x", "p/w"]


def test_every_template_has_both_variants() -> None:
    values = {"public_url": "http://t", "email": "a@b.c", "days": 1, "hours": 1, "link": "http://t/x"}
    names = ("reset_password", "verify_email", "deletion_scheduled", "deletion_cancelled", "account_deleted", "test")
    for name in names:
        made = render("a@b.c", "S", name, values)
        assert "http://t" in made.text
        assert "</html>" in made.html


@pytest.fixture
def sending(server: MailServer) -> Iterator[MailServer]:
    """Settings that send to the server, for the task."""
    try:
        before: Any = service(Settings)
    except LookupError:
        before = Settings.load({})
    provide(Settings, Settings.load({}, mail_backend="smtp", smtp_url=f"smtp://{server.address}"))
    yield server
    provide(Settings, before)


def test_the_task_sends(sending: MailServer, message: Message) -> None:
    tasks.send_mail(**message.to_json())
    assert sending.received[0]["To"] == message.to


def test_a_mail_is_tried_again_when_the_server_is_busy(sending: MailServer, message: Message) -> None:
    sending.refusal = "451 come back later"
    retried: list[float] = []
    task = tasks.send_mail._get_current_object()

    def retry(exc: Exception, countdown: float) -> Retry:
        retried.append(countdown)
        return Retry()

    with pytest.MonkeyPatch.context() as patch, pytest.raises(Retry):
        patch.setattr(task, "retry", retry)
        task(**message.to_json())
    assert retried == [10]


def test_a_mail_that_is_refused_for_good_is_given_up(sending: MailServer, message: Message) -> None:
    sending.refusal = "550 nobody of that name"
    tasks.send_mail(**message.to_json())
    assert sending.received == []


@pytest.mark.parametrize(
    ("error", "final"),
    [
        (ConnectionRefusedError(), False),
        (smtplib.SMTPServerDisconnected(), False),
        (smtplib.SMTPDataError(452, b"full"), False),
        (smtplib.SMTPDataError(554, b"spam"), True),
        (smtplib.SMTPAuthenticationError(535, b"no"), True),
        (smtplib.SMTPRecipientsRefused({"a": (550, b"no")}), True),
        (smtplib.SMTPRecipientsRefused({"a": (450, b"later")}), False),
    ],
)
def test_which_refusals_are_final(error: OSError, final: bool) -> None:
    assert tasks.is_final(error) is final
