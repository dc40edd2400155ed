"""What a plugin leaves when it is removed, and taking that away: through the deletion of each kind of thing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from core.applications import service as applications
from core.db.branches import Migrations
from core.db.models import Application, AuthProvider, Job, Membership, TrashEntry, Workspace
from core.plugin_system import usage
from core.plugin_system.loading import Loaded
from core.trash.removal import remove_entry
from plugin_api import Plugin, accounts, context
from plugin_api.administration import Held, Removal, UsageCount
from plugin_api.db import begin, connection, session
from plugin_api.platform import service

_ADMIN = "ADMIN"


class CannotRemove(ValueError):
    """A plugin's data cannot be taken away now; the text says why and what helps."""


@dataclass(frozen=True)
class Left:
    """What a plugin leaves, in words with numbers: what `take_away` removes, and what stays whatever is done."""

    goes: list[str]
    stays: list[str]


def found(name: str) -> Plugin:
    """The loaded plugin, when nothing speaks against removing it."""
    loaded = service(Loaded)
    plugin = next((one for one in loaded.plugins if one.name == name), None)
    if plugin is None:
        reasons = [problem.reason for problem in loaded.problems if problem.plugin == name]
        raise CannotRemove(f"no plugin called {name} is loaded{f': {reasons[0]}' if reasons else ''}")
    needed = usage.required_by(loaded.plugins)[name]
    if needed:
        raise CannotRemove(f"{name} is required by {', '.join(needed)}; remove those first")
    if not plugin.can_disable:
        raise CannotRemove(f"{name} is part of the product and cannot be removed")
    return plugin


def left_by(plugin: Plugin) -> Left:
    """What the plugin leaves: counted in the running unit of work."""
    removals = _removals()
    goes: list[str] = []
    stays: list[str] = []
    for kind, numbers in usage.uses()(plugin.name).items():
        texts = [f"{number} of {kind.replace('_', ' ')} {key}" for key, number in numbers.items() if number]
        (goes if kind in removals else stays).extend(texts)
    tables = _tables(plugin.name)
    goes += [f"{number} rows of the table {plugin.name}.{table}" for table, number in tables.items()]
    goes += [f"{number} {what}" for what, number in _of_the_core(plugin.name) if number]
    return Left(goes, stays)


def things_of(plugin: Plugin) -> list[tuple[Removal, Held]]:
    """What there is of its types, each with how it is taken away. CannotRemove while some of it cannot be."""
    things = [(removal, held) for _, key, removal in _own_types(plugin.name) for held in _all_of(removal, key)]
    kept = [held for _, held in things if not held.reachable]
    if kept:
        raise CannotRemove(
            f"{len(kept)} are in snapshots, or in what is in the trash, as {kept[0].name}: delete those snapshots and"
            " empty the trash first. Nothing was changed"
        )
    return things


def take_away(plugin: Plugin) -> list[str]:
    """Take its data away, each thing in a transaction of its own, so that it can be run again; answers what went.

    The plugin must be off: nothing new of its types is made meanwhile.
    """
    gone = []
    for removal, held in things_of(plugin):
        _remove(removal, held)
        gone.append(held.name)
    with begin():
        _forget(plugin)
    return gone


def _own_types(name: str) -> Iterator[tuple[str, str, Removal]]:
    registries = service(Loaded).registries
    for kind, removal in _removals().items():
        registry = registries[kind]
        yield from ((kind, key, removal) for key in registry if registry.provider(key) == name)


def _removals() -> Mapping[str, Removal]:
    counts: list[UsageCount] = service(Loaded).registries["usage_counts"].values()
    plugged = {count.type: count.removal for count in counts if count.removal is not None}
    return {**plugged, "application_types": _APPLICATIONS}


def _all_of(removal: Removal, key: str) -> Sequence[Held]:
    with begin():
        return removal.of(key)


def _remove(removal: Removal, held: Held) -> None:
    """Into the trash as an admin of the workspace, with all that follows from it; then out of it for good."""
    if not held.trashed:
        with begin(), context.acting_as(_admin_of(held)):
            removal.take_away(held.id)
    with begin() as unit:
        chosen = sa.select(TrashEntry).where(TrashEntry.type == removal.trash_type, TrashEntry.item_id == held.id)
        for entry in unit.session.scalars(chosen.with_for_update()).all():
            remove_entry(entry)


def _admin_of(held: Held) -> context.Actor:
    of_workspace = Membership.workspace_id == held.workspace_id, Membership.permissions == _ADMIN
    for user_id in session().scalars(sa.select(Membership.user_id).where(*of_workspace).order_by(Membership.id)):
        actor = accounts.actor(user_id)
        if actor is not None:
            return actor
    raise CannotRemove(f"{held.name}: its workspace has no admin any more; delete the workspace first")


def _applications_of(type_name: str) -> Sequence[Held]:
    reachable = sa.and_(Application.kept_by.is_(None), Workspace.trashed_on.is_(None)).label("reachable")
    columns = (Application.id, Application.workspace_id, Application.name, Application.trashed_on, reachable)
    query = sa.select(*columns).join(Workspace, Workspace.id == Application.workspace_id)
    rows = session().execute(query.where(Application.type == type_name).order_by(Application.id))
    return [Held(row.id, row.workspace_id, row.name, row.trashed_on is not None, row.reachable) for row in rows]


_APPLICATIONS = Removal(_applications_of, applications.delete, "application")


def _tables(schema: str) -> dict[str, int]:
    """The numbers of rows of the tables in a plugin's schema."""
    names = sa.text("SELECT tablename FROM pg_tables WHERE schemaname = :name ORDER BY 1")
    tables = list(connection().execute(names, {"name": schema}).scalars())
    count = 'SELECT count(*) FROM "{}"."{}"'
    return {name: int(connection().exec_driver_sql(count.format(schema, name)).scalar_one()) for name in tables}


def _keys(registry_name: str, plugin: str) -> list[str]:
    registry = service(Loaded).registries[registry_name]
    return [key for key in registry if registry.provider(key) == plugin]


def _of_the_core(plugin: str) -> Iterator[tuple[str, int]]:
    """What the core keeps under names of the plugin."""
    for what, column, registry_name in _KEPT:
        count = sa.select(sa.func.count()).where(column.in_(_keys(registry_name, plugin)))
        yield what, session().scalar(count) or 0


_KEPT = (
    ("jobs of its types", Job.type, "job_types"),
    ("ways to sign in of its types", AuthProvider.type, "auth_provider_types"),
    ("things in the trash of its types", TrashEntry.type, "trash_item_types"),
)


def _forget(plugin: Plugin) -> None:
    """Its schema, what says how far it was migrated, and what the core keeps under its names."""
    trashed = sa.select(TrashEntry).where(TrashEntry.type.in_(_keys("trash_item_types", plugin.name)))
    for entry in session().scalars(trashed.with_for_update()).all():
        remove_entry(entry)
    for _, column, registry_name in _KEPT[:2]:
        model = column.class_
        session().execute(sa.delete(model).where(column.in_(_keys(registry_name, plugin.name))))
    if plugin.migrations is not None:
        connection().exec_driver_sql(f'DROP SCHEMA IF EXISTS "{plugin.name}" CASCADE')
        revisions = service(Migrations).revisions_of(plugin.name)
        forget = sa.text("DELETE FROM core.migration WHERE version_num = ANY(:revisions)")
        connection().execute(forget, {"revisions": revisions})
