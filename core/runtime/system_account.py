"""Accounts of the operating system: which one the embedded PostgreSQL runs as, and what it can reach."""

from __future__ import annotations

import os
import pwd
import stat
from dataclasses import dataclass
from pathlib import Path

from core.runtime.errors import StartError

# PostgreSQL refuses to run as root. These exist on the usual systems, the first where PostgreSQL is installed.
_UNPRIVILEGED = ("postgres", "nobody")


@dataclass(frozen=True)
class Account:
    """A user of the operating system."""

    name: str
    uid: int
    gid: int

    @property
    def is_us(self) -> bool:
        """Whether this process runs as it."""
        return self.uid == os.geteuid()

    def can_pass(self, folder: Path) -> bool:
        """Whether the account gets through `folder` and all the folders above it."""
        folder = folder.resolve()
        return all(self._may(parent, 0o1) for parent in (folder, *folder.parents))

    def can_run(self, program: Path) -> bool:
        """Whether the account can reach and run `program`."""
        return self.can_pass(program.parent) and self._may(program.resolve(), 0o5)

    def _may(self, path: Path, wanted: int) -> bool:
        try:
            found = path.stat()
        except OSError:
            return False
        shift = 6 if found.st_uid == self.uid else 3 if found.st_gid == self.gid else 0
        return stat.S_IMODE(found.st_mode) >> shift & wanted == wanted


def own_account() -> Account:
    """The account this process runs as."""
    uid = os.geteuid()
    try:
        name = pwd.getpwuid(uid).pw_name
    except KeyError:
        raise StartError(
            f"User id {uid} has no name on this system, which PostgreSQL needs. "
            "Run as a user with an entry in /etc/passwd, or set DATABASE_URL."
        ) from None
    return Account(name, uid, os.getegid())


def postgres_account(cluster: Path) -> Account:
    """The account to run PostgreSQL as: the owner of an existing cluster, else us, else one without rights."""
    if cluster.exists():
        return _owner(cluster)
    return own_account() if os.geteuid() else _unprivileged()


def _owner(cluster: Path) -> Account:
    found = cluster.stat()
    if os.geteuid() not in (0, found.st_uid):
        raise StartError(
            f"The database in {cluster} belongs to user id {found.st_uid}. Start as that user or as root, "
            "or give another folder with --data-dir."
        )
    if found.st_uid == 0:
        raise StartError(f"The database in {cluster} belongs to root, as whom PostgreSQL does not run: chown it.")
    try:
        name = pwd.getpwuid(found.st_uid).pw_name
    except KeyError:
        raise StartError(f"The database in {cluster} belongs to user id {found.st_uid}, which has no name.") from None
    return Account(name, found.st_uid, found.st_gid)


def _unprivileged() -> Account:
    for name in _UNPRIVILEGED:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        if entry.pw_uid:
            return Account(name, entry.pw_uid, entry.pw_gid)
    raise StartError(
        "PostgreSQL does not run as root, and this system has neither an account `postgres` nor `nobody`. "
        "Start as an ordinary user, or set DATABASE_URL."
    )
