"""One call of a receiver: what is sent, what came of it, and how both are shown to people."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from plugin_api import outbound
from plugin_api.http import dumps
from plugin_api.outbound import Limits, OutboundError
from plugin_api.settings import setting
from plugins.webhooks.headers import sendable
from plugins.webhooks.signature import sign

_MAX_ANSWER = 64 * 1024
_SHOWN = 16_000
_HIDDEN = "***"


@dataclass(frozen=True)
class Call:
    """What to send, and where. `own_headers` are those of the webhook, `secret` signs unless it is empty."""

    method: str
    url: str
    delivery: str
    event_type: str
    body: bytes
    own_headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    secret: str = field(default="", repr=False)

    def headers(self) -> dict[str, str]:
        """All headers, with a signature made now."""
        given = sendable(self.own_headers)
        typed = any(name.lower() == "content-type" for name in given)
        sent = ({} if typed else {"Content-Type": "application/json"}) | given
        sent |= {"X-Baserow-Event": self.event_type, "X-Baserow-Delivery": self.delivery}
        if self.secret:
            moment = int(time.time())
            signature = sign(self.secret, self.delivery, moment, self.body)
            sent |= {"Webhook-Id": self.delivery, "Webhook-Timestamp": str(moment), "Webhook-Signature": signature}
        return sent

    def shown(self, sent: Mapping[str, str], hide: bool) -> str:
        """The request as people read it; `hide`: without the values of the webhook's own headers."""
        lines = [f"{name}: {_HIDDEN if hide and name in self.own_headers else value}" for name, value in sent.items()]
        return "\n".join([f"{self.method} {self.url}", *lines, "", _text(self.body)])


@dataclass(frozen=True)
class Outcome:
    """What came of a call. `status` is None when there was no answer; `error` says why it did not go well."""

    request: str
    response: str
    status: int | None
    error: str
    seconds: float

    @property
    def good(self) -> bool:
        """Whether the receiver took it."""
        return self.status is not None and 200 <= self.status < 300


def body_of(envelope: Mapping[str, Any], payload: str) -> bytes:
    """The body: the keys all events have, and those of this one (the text of a JSON object)."""
    head, rest = dumps(envelope), payload.encode()
    return head if rest == b"{}" else head[:-1] + b"," + rest[1:]


def make(call: Call, hide: bool = True) -> Outcome:
    """Send it, and wait for the answer no longer than the instance allows. Be outside of a transaction."""
    sent, begun = call.headers(), time.monotonic()
    limits = Limits(
        _MAX_ANSWER,
        setting("webhook_timeout_seconds"),
        private_networks=outbound.own_machine(),
        follow_redirects=False,
        cut=True,
    )
    request = call.shown(sent, hide)
    try:
        answer = outbound.send(call.method, call.url, headers=sent, content=call.body, limits=limits)
    except OutboundError as error:
        return Outcome(request, "", None, _storable(str(error)), time.monotonic() - begun)
    lines = [f"{name}: {value}" for name, value in answer.headers.items()]
    response = _storable("\n".join([str(answer.status), *lines, "", _text(answer.body)]))
    problem = "" if 200 <= answer.status < 300 else f"The receiver answered {answer.status}."
    return Outcome(request, response, answer.status, problem, time.monotonic() - begun)


def _text(body: bytes) -> str:
    text = body[: 4 * _SHOWN].decode("utf-8", "replace")
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"


def _storable(text: str) -> str:
    """What PostgreSQL can keep of a text."""
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode()[: 4 * _SHOWN]
