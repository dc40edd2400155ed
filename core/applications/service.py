"""What users do with applications: permission, change, recorded action and announcement in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import orjson
import sqlalchemy as sa

from core.applications import kept, operations, store
from core.applications.reach import reachable, shown_ids
from core.applications.store import Found
from core.db.models import Application
from core.plugin_system.state import PluginStates
from plugin_api import actions, context, events, features, trash
from plugin_api.applications import ApplicationInfo, ApplicationType
from plugin_api.db import session
from plugin_api.errors import ApiError
from plugin_api.http import dumps, load_value
from plugin_api.orders import reordered
from plugin_api.permissions import Access, Permissions, allows, require, standing_of
from plugin_api.platform import registry, service
from plugin_api.trash import TrashItem


class ApplicationAccess:
    """The service plugins reach applications through (`plugin_api.applications.Applications`)."""

    def access(self, application_id: int) -> tuple[ApplicationInfo, Access]:
        """An application and the acting user's access to it: one query."""
        found = store.find(application_id)
        return found.info, found.access

    def reachable(self) -> sa.Select[Any]:
        """All applications that are shown, with the role of the user given as `acting_user_id`."""
        return reachable()

    def shown_ids(self) -> sa.Select[Any]:
        """The ids of all applications that are shown."""
        return shown_ids()

    def of_workspace(self, workspace_id: int) -> list[tuple[ApplicationInfo, Access]]:
        """The applications of a workspace, with the acting user's access to each."""
        return [(found.info, found.access) for found in store.of_workspace(workspace_id)]

    def shown(self, application_ids: Sequence[int]) -> list[dict[str, Any]]:
        """Applications as the API shows them."""
        return [plain(one) for one in store.serialize([store.find(found) for found in application_ids])]

    def make(
        self, workspace_id: int, type_name: str, name: str, fill: Callable[[ApplicationInfo], None]
    ) -> ApplicationInfo:
        """A new application, filled in silence and announced as a whole."""
        kind = usable_type(type_name)
        free = store.unused_name(workspace_id, name) if name in store.names_in(workspace_id) else name
        info = store.insert(workspace_id, kind.type, free)
        with context.changed(silent=True):
            fill(info)
        announce_created(store.find(info.id))
        return info

    def begin_moment(self, application_ids: Sequence[int]) -> None:
        """A transaction that sees applications as they were when it began."""
        kept.begin_moment(application_ids)

    def keep_copy(self, application_id: int, name: str, kept_by: str) -> ApplicationInfo:
        """A copy of an application as it is at one moment, kept apart."""
        return kept.keep(application_id, usable_type(store.find(application_id).info.type), name, kept_by)

    def release_copy(self, copy_id: int, name: str) -> ApplicationInfo:
        """A new application made of a kept copy, and announced."""
        copy = kept.find(copy_id)
        made = kept.release(copy, usable_type(copy.type), name)
        announce_created(store.find(made.id))
        return made

    def remove_copy(self, copy_id: int) -> None:
        """Remove a kept copy for good."""
        kept.remove(copy_id)


def _readable(found: list[Found]) -> list[Found]:
    return [one for one in found if allows(operations.READ, one.access)]


def list_all() -> list[dict[str, Any]]:
    """The applications of all the user's workspaces."""
    return store.serialize(_readable(store.of_member()))


def list_of_workspace(workspace_id: int) -> list[dict[str, Any]]:
    """The applications of a workspace the user may see."""
    require(operations.LIST, service(Permissions).workspace_access(workspace_id))
    return store.serialize(_readable(store.of_workspace(workspace_id)))


def get(application_id: int) -> dict[str, Any]:
    """One application."""
    found = store.find(application_id)
    require(operations.READ, found.access)
    return store.serialize([found])[0]


def usable_type(name: Any) -> ApplicationType:
    """The type to make an application of; 400 when there is none, or its plugin is switched off."""
    kind = store.kind_of(name) if isinstance(name, str) else None
    if kind is None:
        detail = f"There is no application type {str(name)[:100]!r}."
        raise ApiError("ERROR_APPLICATION_TYPE_DOES_NOT_EXIST", 400, detail)
    plugin = registry("application_types").provider(kind.type)
    if not service(PluginStates).is_enabled(plugin):
        raise ApiError("ERROR_PLUGIN_DISABLED", 400, f"The plugin {plugin} is switched off by the administrator.")
    features.require("application_types", kind.type)
    return kind


