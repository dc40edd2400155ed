"""Settings of logs."""

from __future__ import annotations

from dataclasses import dataclass

from core.settings_checks import not_negative as _not_negative
from core.settings_checks import one_of as _one_of
from core.settings_declared import PREFIX, setting


@dataclass(frozen=True, kw_only=True)
class LogSettings:
    """What is logged, and how."""

    log_level: str = setting(
        PREFIX + "LOG_LEVEL",
        "Least serious message to log.",
        "info",
        _one_of("debug", "info", "warning", "error"),
    )
    log_format: str = setting(
        PREFIX + "LOG_FORMAT", "text for people, json for machines.", "text", _one_of("text", "json")
    )
    access_log: bool = setting(
        PREFIX + "ACCESS_LOG",
        "Log a line for every request: method, route, status, time, request id and user, never what was sent or"
        " answered. Without it only slow and failed requests have one.",
        False,
    )
    log_error_texts: bool = setting(
        PREFIX + "LOG_ERROR_TEXTS",
        "Log the texts of unexpected errors, which can hold what people entered. Without it, their kinds and places.",
        False,
    )
    audit_log_keep_days: int = setting(
        PREFIX + "AUDIT_LOG_KEEP_DAYS", "Days entries of the audit log can be read; 0 for ever.", 365, _not_negative
    )
