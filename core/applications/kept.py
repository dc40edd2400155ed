"""Copies of applications that are kept apart, such as snapshots: made as of one moment, reached by nobody."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from core.applications import store
from core.db.models import Application
from plugin_api import context
from plugin_api.applications import ApplicationInfo, ApplicationType
from plugin_api.db import connection, session, unit_of_work
from plugin_api.errors import TryAgain


def keep(application_id: int, kind: ApplicationType, name: str, kept_by: str) -> ApplicationInfo:
    """Copy an application as it is at one moment, silently. Commits what was done before."""
    begin_moment([application_id])
    return _copy(kind, store.find(application_id).info, name, kept_by)


def begin_moment(application_ids: Sequence[int]) -> None:
    """Commit, and begin a transaction that sees applications as they were when it began."""
    tables = _tables(application_ids)
    _hold(tables)
    if _tables(application_ids) != tables:
        raise TryAgain("A table came or went meanwhile.")


def _tables(application_ids: Sequence[int]) -> list[str]:
    """Where the data of applications is."""
    found = [store.find(application_id).info for application_id in application_ids]
    kinds = [(info, store.kind_of(info.type)) for info in found]
    return sorted(table for info, kind in kinds if kind is not None for table in kind.tables(info))


def _hold(tables: Sequence[str]) -> None:
    """A transaction whose statements all see what was committed when the first of them began.

    LOCK TABLE does not count as a first one: the columns are held before the moment, or a table that is rewritten in
    between would look empty.
    """
    unit_of_work().commit()
    run = connection().exec_driver_sql
    run("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
    if tables:
        run(f"LOCK TABLE {', '.join(tables)} IN ACCESS SHARE MODE")


def find(copy_id: int) -> ApplicationInfo:
    """A kept copy; LookupError when there is none."""
    row = session().scalar(sa.select(Application).where(Application.id == copy_id, Application.kept_by.is_not(None)))
    if row is None:
        raise LookupError(f"there is no kept copy {copy_id}")
    return store.info_of(row)


def release(copy: ApplicationInfo, kind: ApplicationType, name: str) -> ApplicationInfo:
    """Make an application of a kept copy, silently: it is told of as a whole."""
    taken = name in store.names_in(copy.workspace_id)
    return _copy(kind, copy, store.unused_name(copy.workspace_id, name) if taken else name, None)


def remove(copy_id: int) -> None:
    """Remove a kept copy for good; nothing happens when it is gone."""
    chosen = sa.select(Application).where(Application.id == copy_id, Application.kept_by.is_not(None))
    for row in session().scalars(chosen).all():
        store.remove(store.info_of(row))


def _copy(kind: ApplicationType, source: ApplicationInfo, name: str, kept_by: str | None) -> ApplicationInfo:
    """A copy with its source's place in the workspace."""
    row = Application(workspace_id=source.workspace_id, type=kind.type, name=name, order=source.order, kept_by=kept_by)
    target = store.add(row)
    with context.changed(silent=True):
        store.copy(kind, source, target)
    return target
