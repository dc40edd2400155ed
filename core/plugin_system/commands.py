"""Commands about plugins: list them, switch them, begin a new one."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from core.cli.composition import Composition
from core.cli.services import services
from core.plugin_system import admin, skeleton
from plugin_api import context
from plugin_api.context import Actor
from plugin_api.db import begin
from plugin_api.errors import ApiError

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


def _switch(composition: Composition, name: str, enabled: bool, data_dir: Path | None) -> None:
    try:
        with services(composition, data_dir), begin(), context.acting_as(Actor("system")):
            admin.switch(name, enabled)
    except ApiError as error:
        click.echo(f"tablewright: {error.detail}", err=True)
        sys.exit(1)
    click.echo(f"The plugin {name} is {'on' if enabled else 'off'}.")


@plugin.command()
@click.argument("name")
@click.option(
    "--folder", type=click.Path(file_okay=False, path_type=Path), default=Path(), help="Where to make its folder."
)
def new(name: str, folder: Path) -> None:
    """Make the package of a new plugin NAME with a field type, packaging and a test."""
    try:
        made = skeleton.write(name, folder)
    except (ValueError, FileExistsError) as error:
        click.echo(f"tablewright: {error}", err=True)
        sys.exit(1)
    click.echo(f"Made {made}. Next: pip install -e {made} && pytest {made}")


COMMANDS = (plugin,)
