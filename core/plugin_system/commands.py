"""Commands about plugins: list them, switch them, begin, migrate and test one's own; and the commands they bring."""

from __future__ import annotations

import copy
import os
import subprocess
import sys
import time
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NoReturn

import click

from core.cli.composition import Composition
from core.cli.services import services
from core.db.branches import Migrations
from core.plugin_system import admin, checking, removing, skeleton, usage
from core.plugin_system.loading import Loaded
from core.settings import Settings
from plugin_api import context
from plugin_api.commands import needs_services
from plugin_api.context import Actor
from plugin_api.db import begin
from plugin_api.errors import ApiError
from plugin_api.platform import service

_data_dir = click.option(
    "--data-dir", type=click.Path(file_okay=False, path_type=Path), help="Folder of the embedded servers."
)


@click.group()
def plugin() -> None:
    """Plugins: list them, switch them on and off, begin a new one."""


@plugin.command("list")
@_data_dir
@click.pass_obj
def list_plugins(composition: Composition, data_dir: Path | None) -> None:
    """List the installed plugins, and those that could not be loaded with the reason."""
    with services(composition, data_dir), begin():
        found, problems = admin.plugins(), admin.problems()
    for one in found:
        click.echo(f"{one['name']:<24} {one['version']:<10} {_state(one):<28} {one['title']}")
    for problem in problems:
        click.echo(f"{problem['name']:<24} {'-':<10} {'not loaded':<28} {problem['reason']}")


def _state(shown: dict[str, object]) -> str:
    if shown["active"]:
        return "on"
    return "off, as one it requires is" if shown["enabled"] else "off"


@plugin.command()
@click.argument("name")
@_data_dir
@click.pass_obj
def enable(composition: Composition, name: str, data_dir: Path | None) -> None:
    """Switch the plugin NAME on in all running processes."""
    _switch(composition, name, True, data_dir)


@plugin.command()
@click.argument("name")
@_data_dir
@click.pass_obj
def disable(composition: Composition, name: str, data_dir: Path | None) -> None:
    """Switch the plugin NAME off in all running processes. Its data is kept."""
    _switch(composition, name, False, data_dir)


@plugin.command()
@click.argument("name")
@_data_dir
@click.pass_obj
def check(composition: Composition, name: str, data_dir: Path | None) -> None:
    """Check the installed plugin NAME: API version, hooks, migrations, conflicts, permissions, what is in use.

    The exit code is 1 when something is wrong.
    """
    try:
        with services(composition, data_dir), begin():
            found = checking.check(name)
    except LookupError as error:
        _fail(str(error))
    for one in found:
        click.echo(f"{one.level:<6} {one.about:<12} {one.text}")
    sys.exit(1 if any(one.level == checking.WRONG for one in found) else 0)


