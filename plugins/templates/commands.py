"""Commands: which templates there are, and making one of applications that are there."""

from __future__ import annotations

import tempfile
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
    if not setting("templates_dir"):
        return
    for archive in sorted(_folder().glob("*.zip")):
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
@click.option("--replace", is_flag=True, help="Put it in the place of the one that is there.")
def create(slug: str, application_ids: tuple[int, ...], replace: bool, **told: Any) -> None:
    """Make a template SLUG of the applications with these ids, in the folder of TABLEWRIGHT_TEMPLATES_DIR."""
    if not SLUG.fullmatch(slug):
        raise click.ClickException("SLUG has other characters than letters, digits, - and _, or is too long.")
    archive = _folder() / f"{slug}.zip"
    if archive.exists() and not replace:
        raise click.ClickException(f"{archive} is there already; --replace makes it anew.")
    with tempfile.TemporaryDirectory(dir=archive.parent, prefix=".making-") as made:
        _make(Path(made) / archive.name, application_ids, {key: value for key, value in told.items() if value})
        for file in (archive.with_suffix(".json"), archive):
            (Path(made) / file.name).replace(file)
    click.echo(f"{archive} is there, and listed.")


def _make(archive: Path, application_ids: tuple[int, ...], described: dict[str, Any]) -> None:
    """Both files of a template, checked."""
    archive.with_suffix(".json").write_bytes(orjson.dumps(described, option=orjson.OPT_INDENT_2))
    try:
        template_of(archive)
    except BadTemplate as error:
        raise click.ClickException(str(error)) from None
    with archive.open("wb") as target:
        archives().write(list(application_ids), target)


def _folder() -> Path:
    folder = str(setting("templates_dir"))
    if not folder or not Path(folder).is_dir():
        raise click.ClickException("Set TABLEWRIGHT_TEMPLATES_DIR to a folder for templates first.")
    return Path(folder)
