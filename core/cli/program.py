"""The program: its commands in one group, its errors in one line."""

from __future__ import annotations

import sys

import click

from core.cli import commands, maintenance
from core.cli.composition import Composition
from core.runtime.errors import Refusal, StartError
from core.settings import SettingsError

_REFUSED, _FAILED = 2, 1


class Program(click.Group):
    """The group of commands. Those of the composition root are only asked for when they are needed."""

    def __init__(self, composition: Composition) -> None:
        super().__init__("tablewright", help="Open, self-hosted platform to build databases and apps without code.")
        self._composition = composition
        for command in (*commands.COMMANDS, *maintenance.COMMANDS):
            self.add_command(command)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all commands."""
        return sorted({*super().list_commands(ctx), *self._own(), *self._plugged()})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name."""
        found = super().get_command(ctx, cmd_name) or self._own().get(cmd_name)
        return found or self._plugged().get(cmd_name)

    def _own(self) -> dict[str, click.Command]:
        return {command.name or "": command for command in self._composition.commands()}

    def _plugged(self) -> dict[str, click.Command]:
        return {command.name or "": command for command in self._composition.plugged_commands()}


def run(composition: Composition) -> None:
    """Run the command that the arguments name, and exit."""
    try:
        Program(composition).main(obj=composition)
    except SettingsError as error:
        print(error, file=sys.stderr)
        sys.exit(_REFUSED)
    except StartError as error:
        print(f"tablewright: {error}", file=sys.stderr)
        sys.exit(_REFUSED if isinstance(error, Refusal) else _FAILED)
