"""Commands of plugins that differ from others."""

from __future__ import annotations

from typing import TypeVar

import click

Command = TypeVar("Command", bound=click.Command)


def without_services(command: Command) -> Command:
    """Let a plugin's command, or group of commands, run without the database: it has no services, and needs none."""
    command.without_services = True  # type: ignore[attr-defined]
    return command


def needs_services(command: click.Command) -> bool:
    """Whether a command is run in a unit of work, as most are."""
    return not getattr(command, "without_services", False)