@plugin.command()
@click.argument("name")
@click.option("--data", is_flag=True, help="Take what it leaves away, for good.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@_data_dir
@click.pass_obj
def remove(composition: Composition, name: str, data: bool, yes: bool, data_dir: Path | None) -> None:
    """Say what the plugin NAME leaves when it is uninstalled; with --data take that away and switch it off."""
    try:
        with services(composition, data_dir):
            with begin():
                chosen = removing.found(name)
                left = removing.left_by(chosen)
            _tell_what_is_left(name, left)
            if data:
                removing.things_of(chosen)  # what stands in the way is told before anything is asked or changed
                question = f"Take this away for good, of all workspaces, and switch {name} off?"
                if not (yes or click.confirm(question)):
                    _fail("nothing was changed")
                with begin(), context.acting_as(Actor("system")):
                    admin.switch(name, False)
                time.sleep(_ALL_PROCESSES_OBEY_SECONDS)
                removing.take_away(chosen)
    except (ApiError, removing.CannotRemove) as error:
        _fail(str(error))
    package = (usage.packages().get(name) or {"name": "its package"})["name"]
    if data:
        click.echo(f"The data of {name} is gone and it is off. Now pip uninstall {package} and restart.")
    else:
        click.echo(f"Nothing was changed. Without --data it stays when you pip uninstall {package} and restart.")


_ALL_PROCESSES_OBEY_SECONDS = 1.0


def _tell_what_is_left(name: str, left: removing.Left) -> None:
    click.echo(f"The plugin {name} leaves:" if left.goes or left.stays else f"The plugin {name} leaves nothing.")
    for text in left.goes:
        click.echo(f"  {text}")
    for text in left.stays:
        click.echo(f"  {text} (also with --data)")


def _switch(composition: Composition, name: str, enabled: bool, data_dir: Path | None) -> None:
    try:
        with services(composition, data_dir), begin(), context.acting_as(Actor("system")):
            admin.switch(name, enabled)
    except ApiError as error:
        _fail(str(error.detail))
    click.echo(f"The plugin {name} is {'on' if enabled else 'off'}.")


@plugin.command()
@click.argument("name")
@click.option(
    "--folder", type=click.Path(file_okay=False, path_type=Path), default=Path(), help="Where to make its folder."
)
@click.option("--kind", default="field", show_default=True, help=f"What it adds: one of {', '.join(skeleton.kinds())}.")
def new(name: str, folder: Path, kind: str) -> None:
    """Make the package of a new plugin NAME: what it adds, packaging and a test that passes."""
    try:
        made = skeleton.write(name, folder, kind)
    except (ValueError, FileExistsError) as error:
        _fail(str(error))
    click.echo(f"Made {made}. Next: cd {made} && pip install -e . && tablewright plugin test")


@plugin.command()
@click.argument("name")
@click.argument("message")
@_data_dir
@click.pass_obj
def revision(composition: Composition, name: str, message: str, data_dir: Path | None) -> None:
    """Write the next migration of the installed plugin NAME: what its models have and the database lacks.

    MESSAGE says in a few words what it does. Look at what was written before you publish it.
    """
    with services(composition, data_dir):
        found = {one.name: one for one in service(Loaded).plugins}.get(name)
        if found is None or found.migrations is None:
            _fail(f"no loaded plugin called {name} has migrations; name their package in its manifest")
        written = service(Migrations).new_revision(name, message)
    click.echo(f"Wrote {written}" if written else f"The tables of {name} are as its models declare them.")


@plugin.command(context_settings={"ignore_unknown_options": True})
@click.argument("pytest_arguments", nargs=-1, type=click.UNPROCESSED)
def test(pytest_arguments: tuple[str, ...]) -> None:
    """Run pytest on a plugin's tests, in this folder or with these arguments, on servers of their own."""
    if find_spec("pytest") is None:
        _fail("tests need pytest: pip install pytest")
    from core.testing.servers import kept_servers

    with kept_servers(Settings.load().postgres_bin) as servers:
        urls = {"DATABASE_URL": servers.database_url, "REDIS_URL": servers.redis_url}
        command = [sys.executable, "-m", "pytest", *pytest_arguments]
        code = subprocess.run(command, env={**os.environ, **urls}, check=False).returncode
    sys.exit(code)


def plugged(commands: Iterable[click.Command]) -> list[click.Command]:
    """Commands of plugins: they run with all services provided, in a unit of work, unless they do without."""
    return [_with_services(command) if needs_services(command) else command for command in commands]


def _with_services(command: click.Command) -> click.Command:
    """A command of its own: the plugin's stays as it is, however often programs are made in a process."""
    wrapped, run = copy.copy(command), command.invoke

    def invoke(ctx: click.Context) -> Any:
        with services(ctx.obj), begin(), context.acting_as(Actor("system")):
            try:
                return run(ctx)
            except ApiError as error:
                raise click.ClickException(str(error.detail)) from error

    wrapped.invoke = invoke  # type: ignore[method-assign]
    return wrapped


def _fail(text: str) -> NoReturn:
    click.echo(f"tablewright: {text}", err=True)
    sys.exit(1)


COMMANDS = (plugin,)
