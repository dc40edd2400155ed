"""`tablewright backup` and `tablewright restore`."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
import redis

from core.accounts.secret import with_secret_key
from core.backup import making, restoring
from core.cache import namespace
from core.cli.composition import Composition
from core.runtime.errors import StartError
from core.runtime.logging import configure
from core.runtime.reach import reachable
from core.settings import Settings

_data_dir = click.option(
    "--data-dir", type=click.Path(file_okay=False, path_type=Path), help="Folder for data and embedded servers."
)


@click.command()
@click.argument("target", type=click.Path(path_type=Path))
@_data_dir
@click.option("--without-secret-key", is_flag=True, help="Leave out the secret key that is kept in the data folder.")
@click.option("--overwrite", is_flag=True, help="Replace a file that is there.")
@click.pass_obj
def backup(
    composition: Composition, target: Path, data_dir: Path | None, without_secret_key: bool, overwrite: bool
) -> None:
    """Write database and files, as of one moment, into the file TARGET, or into a new file in the folder TARGET.

    The product may be in use meanwhile.
    """
    loaded, path = Settings.load(data_dir=data_dir), making.place_for(target)
    configure(loaded, "command")
    if path.exists() and not overwrite:
        raise StartError(f"{path} is there already; give another name, or --overwrite.")
    branches = composition.branches(loaded)
    with reachable(loaded, with_redis=False) as settings, _progress() as tell:
        names = ["core", *(branch.name for branch in branches)]
        made = making.make(path, settings, names, not without_secret_key, tell)
    size = _shown(path.stat().st_size)
    click.echo(f"{path}: {size}, with the database and {made.files} files ({_shown(made.file_bytes)}).")
    if settings.secret_key:
        click.echo("The secret key is not in it: keep TABLEWRIGHT_SECRET_KEY as well.")
    elif not without_secret_key:
        click.echo("The secret key is in it: whoever reads this file can sign in as anybody.")


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@_data_dir
@click.option("--check", is_flag=True, help="Only check that the backup is whole.")
@click.option("--replace", is_flag=True, help="Remove what a database in use holds, and the files beside it.")
@click.pass_obj
def restore(composition: Composition, file: Path, data_dir: Path | None, check: bool, replace: bool) -> None:
    """Make an instance of the backup FILE: all of it is checked first. Backups of older versions are migrated."""
    loaded = Settings.load(data_dir=data_dir)
    configure(loaded, "command")
    branches = composition.branches(loaded)
    from core.db.migrate import known_revisions

    known = known_revisions(branches)
    with _progress(file.stat().st_size, "checking") as tell:
        about = restoring.checked(file, known, tell)
    _tell_about(file, about, known)
    if check:
        return
    with reachable(loaded, with_redis=False) as settings:
        restoring.refuse_used(settings, replace)
        with _progress(file.stat().st_size, "restoring") as tell:
            restoring.restore(file, settings, about, ["core", *(branch.name for branch in branches)], tell)
        composition.migrate(settings)
        _forget_cached(settings)
    problem = restoring.key_problem(about, with_secret_key(settings).secret_key)
    click.echo("Restored. Start Tablewright on it." + (f"\n{problem}" if problem else ""))


def _tell_about(file: Path, about: dict[str, Any], known: list[str]) -> None:
    click.echo(f"{file} is whole: made on {about['created_on']} by version {about['product']}.")
    left_out = restoring.left_out(about, known)
    if left_out:
        click.echo(f"Plugins that are not installed here have data in it: {', '.join(left_out)}.")


def _forget_cached(settings: Settings) -> None:
    """What Redis knows is about the database as it was."""
    if not settings.redis_url:
        shutil.rmtree(settings.data_dir / "valkey", ignore_errors=True)
        return
    name = namespace(settings.database_url)
    with redis.Redis.from_url(settings.redis_url) as cache:
        for key in cache.scan_iter(f"tablewright:*{name}*", count=1000):
            cache.delete(key)


@contextmanager
def _progress(total: int | None = None, what: str = "") -> Iterator[making.Tell]:
    """Show on a terminal how far it is."""
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as shown:
        tasks: dict[str, Any] = {}

        def tell(part: str, size: int) -> None:
            name = what or part
            if name not in tasks:
                tasks[name] = shown.add_task(name, total=total)
            shown.advance(tasks[name], size)

        yield tell


def _shown(size: float) -> str:
    for unit in ("bytes", "kB", "MB"):
        if size < 1000:
            return f"{size:.0f} {unit}"
        size /= 1000
    return f"{size:.1f} GB"


COMMANDS = (backup, restore)
