"""What users do with workspaces: permission, change, recorded action and announcement in one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from core.db.models import Membership, Workspace
from core.permissions.managers import outsider
from core.permissions.operations import CREATE_WORKSPACE, LIST_WORKSPACES
from core.workspaces import ai_settings, members, operations, store
from core.workspaces.store import Found
from plugin_api import actions, context, events, trash
from plugin_api.db import session
from plugin_api.permissions import Access, Permissions, require
from plugin_api.platform import service
from plugin_api.trash import TrashItem


def list_workspaces() -> list[dict[str, Any]]:
    """The acting user's workspaces in their order."""
    require(LIST_WORKSPACES, Access())
    return store.of_user(context.user_id())


def create(name: str) -> dict[str, Any]:
    """Make a workspace whose admin is the acting user."""
    require(CREATE_WORKSPACE, Access())
    return create_workspace(context.user_id(), name, "create_group")


def create_workspace(user_id: int, name: str, action: str) -> dict[str, Any]:
    """Make a workspace with the user as its admin, at the end of their list, whatever they may do."""
    workspace_id = store.insert(user_id, name)
    shown = store.one_of_user(user_id, workspace_id)
    params = {"workspace_id": workspace_id, "workspace_name": name}
    actions.record(action, scope="root", workspace_id=workspace_id, params=params)
    events.emit("group_created", {"workspace_id": workspace_id, "workspace": store.plain(shown)}, workspace_id)
    return shown


def update(workspace_id: int, name: str) -> dict[str, Any]:
    """Rename a workspace."""
    found = store.find(workspace_id)
    require(operations.UPDATE, found.access)
    shown = {**found.json(), "name": name}
    if name != found.name:
        _set(workspace_id, name=name)
        _record("update_group", found, {"workspace_name": name, "original_workspace_name": found.name})
        events.emit("group_updated", {"workspace_id": workspace_id, "workspace": shown}, workspace_id)
    return shown


def delete(workspace_id: int) -> None:
    """Put a workspace into the trash, with all that is in it."""
    found = store.find(workspace_id, lock=True)
    require(operations.DELETE, found.access)
    _set(workspace_id, trashed_on=sa.func.now())
    trash.put(TrashItem("workspace", workspace_id, workspace_id, found.name))
    _record("delete_group", found, {})
    tell_deleted(found)


def tell_deleted(found: Found) -> None:
    """Announce that a workspace is gone; who was in it, since nobody finds that out any more."""
    members_of = sa.select(Membership.user_id).where(Membership.workspace_id == found.id)
    payload = {"workspace_id": found.id, "workspace": found.json(), "member_ids": sorted(session().scalars(members_of))}
    events.emit("group_deleted", payload, found.id)


def leave(workspace_id: int) -> None:
    """End the acting user's membership; 400 for the last admin."""
    found = store.find(workspace_id)
    user_id = context.user_id()
    locked = members.lock(workspace_id, user_id)
    if user_id not in locked:
        raise outsider()
    members.require_other_admin(locked, user_id, "ERROR_GROUP_USER_IS_LAST_ADMIN")
    gone = members.take_out(locked[user_id].id)
    _record("leave_group", found, {})
    members.announce("group_user_deleted", gone)


def order(workspace_ids: Sequence[int]) -> None:
    """Give the acting user's workspaces the places they have in the list; others keep theirs, strangers count."""
    user_id = context.user_id()
    before = _places(user_id)
    given = {workspace_id: place for place, workspace_id in enumerate(workspace_ids, 1)}
    after = {workspace_id: place for workspace_id, place in given.items() if workspace_id in before}
    changed = {workspace_id: place for workspace_id, place in after.items() if before[workspace_id] != place}
    if not changed:
        return
    _set_places(user_id, changed)
    params = {"places": changed, "original_places": {workspace_id: before[workspace_id] for workspace_id in changed}}
    actions.record("order_groups", scope="root", workspace_id=None, params=params)
    events.emit("groups_reordered", {"user_id": user_id, "workspace_ids": list(after)})


def put_at(places: Mapping[str, int]) -> None:
    """Give the acting user's workspaces these places, by their ids as text, as recorded actions have them."""
    user_id, wanted = context.user_id(), {int(workspace_id): place for workspace_id, place in places.items()}
    _set_places(user_id, wanted)
    after = {**_places(user_id), **wanted}
    events.emit("groups_reordered", {"user_id": user_id, "workspace_ids": sorted(after, key=lambda one: after[one])})


def _places(user_id: int) -> dict[int, int]:
    query = (
        sa.select(Membership.workspace_id, Membership.order)
        .join(Workspace, Workspace.id == Membership.workspace_id)
        .where(Membership.user_id == user_id, Workspace.trashed_on.is_(None))
    )
    return {row.workspace_id: row.order for row in session().execute(query)}


def _set_places(user_id: int, places: Mapping[int, int]) -> None:
    statement = sa.text(
        'UPDATE core.membership AS m SET "order" = o.place'
        " FROM unnest(CAST(:ids AS bigint[]), CAST(:places AS bigint[])) AS o(id, place)"
        " WHERE m.workspace_id = o.id AND m.user_id = :user_id"
    )
    values = {"ids": list(places), "places": list(places.values()), "user_id": user_id}
    session().execute(statement, values)


def permissions_of(workspace_id: int) -> list[dict[str, Any]]:
    """What the acting user is told of their permissions in a workspace; outsiders too."""
    chain = service(Permissions)
    return chain.objects(context.actor(), chain.workspace_access(workspace_id))


def read_ai_settings(workspace_id: int) -> dict[str, Any]:
    """The workspace's own access to AI providers."""
    found = store.find(workspace_id)
    require(operations.UPDATE, found.access)
    return ai_settings.opened(found.ai_settings)


def change_ai_settings(workspace_id: int, given: Mapping[str, Any]) -> dict[str, Any]:
    """Replace the workspace's access to AI providers."""
    found = store.find(workspace_id)
    require(operations.UPDATE, found.access)
    sealed = ai_settings.sealed(given)
    _set(workspace_id, generative_ai_models_settings=sealed)
    shown = Found(found.id, found.name, sealed, found.access).json()
    _record("update_group_ai_settings", found, {"providers": sorted(sealed)})
    events.emit("group_updated", {"workspace_id": workspace_id, "workspace": shown}, workspace_id)
    return shown


def _set(workspace_id: int, **values: Any) -> None:
    change = sa.update(Workspace).where(Workspace.id == workspace_id)
    session().execute(change.values(updated_on=sa.func.now(), **values))


def _record(type_name: str, found: Found, more: Mapping[str, Any]) -> None:
    params = {"workspace_id": found.id, "workspace_name": found.name, **more}
    actions.record(type_name, scope="root", workspace_id=found.id, params=params)
