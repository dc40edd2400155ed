"""A mail server on this machine, which keeps what it is sent."""

from __future__ import annotations

import base64
import socketserver
from email import message_from_string, policy
from email.message import EmailMessage
from typing import Any


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


class MailServer(socketserver.ThreadingTCPServer):
    """Takes mails; `refusal` is what it answers to recipients instead."""

    allow_reuse_address = daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Session)
        self.received: list[EmailMessage] = []
        self.credentials: list[str] = []
        self.refusal = ""

    @property
    def address(self) -> str:
        """Host and port."""
        return f"127.0.0.1:{self.server_address[1]}"
