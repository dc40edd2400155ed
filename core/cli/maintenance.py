"""The commands around the product: settings, version, test."""

from __future__ import annotations

import sys
from dataclasses import fields
from importlib.metadata import version as installed_version

import click

from core.settings import Settings, env_name


@click.command()
@click.option("--markdown", is_flag=True, help="Print docs/settings.md.")
def settings(markdown: bool) -> None:
    """List every setting with the value it has here."""
    from core.cli.settings_page import SECRET, page, shown

    if markdown:
        click.echo(page(), nl=False)
        return
    loaded = Settings.load()
    for declared in fields(Settings):
        value = getattr(loaded, declared.name)
        text = "(set)" if declared.name in SECRET and value else shown(value)
        click.echo(f"{env_name(declared)}={text}")


@click.command()
def version() -> None:
    """Print the version."""
    click.echo(f"tablewright {installed_version('tablewright')}")


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("pytest_arguments", nargs=-1, type=click.UNPROCESSED)
def test(pytest_arguments: tuple[str, ...]) -> None:
    """Check the checkout in this folder. With arguments: only run pytest, with them."""
    from core.cli.checks import run_checks

    sys.exit(run_checks(pytest_arguments))


COMMANDS = (settings, version, test)
