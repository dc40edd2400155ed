"""Logging: one format for structlog and the standard library, text for people or JSON for machines.

The formatter needs the standard library only, because the supervisor, which stays small, uses it too.
"""

from __future__ import annotations

import json
import logging
import re
import sys
import threading
import time
from collections.abc import Mapping, MutableMapping
from types import TracebackType
from typing import Any

from core.runtime.log_texts import masked, scrubbed, trace
from core.settings import Settings

_FIELDS = "fields"
_TOKEN = re.compile(r"(jwt_token=)[^&\s]*")
_PROBLEMS = ("problem", "reason")
"""Fields that hold the texts of errors."""
_WHOLE = "core.mail.backends"
"""The logger whose lines are mails, for who has no mail server: their links are needed."""
# Libraries that tell at "info" what only their own developers want to know.
_TALKATIVE = ("alembic", "celery", "kombu", "uvicorn", "httpx", "asyncio")


def configure(settings: Settings, process: str) -> None:
    """Set up logging for this process, both the standard library's and structlog's."""
    configure_standard(settings, process)
    sys.excepthook = _log_uncaught
    threading.excepthook = lambda uncaught: _log_uncaught(
        uncaught.exc_type, uncaught.exc_value or uncaught.exc_type(), uncaught.exc_traceback
    )
    _configure_structlog(logging.getLevelName(settings.log_level.upper()))


def configure_standard(settings: Settings, process: str) -> None:
    """Set up the standard library's logging alone."""
    handler = logging.StreamHandler(sys.stderr)
    whole = settings.log_error_texts
    handler.setFormatter(JsonFormatter(process, whole) if settings.log_format == "json" else TextFormatter(whole))
    handler.addFilter(without_contents)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(settings.log_level.upper())
    quiet = logging.DEBUG if settings.log_level == "debug" else logging.WARNING
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(quiet)
    logging.getLogger("uvicorn.error").addFilter(hide_tokens)
    logging.captureWarnings(True)


def _log_uncaught(kind: type[BaseException], error: BaseException, at: TracebackType | None) -> None:
    """What nobody caught goes to the log like all else, instead of to standard error as it is."""
    if isinstance(error, KeyboardInterrupt):
        sys.__excepthook__(kind, error, at)
    elif not isinstance(error, SystemExit):
        logging.getLogger(__name__).critical("an error ended a thread", exc_info=(kind, error, at))


def hide_tokens(record: logging.LogRecord) -> bool:
    """Let a record through without the tokens that stand in the addresses of websockets."""
    if isinstance(record.args, tuple):
        record.args = tuple(_TOKEN.sub(r"\1...", arg) if isinstance(arg, str) else arg for arg in record.args)
    return True


def without_contents(record: logging.LogRecord) -> bool:
    """Let records of libraries through without what tasks were given, such as whole mails, and errors' texts."""
    if record.name == "celery.app.trace" and isinstance(record.args, Mapping):
        name, number = record.args.get("name"), record.args.get("id")
        record.msg, record.args = f"task {name}[{number}] {record.args.get('description', 'failed')}", None
    elif record.name.startswith("celery.worker.consumer") and record.levelno >= logging.ERROR:
        record.msg, record.args = str(record.msg).strip().splitlines()[0].partition("%")[0].strip(), None
    elif record.name == "asyncio" and record.levelno >= logging.ERROR:
        record.msg, record.args = record.getMessage().partition("\n")[0], None
    return True


def _configure_structlog(level: int) -> None:
    import structlog

    structlog.configure(
        processors=[structlog.contextvars.merge_contextvars, _to_standard],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )


def _to_standard(
    logger: logging.Logger, method: str, event: MutableMapping[str, Any]
) -> tuple[tuple[str], dict[str, Any]]:
    """Hand a structlog event over to the standard library: text as the message, the rest as fields."""
    text = str(event.pop("event", ""))
    exc_info = event.pop("exc_info", None)
    return (text,), {"exc_info": exc_info, "extra": {_FIELDS: dict(event)}}


def _fields(record: logging.LogRecord) -> Mapping[str, Any]:
    """The named values of a record; those of the request at hand for a library's own messages."""
    given = getattr(record, _FIELDS, None)
    if given is None and "structlog" in sys.modules:
        import structlog

        given = structlog.contextvars.get_contextvars()
    return given or {}


class _Formatter(logging.Formatter):
    """What both formats have in common. `whole`: the texts of errors are shown."""

    def __init__(self, whole: bool = False) -> None:
        super().__init__()
        self._whole = whole

    def format(self, record: logging.LogRecord) -> str:
        """The record without secrets."""
        text = self._text(record)
        return text if record.name == _WHOLE else scrubbed(text)

    def formatException(self, ei: Any) -> str:  # noqa: N802 - the standard library's name
        """An error with its traceback."""
        return super().formatException(ei) if self._whole or ei[1] is None else trace(ei[1])

    def _told(self, record: logging.LogRecord) -> dict[str, Any]:
        """The record's fields, of errors only what may be told."""
        fields = dict(_fields(record))
        for name in () if self._whole else _PROBLEMS:
            if isinstance(fields.get(name), str):
                fields[name] = masked(fields[name])
        return fields

    def _text(self, record: logging.LogRecord) -> str:
        raise NotImplementedError


class TextFormatter(_Formatter):
    """`2026-05-01 12:00:00 info     message key=value`."""

    def _text(self, record: logging.LogRecord) -> str:
        """The record as one line, with the traceback below it."""
        when = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(record.created))
        line = f"{when} {record.levelname.lower():<8} {record.getMessage()}"
        fields = " ".join(f"{name}={_short(value)}" for name, value in self._told(record).items())
        line = f"{line}  {fields}" if fields else line
        return f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info else line


def _short(value: Any) -> str:
    text = value if isinstance(value, str) else repr(value)
    return repr(text) if " " in text or "\n" in text else text


class JsonFormatter(_Formatter):
    """One JSON object a line."""

    def __init__(self, process: str, whole: bool = False) -> None:
        super().__init__(whole)
        self._process = process

    def _text(self, record: logging.LogRecord) -> str:
        """The record as a JSON object."""
        entry: dict[str, Any] = {
            **self._told(record),
            "time": time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created)) + f".{int(record.msecs):03d}Z",
            "level": record.levelname.lower(),
            "process": getattr(record, "process_name", self._process),
            "logger": record.name,
            "event": record.getMessage(),
        }
        if record.exc_info:
            entry["exception"] = self.formatException(record.exc_info)
        return json.dumps(entry, default=str)
