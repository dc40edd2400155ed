"""PostgreSQL's own programs for dumps: where they are, and how they are run without showing a password."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import IO, Any

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from core.runtime.errors import StartError
from core.runtime.postgres_programs import SETTING, folder_of


@contextmanager
def dumping(url: str, setting: str, snapshot: str) -> Iterator[IO[bytes]]:
    """What pg_dump writes of the database as it was in an exported snapshot."""
    arguments = ["--format=custom", "--compress=1", "--no-owner", "--no-acl", "--no-comments", f"--snapshot={snapshot}"]
    process = _run("pg_dump", url, setting, arguments, stdout=subprocess.PIPE)
    assert process.stdout is not None
    try:
        yield process.stdout
    except BaseException:
        _kill(process)
        raise
    _end(process, "pg_dump")


@contextmanager
def restoring(url: str, setting: str) -> Iterator[IO[bytes]]:
    """Where to write a dump for pg_restore; StartError with its words when it fails."""
    arguments = ["--exit-on-error", "--no-owner", "--no-acl", "--no-comments"]
    process = _run("pg_restore", url, setting, arguments, stdin=subprocess.PIPE)
    assert process.stdin is not None
    try:
        yield process.stdin
        process.stdin.close()
    except BrokenPipeError:
        pass  # it failed, and says why
    except BaseException:
        _kill(process)
        raise
    _end(process, "pg_restore")


def _run(name: str, url: str, setting: str, arguments: Sequence[str], **pipes: int) -> subprocess.Popen[bytes]:
    with psycopg.connect(url) as connection:
        major = str(connection.info.server_version // 10_000)
    parts: dict[str, Any] = {key: value for key, value in conninfo_to_dict(url).items() if value is not None}
    env = {**os.environ, "PGPASSWORD": str(parts.pop("password", ""))}
    argv = [str(folder_of(name, setting, major) / name), *arguments, "--dbname", make_conninfo(**parts)]
    return subprocess.Popen(argv, env=env, stderr=subprocess.PIPE, **pipes)  # type: ignore[call-overload,no-any-return]


def _kill(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.communicate()


def _end(process: subprocess.Popen[bytes], name: str) -> None:
    assert process.stderr is not None
    with process.stderr as stderr:
        said = stderr.read().decode(errors="replace").strip()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with suppress(BrokenPipeError):
                pipe.close()
    if process.wait():
        hint = f" Set {SETTING} to the bin folder of a newer PostgreSQL." if "version mismatch" in said else ""
        raise StartError(f"{name} failed: {said}{hint}")
