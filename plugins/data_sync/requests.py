"""Asking servers that speak JSON: guarded, page by page, patient with rate limits, with words for what goes wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from time import sleep, time
from typing import Any
from urllib.parse import urlencode

import orjson

from plugin_api import outbound
from plugin_api.outbound import Answer, Limits, OutboundError
from plugins.data_sync.kinds import Progress, SyncError

_MAX_BYTES = 32 * 1024 * 1024
_SECONDS = 60.0
_ATTEMPTS = 5
_LONGEST_WAIT = 120.0
_STEP = 1.0
_BUSY = frozenset({429, 500, 502, 503, 504})


def no_progress(done: float) -> None:
    """For requests nobody waits for."""


@dataclass
class Client:
    """Asks one server, called `name`, with the same headers. Redirects are not followed: they could take secrets away.

    `credentials` and `place` are what people should check when the server refuses them, or finds nothing.
    """

    name: str
    headers: Mapping[str, str]
    credentials: str
    place: str
    progress: Progress = no_progress

    def get(self, url: str, **query: Any) -> tuple[Any, Mapping[str, str]]:
        """The JSON at an address, and the answer's headers. SyncError when there is none."""
        return self._ask("GET", f"{url}?{urlencode(query)}" if query else url, None)

    def post(self, url: str, body: Any) -> tuple[Any, Mapping[str, str]]:
        """The same with a body."""
        return self._ask("POST", url, orjson.dumps(body))

    def _ask(self, method: str, url: str, content: bytes | None) -> tuple[Any, Mapping[str, str]]:
        for attempt in range(1, _ATTEMPTS + 1):
            answer = self._send(method, url, content)
            wait = _wanted_wait(answer, attempt)
            if wait is None:
                return self._json(answer), answer.headers
            if attempt == _ATTEMPTS or wait > _LONGEST_WAIT:
                raise self._busy(answer, wait)
            self._wait(wait)
        raise AssertionError("the last attempt answers or raises")

    def _send(self, method: str, url: str, content: bytes | None) -> Answer:
        sent = {"Accept": "application/json", **self.headers}
        if content is not None:
            sent["Content-Type"] = "application/json"
        try:
            limits = Limits(_MAX_BYTES, _SECONDS, 0, outbound.own_machine())
            return outbound.send(method, url, headers=sent, content=content, limits=limits)
        except OutboundError as error:
            raise SyncError(f"{self.name} cannot be reached: {error}") from None

    def _wait(self, seconds: float) -> None:
        """Wait in short steps, in which the job can be cancelled."""
        while seconds > 0:
            self.progress(0.0)
            sleep(min(seconds, _STEP))
            seconds -= _STEP

    def _busy(self, answer: Answer, wait: float) -> SyncError:
        if answer.status in (403, 429):
            minutes = max(1, round(wait / 60))
            return SyncError(f"{self.name} allows no more requests for now. Sync again in about {minutes} minutes.")
        return SyncError(f"{self.name} answers with status {answer.status}. Sync again when it works.")

    def _json(self, answer: Answer) -> Any:
        if answer.status in (401, 403):
            raise SyncError(f"{self.name} refuses access (status {answer.status}): check {self.credentials}.")
        if answer.status in (404, 410):
            raise SyncError(f"{self.name} does not find what is asked for: check {self.place}, and {self.credentials}.")
        if not 200 <= answer.status < 300:
            raise SyncError(f"{self.name} answers with status {answer.status}{_told(answer)}. Check {self.place}.")
        try:
            return orjson.loads(answer.body)
        except orjson.JSONDecodeError:
            raise SyncError(f"{self.name} answers with something that is no JSON: check {self.place}.") from None


def _told(answer: Answer) -> str:
    """What the server says about it, in the forms that are usual."""
    try:
        found = orjson.loads(answer.body)
    except orjson.JSONDecodeError:
        return ""
    told = found.get("message") or found.get("errorMessages") or found.get("error") if isinstance(found, dict) else None
    text = ", ".join(map(str, told)) if isinstance(told, list) else str(told or "")
    return f" and says: {text[:300]}" if text else ""


def _wanted_wait(answer: Answer, attempt: int) -> float | None:
    """Seconds to wait before asking again; None when the answer is one."""
    limited = answer.status == 429 or (answer.status == 403 and answer.headers.get("x-ratelimit-remaining") == "0")
    if not limited and answer.status == 403 and "retry-after" in answer.headers:
        limited = True
    if not limited and answer.status not in _BUSY:
        return None
    told = _told_wait(answer.headers)
    return 0.5 * 2**attempt if told is None else max(told, 0.0)


def _told_wait(headers: Mapping[str, str]) -> float | None:
    after = headers.get("retry-after", "")
    if after.isascii() and after.isdigit() and len(after) < 8:
        return float(after)
    if after:
        try:
            return (parsedate_to_datetime(after) - datetime.now(UTC)).total_seconds()
        except (TypeError, ValueError):
            return None
    reset = headers.get("x-ratelimit-reset", headers.get("ratelimit-reset", ""))
    if reset.isascii() and reset.isdigit() and len(reset) < 12:
        return float(reset) - time() + 1
    return None


def listed(value: Any, what: str) -> list[dict[str, Any]]:
    """A list of objects; SyncError when the server answered something else."""
    if not isinstance(value, list) or not all(isinstance(found, dict) for found in value):
        raise SyncError(f"{what} answers with something else than a list of objects: check its address.")
    return value


def inner(found: Any, *keys: str) -> Any:
    """A value inside of objects; None where there is none."""
    for key in keys:
        found = found.get(key) if isinstance(found, dict) else None
    return found


def joined(found: Any, *keys: str) -> str:
    """The texts of a list, or of a key of each of its objects, separated by commas."""
    items = found if isinstance(found, list) else []
    texts = [inner(item, *keys) if keys and isinstance(item, dict) else item for item in items]
    return ", ".join(str(text) for text in texts if text is not None)


def moment(found: Any) -> str | None:
    """A date or moment in ISO 8601 as a moment in UTC; None where there is none."""
    if not isinstance(found, str):
        return None
    try:
        parsed = datetime.fromisoformat(found)
        return (parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)).astimezone(UTC).isoformat()
    except (ValueError, OverflowError):
        return None