def create(
    workspace_id: int, kind: ApplicationType, name: str, init_with_data: bool, given: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Make an application at the end of the workspace; `given` may have settings of its type."""
    require(operations.CREATE, service(Permissions).workspace_access(workspace_id))
    settings = _settings(kind, given)

    def fill(info: ApplicationInfo) -> None:
        kind.created(info, init_with_data)
        if settings:
            kind.change(info, settings)

    return make(workspace_id, kind.type, name, fill, init_with_data)


def _settings(kind: ApplicationType | None, given: Mapping[str, Any] | None) -> Mapping[str, Any]:
    """What was given of the settings of a type; 400 for values that do not fit."""
    if kind is None or kind.settings is None or not given:
        return {}
    found: Mapping[str, Any] = load_value(kind.settings(), given)
    return found


def make(
    workspace_id: int, type_name: str, name: str, fill: Callable[[ApplicationInfo], None], with_data: bool
) -> dict[str, Any]:
    """Store, fill, record and announce an application, whatever the acting user may do."""
    info = store.insert(workspace_id, type_name, name)
    fill(info)
    found = store.find(info.id)
    shown = store.serialize([found])[0]
    record("create_application", info, {"with_data": with_data})
    announce_created(found, shown)
    return shown


def announce_created(found: Found, shown: dict[str, Any] | None = None) -> None:
    """Tell that there is a new application, which the acting user is shown like this."""
    payload = {"application_id": found.info.id, "application": _told(found, shown)}
    events.emit("application_created", payload, found.info.workspace_id)


def _told(found: Found, shown: dict[str, Any] | None = None) -> dict[str, Any]:
    """An application as events have it: with all that is in it, however much the acting user sees of it."""
    role = found.access.role
    if shown is None or (role is not None and standing_of(role).at):
        shown = store.serialize([replace(found, info=replace(found.info, access=None))])[0]
    return plain(shown)


def update(application_id: int, name: str | None, given: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Change an application: its name, None leaves it, and what is given of its type's settings."""
    found = store.find(application_id)
    require(operations.UPDATE, found.access)
    values = _settings(store.kind_of(found.info.type), given)
    if values:
        usable_type(found.info.type)
    return _change(found, name or found.info.name, values)


def put_back(application_id: int, name: str, settings: Mapping[str, Any]) -> None:
    """Give an application a name and settings it once had."""
    found = store.find(application_id)
    require(operations.UPDATE, found.access)
    _change(found, name, settings)


def _change(found: Found, name: str, values: Mapping[str, Any]) -> dict[str, Any]:
    info, kind = found.info, store.kind_of(found.info.type)
    before = kind.change(info, values) if kind is not None and values else {}
    if name == info.name and before == values:
        return store.serialize([found])[0]
    renaming = sa.update(Application).where(Application.id == info.id)
    session().execute(renaming.values(name=name, updated_on=sa.func.now()))
    changed = replace(info, name=name)
    after = replace(found, info=changed)
    shown = store.serialize([after])[0]
    settings = {"settings": dict(values), "original_settings": dict(before)} if values else {}
    record("update_application", changed, {"original_application_name": info.name, **settings})
    payload = {"application_id": info.id, "application": _told(after, shown)}
    events.emit("application_updated", payload, info.workspace_id)
    return shown


def delete(application_id: int) -> None:
    """Put an application into the trash."""
    found = store.find(application_id)
    require(operations.DELETE, found.access)
    session().execute(sa.update(Application).where(Application.id == application_id).values(trashed_on=sa.func.now()))
    trash.put(
        TrashItem(
            "application",
            application_id,
            found.info.workspace_id,
            found.info.name,
            application_id=application_id,
            parent_name=found.workspace_name,
        )
    )
    record("delete_application", found.info, {}, undoable=True)
    events.emit("application_deleted", {"application_id": application_id}, found.info.workspace_id)


def reorder(workspace_id: int, application_ids: list[int]) -> None:
    """Put the given applications into the given order, in the places they have together; the others stay."""
    access = service(Permissions).workspace_access(workspace_id)
    require(operations.ORDER, access)
    before = [found.info.id for found in store.of_workspace(workspace_id)]
    wanted = list(dict.fromkeys(application_ids))
    strangers = set(wanted) - set(before)
    if strangers:
        detail = f"The application {min(strangers)} does not belong to the workspace."
        raise ApiError("ERROR_APPLICATION_NOT_IN_GROUP", 400, detail)
    after = reordered(before, wanted)
    if after == before:
        return
    store.set_orders(after)
    params = {"order": after, "original_order": before}
    actions.record("order_applications", scope=f"workspace{workspace_id}", workspace_id=workspace_id, params=params)
    events.emit("applications_reordered", {"workspace_id": workspace_id, "order": after}, workspace_id)


def put_in_order(workspace_id: int, application_ids: list[int]) -> None:
    """Order those of the applications that are still there, as recorded actions have them."""
    there = {found.info.id for found in store.of_workspace(workspace_id)}
    reorder(workspace_id, [one for one in application_ids if one in there])


def record(type_name: str, info: ApplicationInfo, more: Mapping[str, Any], undoable: bool | None = None) -> None:
    """Record what was done with an application; what cannot be undone belongs to no client session."""
    kind = store.kind_of(info.type)
    can_be_undone = undoable or kind is None or kind.undoable
    params = {"application_id": info.id, "application_name": info.name, "type": info.type, **more}
    scope, session_id = f"workspace{info.workspace_id}", context.current().client_session_id
    with context.changed(client_session_id=session_id if can_be_undone else None):
        actions.record(type_name, scope=scope, workspace_id=info.workspace_id, params=params)


def plain(shown: dict[str, Any]) -> dict[str, Any]:
    """What the API shows, as bare JSON values."""
    found: dict[str, Any] = orjson.loads(dumps(shown))
    return found
