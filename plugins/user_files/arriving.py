"""Contents that arrive: written before the transaction that keeps their files commits, removed when it never does.

A mark in the file storage says that a content was written. It goes with the commit; what is marked and nobody's, after
a failed upload, a cancelled import or the end of a process, is removed by the next look at the marks.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

import sqlalchemy as sa

from plugin_api.db import after_commit, begin, connection
from plugin_api.periodic import PeriodicTask
from plugin_api.platform import service
from plugin_api.storage import Storage
from plugins.user_files.models import UserFile

FOLDER = "user_files"
_MARKS = f"{FOLDER}/arriving"
_LOCKS = 0x7566
"""The class of the advisory locks of those who keep contents; the object is the first byte of the digest."""
_SECONDS = 20.0


def content_name(sha256: str) -> str:
    """The name in the file storage of the content with this digest."""
    return f"{FOLDER}/content/{sha256[:2]}/{sha256}"


def expect(sha256: str) -> None:
    """Nobody removes the content with this digest before the running transaction ends."""
    _lock("pg_advisory_xact_lock_shared", sha256)


def mark(sha256: str) -> None:
    """Tell that the content is written now, until the commit."""
    name = _mark(sha256)
    service(Storage).write(name, (b"",))
    after_commit(lambda: service(Storage).delete(name))


def remove_unkept() -> None:
    """Remove contents whose transactions ended without keeping them."""
    for start, digests in groupby(_marked(), lambda sha256: sha256[:2]):
        with begin():
            if _lock("pg_try_advisory_xact_lock", start):
                _remove(list(digests))


def _marked() -> Iterator[str]:
    names = sorted(service(Storage).names(f"{_MARKS}/"))
    return (name.rpartition("/")[2] for name in names)


def _remove(digests: list[str]) -> None:
    """Remove those that are no file's; none can become one while the lock is held."""
    kept = set(connection().scalars(sa.select(UserFile.sha256).where(UserFile.sha256.in_(digests))))
    storage = service(Storage)
    for sha256 in digests:
        if sha256 not in kept:
            storage.delete(content_name(sha256))
        storage.delete(_mark(sha256))


def _mark(sha256: str) -> str:
    return f"{_MARKS}/{sha256}"


def _lock(function: str, sha256: str) -> bool:
    return bool(connection().exec_driver_sql(f"SELECT {function}({_LOCKS}, {int(sha256[:2], 16)})").scalar_one())


REMOVE_UNKEPT = PeriodicTask("remove-unkept-files", _SECONDS, remove_unkept)
