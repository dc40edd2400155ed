"""Questions to model servers over HTTP: JSON there and back, tried again when the server is only busy."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

import orjson

from plugin_api import outbound
from plugin_api.outbound import AddressRefused, Answer, BadAddress, Limits, OutboundError
from plugins.generative_ai.kinds import AiFailed, AiMisconfigured

_BUSY = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 529})
_MISCONFIGURED = frozenset({401, 402, 403, 404, 405, 410})
_MAX_ANSWER = 4 * 1024 * 1024
_LONGEST_WAIT = 20.0
_MAX_TOLD = 300


def ask_json(
    url: str, body: Mapping[str, Any], headers: Mapping[str, str], settings: Mapping[str, Any], attempts: int
) -> dict[str, Any]:
    """The JSON object a server answers. AiFailed when there is none after so many attempts."""
    limits = Limits(_MAX_ANSWER, settings["seconds"], 0, tuple(settings.get("private_networks", ())))
    sent = {"Content-Type": "application/json", "Accept": "application/json", **headers}
    for attempt in range(1, attempts + 1):
        last = attempt == attempts
        try:
            answer = outbound.send("POST", url, headers=sent, content=orjson.dumps(body), limits=limits)
        except (AddressRefused, BadAddress) as error:
            raise AiMisconfigured(str(error)) from None
        except OutboundError as error:
            if last:
                raise AiFailed(str(error)) from None
            time.sleep(_wait(attempt, ""))
            continue
        if answer.status not in _BUSY or last:
            return _read(answer)
        time.sleep(_wait(attempt, answer.headers.get("retry-after", "")))
    raise AssertionError("the last attempt answers or raises")


def _wait(attempt: int, wanted: str) -> float:
    """Seconds until the next attempt: what the server wishes, within reason, or twice as long each time."""
    seconds = float(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) < 6 else 0.5 * 2**attempt
    return min(seconds, _LONGEST_WAIT)


def _read(answer: Answer) -> dict[str, Any]:
    if answer.status in _MISCONFIGURED:
        raise AiMisconfigured(_refusal(answer))
    if not 200 <= answer.status < 300:
        raise AiFailed(_refusal(answer))
    value = _json(answer)
    if not isinstance(value, dict):
        raise AiFailed("The model server answered something that is no JSON object.")
    return value


def _json(answer: Answer) -> Any:
    try:
        return orjson.loads(answer.body)
    except orjson.JSONDecodeError:
        return None


def _refusal(answer: Answer) -> str:
    """The status and what the server says of it, `{"error": "..."}` or `{"error": {"message": "..."}}`."""
    value = _json(answer)
    error = value.get("error") if isinstance(value, dict) else None
    told = error.get("message") if isinstance(error, dict) else error
    said = f": {told[:_MAX_TOLD]}" if isinstance(told, str) and told else "."
    return f"The model server answered with status {answer.status}{said}"
