"""The platform's own links of the permission chain."""

from __future__ import annotations

from typing import Any

from core.instance import values as instance
from core.permissions.operations import ADMIN_ONLY, CREATE_WORKSPACE, LIST_WORKSPACES, UPDATE_SETTINGS
from plugin_api.context import Actor
from plugin_api.errors import ApiError
from plugin_api.permissions import NOBODY, Access, PermissionManager, Permissions, role_uid
from plugin_api.platform import service


class CorePermissions:
    """What every signed-in user may do."""

    type = "core"
    order = 20

    def check(self, actor: Actor, operation: str, access: Access) -> bool | None:
        """Everybody may list their own workspaces."""
        return actor.user_id is not None if operation == LIST_WORKSPACES else None

    def permissions_object(self, actor: Actor, access: Access) -> list[str]:
        """The operations."""
        return [LIST_WORKSPACES]


class SettingPermissions:
    """What the instance's settings open to all users or keep for staff."""

    type = "setting_operation"
    order = 30

    def check(self, actor: Actor, operation: str, access: Access) -> bool | None:
        """Making workspaces may be closed: one query, for this operation only."""
        if operation != CREATE_WORKSPACE:
            return None
        return actor.user_id is not None and (actor.is_staff or self._open())

    def permissions_object(self, actor: Actor, access: Access) -> dict[str, list[str]]:
        """Which is which at the moment."""
        everybody, staff = ([CREATE_WORKSPACE], []) if self._open() else ([], [CREATE_WORKSPACE])
        return {"staff_only_operations": staff, "always_allowed_operations": everybody}

    def _open(self) -> bool:
        return bool(instance.values()["allow_global_workspace_creation"])


class StaffPermissions:
    """What is for staff of the instance."""

    type = "staff"
    order = 40

    def check(self, actor: Actor, operation: str, access: Access) -> bool | None:
        """Staff, and nobody else."""
        return actor.is_staff if operation == UPDATE_SETTINGS else None

    def permissions_object(self, actor: Actor, access: Access) -> dict[str, Any]:
        """The operations, and whether the user is staff."""
        return {"staff_only_operations": [UPDATE_SETTINGS], "is_staff": actor.is_staff}


class MemberPermissions:
    """Keeps outsiders out."""

    type = "member"
    order = 60

    def check(self, actor: Actor, operation: str, access: Access) -> bool | None:
        """Nothing is decided about members; 400 for users from outside, visitors are denied."""
        if access.role is not None:
            return None
        if access.workspace_id is None or actor.user_id is None:
            return False
        raise outsider()

    def permissions_object(self, actor: Actor, access: Access) -> bool | None:
        """Only outsiders are told."""
        return False if access.role is None else None


class BasicPermissions:
    """Admins and members, for an instance without roles. The last link: what comes here, it decides."""

    type = "basic"
    order = 90

    def check(self, actor: Actor, operation: str, access: Access) -> bool:
        """Admins may do all, members what is not for admins; other roles mean nothing here."""
        role, lowest = role_uid(access.role or ""), service(Permissions).operations()[operation].role
        if lowest == NOBODY:
            return False
        return role == "ADMIN" or (role == "BUILDER" and lowest != "ADMIN" and operation not in ADMIN_ONLY)

    def permissions_object(self, actor: Actor, access: Access) -> dict[str, Any] | None:
        """What is for admins, and whether the user is one."""
        if access.role is None:
            return None
        return {"admin_only_operations": list(ADMIN_ONLY), "is_admin": access.role == "ADMIN"}


def outsider() -> ApiError:
    """400 for somebody who is no member of the workspace."""
    return ApiError("ERROR_USER_NOT_IN_GROUP", 400, "You are not a member of this workspace.")


MANAGERS: tuple[PermissionManager, ...] = (
    CorePermissions(),
    SettingPermissions(),
    StaffPermissions(),
    MemberPermissions(),
    BasicPermissions(),
)
