"""Folders: the data folder and its lock, private folders, and places short enough for unix sockets."""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from core.runtime.errors import StartError
from core.runtime.system_account import Account

# A unix socket's path is limited to 108 bytes on Linux and 104 on macOS, with a NUL at the end.
_SOCKET_PATH_LIMIT = 100
# Socket folders stand in URLs and in configuration files: no character may mean something there.
_PLAIN_PATH = re.compile(r"[A-Za-z0-9/._-]+")


class InUse(StartError):
    """Another process runs its servers in the data folder."""


@contextmanager
def locked(data_dir: Path) -> Iterator[Path]:
    """The data folder as an absolute path, made if need be, and ours alone until the end."""
    data_dir = Path(os.path.abspath(data_dir))
    make_data_dir(data_dir)
    with open(os.open(data_dir / "lock", os.O_RDWR | os.O_CREAT, 0o600), "r+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise InUse(_in_use(data_dir, file.read().strip())) from None
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        yield data_dir
        file.seek(0)
        file.truncate(0)


def _in_use(data_dir: Path, pid: str) -> str:
    return (
        f"The data folder {data_dir} is in use by process {pid or '(unknown)'}, another `tablewright serve`. "
        "Stop that one first, or give this one a folder of its own with --data-dir."
    )


def make_data_dir(data_dir: Path) -> None:
    """Make the data folder: closed to others, but for root's passable, so that PostgreSQL's account gets through."""
    try:
        data_dir.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700, parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError, PermissionError, OSError) as error:
        raise StartError(f"The data folder {data_dir} cannot be made: {error.strerror}. Set --data-dir.") from None
    if not os.access(data_dir, os.W_OK | os.X_OK):
        raise StartError(f"The data folder {data_dir} is not writable for this user. Set --data-dir.")


def private_dir(path: Path, owner: Account | None = None) -> Path:
    """Make `path`, or check that it is `owner`'s (ours by default) and closed to others."""
    uid = os.geteuid() if owner is None else owner.uid
    try:
        path.mkdir(mode=0o700)
        if owner is not None and uid != os.geteuid():
            os.chown(path, owner.uid, owner.gid)
    except FileExistsError:
        _check_private(path, uid)
    return path


def _check_private(path: Path, uid: int) -> None:
    found = path.lstat()
    if found.st_uid != uid:
        raise StartError(
            f"{path} belongs to user id {found.st_uid} and is needed as user id {uid}. "
            "Start as the user who started first, or give another folder with --data-dir."
        )
    if not stat.S_ISDIR(found.st_mode) or found.st_mode & 0o077:
        raise StartError(f"{path} must be a folder that others cannot enter: chmod 700 {path}")


def socket_dir(preferred: Path, name: str, owner: Account | None = None) -> Path:
    """A private folder for the socket `name`: `preferred`, else one in the temporary folder with a name to match."""
    short = len(os.fsencode(preferred / name)) <= _SOCKET_PATH_LIMIT
    if short and _PLAIN_PATH.fullmatch(str(preferred)):
        return private_dir(preferred, owner)
    return private_dir(_temporary_root() / f"tablewright-{digest(preferred)}", owner)


def _temporary_root() -> Path:
    chosen = Path(tempfile.gettempdir())
    return chosen if len(str(chosen)) < 50 and _PLAIN_PATH.fullmatch(str(chosen)) else Path("/tmp")


def digest(path: Path) -> str:
    """A short name for a path and a user."""
    return hashlib.sha256(f"{os.geteuid()} {path}".encode(errors="surrogateescape")).hexdigest()[:16]
