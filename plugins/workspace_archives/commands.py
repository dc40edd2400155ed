"""Commands: archives without a browser, however large, and the key by which others know this instance."""

from __future__ import annotations

from pathlib import Path

import click

from plugin_api.applications import Applications
from plugin_api.archives import BadArchive, archives
from plugin_api.context import Actor, acting_as
from plugin_api.platform import service
from plugins.workspace_archives.signing import public_key


@click.command("archive-key")
def archive_key() -> None:
    """Print the key others need to accept archives of this instance (TABLEWRIGHT_TRUSTED_ARCHIVE_KEYS)."""
    click.echo(public_key())


@click.command("export-applications")
@click.argument("application_ids", type=int, nargs=-1, required=True)
@click.argument("target", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--only-structure", is_flag=True, help="Leave out the rows.")
def export_applications(application_ids: tuple[int, ...], target: Path, only_structure: bool) -> None:
    """Write the applications with these ids into the archive TARGET."""
    with target.open("wb") as file:
        archives().write(list(application_ids), file, only_structure)
    click.echo(f"{len(application_ids)} applications are in {target}.")


@click.command("import-applications")
@click.argument("source", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("workspace_id", type=int)
@click.option("--user", type=int, required=True, help="The id of the user who imports them.")
def import_applications(source: Path, workspace_id: int, user: int) -> None:
    """Make the applications of the archive SOURCE in a workspace. Its signature is not looked at."""
    try:
        with acting_as(Actor("user", user)), source.open("rb") as file:
            made = archives().install(file, workspace_id)
    except BadArchive as error:
        raise click.ClickException(str(error)) from None
    for one in service(Applications).shown([one.application_id for one in made]):
        click.echo(f"{one['id']} {one['name']}")


COMMANDS = [archive_key, export_applications, import_applications]
