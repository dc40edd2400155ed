"""Commands: which templates there are, and making one of applications that are there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import orjson

from plugin_api.archives import archives
from plugin_api.settings import setting
from plugins.templates import catalog
from plugins.templates.types import SLUG, BadTemplate, template_of


@click.group("template")
def template() -> None:
    """Templates: which there are, and making one of your own."""


@template.command("list")
def list_templates() -> None:
    """List the templates, and those of your folder that cannot be used, with the reason."""
    for found in catalog.templates():
        click.echo(f"{found.slug:<30} {found.name:<35} {', '.join(found.categories)}")
    for archive in sorted(_folder().glob("*.zip")) if setting("templates_dir") else ():
        try:
            template_of(archive)
        except BadTemplate as error:
            click.echo(f"{archive}: {error}", err=True)


@template.command("create")
@click.argument("slug")
@click.argument("application_ids", type=int, nargs=-1, required=True)
@click.option("--name", help="What people read; by default made of SLUG.")
@click.option("--category", "categories", multiple=True, help="Where it is listed; may be given several times.")
@click.option("--icon", help="The name of an icon of Iconoir, such as iconoir-suitcase.")
@click.option("--keyword", "keywords", multiple=True, help="What people may search for; may be given several times.")
@click.option("--description", help="What it is for, in a sentence.")
@click.option("--as-of", help="The day, such as 2026-01-05, on which the dates in the rows are true.")
def create(slug: str, application_ids: tuple[int, ...], **told: Any) -> None:
    """Make a template SLUG of the applications with these ids, in the folder of TABLEWRIGHT_TEMPLATES_DIR."""
    if not SLUG.fullmatch(slug):
        raise click.ClickException("SLUG has other characters than letters, digits, - and _, or is too long.")
    archive = _folder() / f"{slug}.zip"
    described = {key: value for key, value in told.items() if value}
    file = archive.with_suffix(".json")
    try:
        file.write_bytes(orjson.dumps(described, option=orjson.OPT_INDENT_2))
        template_of(archive)
    except (BadTemplate, OSError) as error:
        file.unlink(missing_ok=True)
        raise click.ClickException(str(error)) from None
    with archive.open("wb") as target:
        archives().write(list(application_ids), target)
    click.echo(f"{archive} is there. It is listed at once.")


def _folder() -> Path:
    folder = str(setting("templates_dir"))
    if not folder or not Path(folder).is_dir():
        raise click.ClickException("Set TABLEWRIGHT_TEMPLATES_DIR to a folder for templates first.")
    return Path(folder)
