"""The commands that run the product: serve, web, worker, migrate."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import click

from core.cli.composition import Composition
from core.settings import Settings, SettingsError

_host = click.option("--host", help="Address to listen on.")
_port = click.option("--port", type=int, help="Port to listen on; 0 takes a free one.")
_data_dir = click.option(
    "--data-dir", type=click.Path(file_okay=False, path_type=Path), help="Folder for data and embedded servers."
)
_supervised = click.option("--supervised", is_flag=True, hidden=True)
_ready_fd = click.option("--ready-fd", type=int, hidden=True)


def _options(*options: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def add(command: Any) -> Any:
        for option in reversed(options):
            command = option(command)
        return command

    return add


@click.command()
@_options(_host, _port, _data_dir)
def serve(host: str | None, port: int | None, data_dir: Path | None) -> None:
    """Run the whole product: the web server, a worker, and the databases it needs unless settings name others."""
    from core.runtime.supervisor import serve

    sys.exit(serve(Settings.load(host=host, port=port, data_dir=data_dir)))


@click.command()
@_data_dir
def restart(data_dir: Path | None) -> None:
    """Replace web and worker of the running `serve`, without a failed request: for a new version, or new plugins."""
    from core.runtime.restarts import restart

    restart(Settings.load(data_dir=data_dir).data_dir.absolute())
    click.echo("Web and worker were replaced.")


@click.command()
@_options(_host, _port, _data_dir, _supervised, _ready_fd)
@click.option("--socket-fd", type=int, hidden=True)
@click.pass_obj
def web(
    composition: Composition,
    host: str | None,
    port: int | None,
    data_dir: Path | None,
    supervised: bool,
    ready_fd: int | None,
    socket_fd: int | None,
) -> None:
    """Run a web process alone, on the servers of DATABASE_URL and REDIS_URL."""
    from core.runtime import listening
    from core.runtime.web import run_web

    settings = _with_servers(Settings.load(host=host, port=port, data_dir=data_dir))
    _begin(settings, "web", supervised)
    sock = listening.bind(settings.host, settings.port) if socket_fd is None else socket.socket(fileno=socket_fd)
    composition.migrate(settings, stays=True)
    handler, started = getattr(composition, "websocket_handler", None), partial(_tell_ready, ready_fd)
    run_web(settings, composition.web_app(settings), sock, handler, supervised, started)


@click.command()
@_options(_data_dir, _supervised, _ready_fd)
@click.option("--only", is_flag=True, hidden=True)
@click.pass_obj
def worker(composition: Composition, data_dir: Path | None, supervised: bool, ready_fd: int | None, only: bool) -> None:
    """Run a worker alone, on the servers of DATABASE_URL and REDIS_URL."""
    from core.runtime.worker import run_worker

    settings = _with_servers(Settings.load(data_dir=data_dir))
    _begin(settings, "worker", supervised)
    composition.migrate(settings, stays=True)
    app = composition.worker(settings)
    _tell_ready(ready_fd)
    sys.exit(run_worker(settings, app, only))


@click.command()
@click.pass_obj
def migrate(composition: Composition) -> None:
    """Bring the database of DATABASE_URL up to date. `serve`, `web` and `worker` do so at their start."""
    settings = Settings.load()
    if not settings.database_url:
        raise SettingsError("DATABASE_URL", "is needed; the embedded database is migrated by `tablewright serve`")
    _begin(settings, "migrate", supervised=False)
    failed = composition.migrate(settings)
    for name, reason in failed.items():
        click.echo(f"tablewright: the plugin {name} is left out: {reason}", err=True)
    sys.exit(1 if failed else 0)


def _tell_ready(fd: int | None) -> None:
    """Tell the supervisor that this process does its work, or would if it had it alone."""
    if fd is not None:
        os.write(fd, b"1")
        os.close(fd)


def _with_servers(settings: Settings) -> Settings:
    for variable, value in (("DATABASE_URL", settings.database_url), ("REDIS_URL", settings.redis_url)):
        if not value:
            raise SettingsError(variable, "is needed here; `tablewright serve` runs on embedded servers without it")
    return settings


def _begin(settings: Settings, process: str, supervised: bool) -> None:
    """What every process of the product does first."""
    from core.runtime.lifeline import follow_supervisor
    from core.runtime.logging import configure
    from core.runtime.waiting import wait_for_servers

    configure(settings, process)
    if supervised:
        follow_supervisor()
    wait_for_servers(settings)


COMMANDS = (serve, restart, web, worker, migrate)
