"""Mails to a mail server: what arrives, and when a mail is tried again."""

from __future__ import annotations

import base64
import smtplib
import socketserver
import threading
from collections.abc import Iterator
from email import message_from_string, policy
from email.message import EmailMessage
from typing import Any

import pytest
from celery.exceptions import Retry

from core.mail import tasks
from core.mail.backends import Smtp
from core.mail.message import Message, render
from core.settings import Settings
from plugin_api.platform import provide, service

SENDER = "Tablewright <no-reply@tables.example>"


class _Session(socketserver.StreamRequestHandler):
    """One SMTP conversation; `server.refusal` answers recipients, `server.received` collects mails."""

    server: Any

    def handle(self) -> None:
        self._say("220 here")
        for raw in self.rfile:
            word, _, rest = raw.decode().strip().partition(" ")
            verb = word.upper()
            if verb == "QUIT":
                self._say("221 bye")
                break
            if verb == "EHLO":
                self._say("250-here", "250 AUTH PLAIN")
            elif verb == "AUTH":
                self.server.credentials = base64.b64decode(rest.split()[1]).decode().split("\0")[1:]
                self._say("235 in")
            elif verb == "RCPT":
                self._say(self.server.refusal or "250 fine")
            elif verb == "DATA":
                self._say("354 go on")
                self.server.received.append(self._data())
                self._say("250 taken")
            else:
                self._say("250 fine")

    def _say(self, *lines: str) -> None:
        self.wfile.write("".join(f"{line}\r\n" for line in lines).encode())

    def _data(self) -> EmailMessage:
        lines = []
        while (line := self.rfile.readline().decode()) != ".\r\n":
            lines.append(line)
        return message_from_string("".join(lines), policy=policy.default)  # type: ignore[return-value]


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Session)
        self.received: list[EmailMessage] = []
        self.credentials: list[str] = []
        self.refusal = ""

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.server_address[1]}"


@pytest.fixture
def server() -> Iterator[_Server]:
    """A mail server."""
    with _Server() as running:
        threading.Thread(target=running.serve_forever, args=(0.01,)).start()
        yield running
        running.shutdown()


@pytest.fixture
def message() -> Message:
    """A mail with what must be escaped in HTML."""
    values = {"public_url": "http://tables.example", "email": "<b>x</b>@example.com", "days": 30, "link": "http://l"}
    return render("ada@example.com", "Grüße", "deletion_scheduled", values)


def test_a_mail_arrives_with_both_parts(server: _Server, message: Message) -> None:
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
def sending(server: _Server) -> Iterator[_Server]:
    """Settings that send to the server, for the task."""
    try:
        before: Any = service(Settings)
    except LookupError:
        before = Settings.load({})
    provide(Settings, Settings.load({}, mail_backend="smtp", smtp_url=f"smtp://{server.address}"))
    yield server
    provide(Settings, before)


def test_the_task_sends(sending: _Server, message: Message) -> None:
    tasks.send_mail(**message.to_json())
    assert sending.received[0]["To"] == message.to


def test_a_mail_is_tried_again_when_the_server_is_busy(sending: _Server, message: Message) -> None:
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


def test_a_mail_that_is_refused_for_good_is_given_up(sending: _Server, message: Message) -> None:
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
