"""Members of a workspace: listing them, changing their roles, removing them, and never losing the last admin."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from core.db.models import Membership, User, Workspace
from core.workspaces import operations, store
from core.workspaces.roles import role_of
from plugin_api import actions, context, events
from plugin_api.calls import attempt
from plugin_api.db import session
from plugin_api.errors import ApiError, does_not_exist
from plugin_api.orders import sorts_of
from plugin_api.permissions import NO_ROLE, ROLES, Access, require, role_uid, standing_of
from plugin_api.sql import text_sort
from plugin_api.states import active
from plugin_api.workspaces import MemberData

ADMIN = "ADMIN"
LAST_ADMIN = "ERROR_LAST_ADMIN_OF_GROUP"


@dataclass(frozen=True)
class Locked:
    """A membership nobody else can change until the commit. `stays`: the account is active and will stay so."""

    id: int
    role: str
    stays: bool


def lock(workspace_id: int, *user_ids: int) -> dict[int, Locked]:
    """Lock the memberships of a workspace's admins and of the given users, by user id, as they are now.

    Whoever takes an admin's role away holds these locks, always taken in the order of the ids, so that of two
    who do it at once the second sees what the first left.
    """
    query = (
        sa.select(Membership.id, Membership.user_id, Membership.permissions, User.is_active & ~User.to_be_deleted)
        .join(User, User.id == Membership.user_id)
        .where(Membership.workspace_id == workspace_id)
        .where((Membership.permissions == ADMIN) | Membership.user_id.in_(user_ids))
        .order_by(Membership.id)
        .with_for_update(of=Membership)
    )
    return {user_id: Locked(id_, role, stays) for id_, user_id, role, stays in session().execute(query)}


def require_other_admin(locked: Mapping[int, Locked], user_id: int, code: str) -> None:
    """400 with `code` when the user is an admin and no other one would stay."""
    _require_an_admin(locked, {user_id: ""}, code)


def require_an_admin(locked: Mapping[int, Locked], roles: Mapping[int, str]) -> None:
    """400 when somebody is an admin no longer with these roles, and nobody stays one or becomes one."""
    _require_an_admin(locked, roles, LAST_ADMIN)


def _require_an_admin(locked: Mapping[int, Locked], roles: Mapping[int, str], code: str) -> None:
    losing = any(locked[user_id].role == ADMIN and role != ADMIN for user_id, role in roles.items())
    admins = (found for user_id, found in locked.items() if roles.get(user_id, found.role) == ADMIN)
    if losing and not any(found.stays for found in admins):
        raise ApiError(code, 400, "This is the workspace's last admin. Make somebody else one first.")


def _role_uid() -> sa.ColumnElement[str]:
    known = {"MEMBER": "BUILDER", **{role: role for role in (*ROLES, NO_ROLE)}}
    return sa.case(known, value=Membership.permissions, else_=ROLES[0])


def _sort_keys() -> dict[str, list[sa.ColumnElement[Any]]]:
    name, email = sa.type_coerce(User.name, sa.Text()), sa.type_coerce(User.email, sa.Text())
    return {"name": text_sort(name), "email": text_sort(email), "role_uid": [_role_uid()]}


def list_members(workspace_id: int, search: str | None, sorts: str) -> list[dict[str, Any]]:
    """The members whose name or address has the text, in the order asked for: two queries and those of plugins."""
    order = sorts_of(filter(None, sorts.split(",")), _sort_keys())
    require(operations.LIST_USERS, store.find(workspace_id).access)
    query = sa.select(*store.MEMBER_COLUMNS, role_of().label("role")).join(User, User.id == Membership.user_id)
    query = query.where(Membership.workspace_id == workspace_id).order_by(*order, Membership.id)
    if search is not None:
        found = User.name.icontains(search, autoescape=True) | User.email.icontains(search, autoescape=True)
        query = query.where(found)
    rows = session().execute(query).all()
    return _with_data(workspace_id, [_listed(row) for row in rows])


def _listed(row: Any) -> dict[str, Any]:
    """A member; without a plugin that knows better the role counts everywhere, and there are no teams."""
    roles = {"role_uid": role_uid(row.permissions), "highest_role_uid": standing_of(row.role).highest()}
    return {**store.member_json(row), **roles, "teams": []}


def _with_data(workspace_id: int, listed: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    entries: Iterable[MemberData] = active("member_data") if listed else ()
    user_ids = [member["user_id"] for member in listed]
    for entry in entries:
        values: Mapping[int, Any] = attempt("member_data", entry.type, partial(entry.of, workspace_id, user_ids), {})
        for member in listed:
            if member["user_id"] in values:
                member[entry.type] = values[member["user_id"]]
    return list(listed)


@dataclass(frozen=True)
class Member:
    """A membership that exists, its JSON, and what the acting user is there."""

    shown: dict[str, Any]
    workspace_name: str
    access: Access

    @property
    def workspace_id(self) -> int:
        """Where."""
        return int(self.shown["workspace"])

    @property
    def user_id(self) -> int:
        """Who."""
        return int(self.shown["user_id"])


def _find(member_id: int) -> Member:
    mine = aliased(Membership)
    query = (
        sa.select(*store.MEMBER_COLUMNS, Workspace.name.label("workspace_name"), role_of(mine).label("role"))
        .join(User, User.id == Membership.user_id)
        .join(Workspace, Workspace.id == Membership.workspace_id)
        .outerjoin(mine, (mine.workspace_id == Workspace.id) & (mine.user_id == context.actor().user_id))
        .where(Membership.id == member_id, Workspace.trashed_on.is_(None))
    )
    row = session().execute(query).first()
    if row is None:
        raise _not_there()
    return Member(store.member_json(row), row.workspace_name, Access(row.workspace_id, row.role))


def _not_there() -> ApiError:
    return does_not_exist("group_user")


def _locked(member: Member, operation: str) -> dict[int, Locked]:
    """The locked memberships; the acting user may still do the operation and the member is still one."""
    locked = lock(member.workspace_id, member.user_id, context.user_id())
    require(operation, store.find(member.workspace_id).access)
    if member.user_id not in locked:
        raise _not_there()
    return locked


def update(member_id: int, role: str | None) -> dict[str, Any]:
    """Give a member another role; None leaves it. 400 for the last admin."""
    member = _find(member_id)
    require(operations.UPDATE_USER, member.access)
    if role is None or role == member.shown["permissions"]:
        return member.shown
    locked = _locked(member, operations.UPDATE_USER)
    if role != ADMIN:
        require_other_admin(locked, member.user_id, LAST_ADMIN)
    session().execute(sa.update(Membership).where(Membership.id == member_id).values(permissions=role))
    changed = Member({**member.shown, "permissions": role}, member.workspace_name, member.access)
    _record("update_group_user", changed, {"original_permissions": locked[member.user_id].role})
    announce("group_user_updated", changed.shown)
    return changed.shown


def remove(member_id: int) -> None:
    """Remove somebody else from the workspace."""
    member = _find(member_id)
    require(operations.DELETE_USER, member.access)
    locked = _locked(member, operations.DELETE_USER)
    if member.user_id == context.user_id():
        raise ApiError("ERROR_CANNOT_DELETE_YOURSELF_FROM_GROUP", 400, "Leave the workspace instead.")
    require_other_admin(locked, member.user_id, LAST_ADMIN)
    take_out(member_id)
    _record("delete_group_user", member, {})
    announce("group_user_deleted", member.shown)


def take_out(member_id: int) -> dict[str, Any]:
    """End a membership; answers what it was."""
    query = sa.select(*store.MEMBER_COLUMNS).join(User, User.id == Membership.user_id)
    shown = store.member_json(session().execute(query.where(Membership.id == member_id)).one())
    session().execute(sa.delete(Membership).where(Membership.id == member_id))
    return shown


def announce(event: str, shown: Mapping[str, Any]) -> None:
    """Tell of a member that came, changed or went."""
    payload = {"id": shown["id"], "workspace_id": shown["workspace"], "user_id": shown["user_id"]}
    events.emit(event, {**payload, "group_user": store.plain(dict(shown))}, shown["workspace"])


def _record(type_name: str, member: Member, more: Mapping[str, Any]) -> None:
    params = {
        "workspace_id": member.workspace_id,
        "workspace_name": member.workspace_name,
        "user_id": member.user_id,
        "email": member.shown["email"],
        "permissions": member.shown["permissions"],
        **more,
    }
    actions.record(type_name, scope=f"workspace{member.workspace_id}", workspace_id=member.workspace_id, params=params)
