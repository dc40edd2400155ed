"""Log lines: the same for structlog and the standard library."""

from __future__ import annotations

import json
import logging
import subprocess
import sys

import pytest
import structlog

from core.runtime.logging import JsonFormatter, TextFormatter, hide_tokens
from core.runtime.output import Output

_PROGRAM = """
import logging, structlog, sys
from core.runtime.logging import configure
from core.settings import Settings
configure(Settings.load({}, log_format=sys.argv[1]), "web")
structlog.contextvars.bind_contextvars(request_id="r1")
structlog.get_logger("ours").info("100% done", number=3, text="two words")
structlog.get_logger("ours").debug("not shown")
logging.getLogger("library").warning("old %s", "style")
try:
    1 / 0
except ZeroDivisionError:
    structlog.get_logger("ours").exception("it failed")
"""


def _log(log_format: str) -> list[str]:
    done = subprocess.run([sys.executable, "-c", _PROGRAM, log_format], capture_output=True, text=True, check=True)
    return done.stderr.splitlines()


def test_text() -> None:
    lines = _log("text")
    assert lines[0][19:] == " info     100% done  number=3 text='two words' request_id=r1"
    assert lines[1][19:] == " warning  old style  request_id=r1"
    assert lines[2][19:] == " error    it failed  request_id=r1"
    assert lines[-1] == "ZeroDivisionError: division by zero"


def test_json() -> None:
    first, second, third = (json.loads(line) for line in _log("json"))
    assert first.pop("time").endswith("Z")
    assert first == {
        "level": "info",
        "process": "web",
        "logger": "ours",
        "event": "100% done",
        "number": 3,
        "text": "two words",
        "request_id": "r1",
    }
    assert (second["event"], second["request_id"]) == ("old style", "r1")
    assert "ZeroDivisionError" in third["exception"]


def test_formatters_take_any_record() -> None:
    structlog.contextvars.clear_contextvars()  # what other tests have left
    record = logging.LogRecord("name", logging.INFO, "path", 1, "text %d", (1,), None)
    assert TextFormatter().format(record).endswith("text 1")
    assert json.loads(JsonFormatter("p").format(record))["event"] == "text 1"


def test_the_servers_chatter_is_only_for_debugging(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    for line in ("LOG:  database system is ready", "ERROR:  duplicate key", "FATAL:  out of memory"):
        Output(as_json=False).write("postgres", line)
    assert [record.levelname for record in caplog.records] == ["DEBUG", "DEBUG", "WARNING"]


def test_childrens_lines_have_their_name_before_them(capsys: pytest.CaptureFixture[str]) -> None:
    Output(as_json=False).write("web", "hello")
    Output(as_json=True).write("web", '{"event": "hello"}')
    assert capsys.readouterr().err == 'web    | hello\n{"event": "hello"}\n'


def test_tokens_in_addresses_of_websockets_are_not_logged() -> None:
    address = "/ws/core/?jwt_token=secret&a=1"
    record = logging.LogRecord(
        "uvicorn.error", logging.INFO, "path", 1, '%s "WebSocket %s" %d', ("x", address, 403), None
    )
    assert hide_tokens(record)
    assert record.getMessage() == 'x "WebSocket /ws/core/?jwt_token=...&a=1" 403'
