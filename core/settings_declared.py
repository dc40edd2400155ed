"""How a setting is declared: its environment variable, meaning, default and check."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import MISSING, field
from typing import Any

PREFIX = "TABLEWRIGHT_"


class SettingsError(ValueError):
    """A setting has a value that cannot be used; the message names the setting."""

    def __init__(self, variable: str, problem: str) -> None:
        super().__init__(f"{variable}: {problem}")
        self.variable = variable


def setting(env: str, help: str, default: Any = MISSING, check: Callable[[Any], str | None] | None = None) -> Any:
    """Declare a setting. `check` returns a problem in words, or None."""
    metadata = {"env": env, "help": help, "check": check}
    if isinstance(default, tuple | list | dict):
        return field(default_factory=lambda: default, metadata=metadata)
    return field(default=default, metadata=metadata)
