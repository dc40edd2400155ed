"""The embedded servers: where they run, what they refuse, and what they clear away."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import redis

from core.runtime import folders, listening, postgres_lock
from core.runtime.embedded import servers, temporary_folder
from core.runtime.errors import StartError
from core.runtime.postgres import Postgres
from core.runtime.postgres_programs import programs
from core.runtime.system_account import Account, own_account, postgres_account


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that PostgreSQL's account gets through."""
    with temporary_folder() as found:
        yield found


def _program(folder: Path, name: str, version: str) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\necho '{name} (PostgreSQL) {version}'\n")
    path.chmod(0o755)


def test_servers_work_and_keep_their_data(folder: Path) -> None:
    with servers(folder / "data") as running:
        with psycopg.connect(running.database_url) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 'Grüße' AS text")
            shown = connection.execute("SELECT current_setting('listen_addresses'), current_setting('fsync')")
            assert shown.fetchone() == ("", "on")
            locale = connection.execute(
                "SELECT datcollate, pg_encoding_to_char(encoding) FROM pg_database WHERE datname = current_database()"
            )
            assert locale.fetchone() == ("C", "UTF8")
        with redis.Redis.from_url(running.redis_url) as cache:
            cache.set("kept", "too")
    with servers(folder / "data") as running:
        with psycopg.connect(running.database_url) as connection:
            assert connection.execute("SELECT text FROM kept").fetchone() == ("Grüße",)
        with redis.Redis.from_url(running.redis_url) as cache:
            assert cache.get("kept") == b"too"


def test_a_long_path_with_odd_characters(folder: Path) -> None:
    data_dir = folder / ("long, and 'odd' ü" * 4) / ("x" * 60)
    for parent in (data_dir.parent, data_dir):
        parent.mkdir()
        parent.chmod(0o711)
    with servers(data_dir) as running, psycopg.connect(running.database_url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
        assert len(running.redis_url) < 120
    assert (data_dir / "postgres" / "cluster").exists()


def test_operators_settings_are_read_last(folder: Path) -> None:
    postgres = Postgres(folder)
    postgres.prepare()
    local = folder / "postgres" / "cluster" / "local.conf"
    local.write_text("max_connections = 12\n")
    local.chmod(0o644)
    with servers(folder) as running, psycopg.connect(running.database_url) as connection:
        assert connection.execute("SHOW max_connections").fetchone() == ("12",)


def test_a_lock_whose_process_is_another_program_is_removed(folder: Path) -> None:
    """As in a container that is started anew, where ids begin from one again."""
    (folder / "postmaster.pid").write_text(f"{os.getpid()}\n{folder}\n")
    postgres_lock.clear(folder)
    assert not (folder / "postmaster.pid").exists()


def test_a_folder_is_for_one_at_a_time(folder: Path) -> None:
    with (
        folders.locked(folder),
        pytest.raises(StartError, match=f"in use by process {os.getpid()}.*--data-dir"),
        folders.locked(folder),
    ):
        pytest.fail("was locked twice")


def test_a_folder_that_cannot_be_made(folder: Path) -> None:
    (folder / "file").write_text("")
    with pytest.raises(StartError, match="--data-dir"):
        folders.make_data_dir(folder / "file" / "data")


def test_private_folders_are_private(folder: Path) -> None:
    made = folders.private_dir(folder / "private")
    assert stat.S_IMODE(made.stat().st_mode) == 0o700
    made.chmod(0o755)
    with pytest.raises(StartError, match="chmod 700"):
        folders.private_dir(made)


def test_a_link_is_no_private_folder(folder: Path) -> None:
    """Others may make links in the temporary folder."""
    (folder / "target").mkdir(mode=0o700)
    (folder / "link").symlink_to(folder / "target")
    with pytest.raises(StartError):
        folders.private_dir(folder / "link")


def test_programs_fit_the_cluster(folder: Path) -> None:
    binaries = folder / "postgresql" / "bin"
    _program(binaries, "postgres", "17.2")
    _program(binaries, "initdb", "17.2")
    cluster = folder / "cluster"
    assert programs(str(binaries), cluster, own_account()) == binaries
    cluster.mkdir()
    (cluster / "PG_VERSION").write_text("16\n")
    with pytest.raises(StartError, match="made by PostgreSQL 16.*TABLEWRIGHT_POSTGRES_BIN") as caught:
        programs(str(binaries), cluster, own_account())
    assert "(PostgreSQL 17)" in str(caught.value)


def test_missing_programs_are_told_with_the_setting(folder: Path) -> None:
    with pytest.raises(StartError, match="TABLEWRIGHT_POSTGRES_BIN"):
        programs(str(folder), folder / "cluster", own_account())


def test_an_account_passes_only_open_folders(folder: Path) -> None:
    stranger = Account("stranger", 54321, 54321)
    closed = folder / "closed"
    closed.mkdir(mode=0o700)
    (closed / "below").mkdir()
    folder.chmod(0o711)
    assert stranger.can_pass(folder)
    assert not stranger.can_pass(closed / "below")
    assert own_account().can_pass(closed / "below")


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root")
def test_root_runs_postgres_as_another_account(folder: Path) -> None:
    account = postgres_account(folder / "cluster")
    assert account.uid != 0
    with servers(folder):
        cluster = folder / "postgres" / "cluster"
        assert cluster.stat().st_uid == account.uid
        pid = int((cluster / "postmaster.pid").read_text().splitlines()[0])
        assert Path(f"/proc/{pid}").stat().st_uid == account.uid


def test_answers_are_sent_without_delay() -> None:
    import socket

    with listening.bind("127.0.0.1", 0) as sock:
        assert sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


@pytest.mark.parametrize(
    ("host", "message"), [("no.such.host.invalid", "TABLEWRIGHT_HOST"), ("192.0.2.1", "192.0.2.1")]
)
def test_an_address_that_is_not_ours(host: str, message: str) -> None:
    with pytest.raises(StartError, match=message):
        listening.bind(host, 0)


@pytest.mark.parametrize(
    ("host", "shown"),
    [
        ("0.0.0.0", "http://127.0.0.1:80"),
        ("::", "http://[::1]:80"),
        ("::1", "http://[::1]:80"),
        ("a.b", "http://a.b:80"),
    ],
)
def test_web_address(host: str, shown: str) -> None:
    assert listening.web_address(host, 80) == shown


def test_the_supervisor_is_light() -> None:
    code = (
        "import core.runtime.supervisor, core.cli.program, sys;"
        "print([m for m in ('flask', 'sqlalchemy', 'celery', 'structlog', 'redis', 'psycopg') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
