"""The page docs/settings.md, made from the declared settings."""

from __future__ import annotations

from dataclasses import MISSING, Field, fields
from typing import Any

from core.settings import Settings, env_name

# Settings whose values are not shown.
SECRET = (
    "database_url",
    "read_database_urls",
    "s3_secret_access_key",
    "redis_url",
    "secret_key",
    "smtp_url",
    "metrics_token",
)

_HEAD = """\
# Settings

Settings are environment variables, read once at start. Everything works without any. A wrong value, or a variable
that starts with `TABLEWRIGHT_` and is none of these, stops the start with exit code 2 and one line that names it.
`tablewright settings` shows the values in force.

This page is made by `tablewright settings --markdown`.

| Variable | Default | Meaning |
|---|---|---|
"""


def page() -> str:
    """The whole page."""
    return _HEAD + "".join(_row(declared) for declared in in_order())


def in_order() -> list[Field[Any]]:
    """The settings as people read them: those of parts after the others."""
    own = Settings.__annotations__
    return sorted(fields(Settings), key=lambda declared: declared.name not in own)


def _row(declared: Any) -> str:
    meaning = declared.metadata["help"].replace("|", "\\|")
    return f"| `{env_name(declared)}` | {_code(_default(declared))} | {meaning} |\n"


def _default(declared: Any) -> Any:
    return declared.default if declared.default_factory is MISSING else declared.default_factory()


def _code(value: Any) -> str:
    text = shown(value)
    return f"`{text}`" if text else "empty"


def shown(value: Any) -> str:
    """A value as it would stand in the environment."""
    return ",".join(value) if isinstance(value, tuple) else str(value)
