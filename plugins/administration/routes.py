"""HTTP operations with which staff administrate users and workspaces."""

from __future__ import annotations

from typing import Any

from plugin_api import paging
from plugin_api.http import Blueprint
from plugins.administration import dashboard, schemas, users, workspaces

of_users = Blueprint("admin_users", __name__, url_prefix="/api/admin/users", description="Users of the instance")
of_workspaces = Blueprint(
    "admin_workspaces", __name__, url_prefix="/api/admin/workspaces", description="Workspaces of the instance"
)
of_dashboard = Blueprint(
    "admin_dashboard", __name__, url_prefix="/api/admin/dashboard", description="How the instance is used"
)
BLUEPRINTS: list[Blueprint] = [of_users, of_workspaces, of_dashboard]

_LIST = ("ERROR_PAGE_SIZE_LIMIT", "ERROR_INVALID_SORT_DIRECTION", "ERROR_INVALID_SORT_ATTRIBUTE")


@of_users.operation(
    "GET",
    "/",
    id="admin_list_users",
    summary="List all users",
    description="The users of the instance with the workspaces they are in. `search` is looked for in names and "
    "addresses. Sorted by `id`, `name`, `username`, `date_joined`, `last_login` or `is_active`. For staff.",
    query=schemas.AdminListQuery,
    response=schemas.AdminUserPage,
    errors=_LIST,
    staff=True,
)
def list_users(query: dict[str, Any]) -> Any:
    """A page of users."""
    window = paging.window_or_page()
    return window.answer(*users.page(query["search"], query["sorts"], window.limit, window.offset))


@of_users.operation(
    "POST",
    "/",
    id="admin_create_user",
    summary="Make a user",
    description="Makes an account, whether people may sign up or not. For staff.",
    body=schemas.NewUserBody,
    response=schemas.AdminUserAnswer,
    errors=("USER_ADMIN_ALREADY_EXISTS",),
    staff=True,
)
def create_user(body: dict[str, Any]) -> Any:
    """Make a user."""
    return users.create(body)


@of_users.operation(
    "PATCH",
    "/<int:user_id>/",
    id="admin_edit_user",
    summary="Change a user",
    description="Changes what is given. An account that is switched off is signed off everywhere at once; with a new "
    "password, sessions end with their access token, minutes later. Staff cannot switch themselves off, and one "
    "administrator always stays. For staff.",
    body=schemas.ChangedUserBody,
    response=schemas.AdminUserAnswer,
    errors=(
        "USER_ADMIN_UNKNOWN_USER",
        "USER_ADMIN_ALREADY_EXISTS",
        "USER_ADMIN_CANNOT_DEACTIVATE_SELF",
        "ERROR_USER_IS_LAST_ADMIN",
    ),
    staff=True,
)
def edit_user(user_id: int, body: dict[str, Any]) -> Any:
    """Change a user."""
    return users.change(user_id, body)


@of_users.operation(
    "DELETE",
    "/<int:user_id>/",
    id="admin_delete_user",
    summary="Delete a user",
    description="Removes an account at once. Workspaces nobody else is in go to the trash. For staff.",
    status=204,
    errors=("USER_ADMIN_UNKNOWN_USER", "USER_ADMIN_CANNOT_DELETE_SELF", "ERROR_USER_IS_LAST_ADMIN"),
    staff=True,
)
def delete_user(user_id: int) -> None:
    """Delete a user."""
    users.delete(user_id)


@of_users.operation(
    "POST",
    "/impersonate/",
    id="admin_impersonate_user",
    summary="Act as a user",
    description="Starts a session in the name of a user who is no staff, to see what they see. It is recorded who did "
    "so. For staff.",
    body=schemas.ImpersonateBody,
    response=schemas.AdminSessionAnswer,
    staff=True,
)
def impersonate_user(body: dict[str, Any]) -> Any:
    """Act as a user."""
    return users.impersonate(body["user"])


@of_workspaces.operation(
    "GET",
    "/",
    id="admin_list_workspaces",
    summary="List all workspaces",
    description="The workspaces of the instance with their members and what is in them. `search` is looked for in "
    "names, or is an id. Sorted by `id`, `name`, `application_count` or `created_on`. For staff.",
    query=schemas.AdminListQuery,
    response=schemas.AdminWorkspacePage,
    errors=_LIST,
    staff=True,
)
def list_workspaces(query: dict[str, Any]) -> Any:
    """A page of workspaces."""
    window = paging.window_or_page()
    return window.answer(*workspaces.page(query["search"], query["sorts"], window.limit, window.offset))


@of_workspaces.operation(
    "DELETE",
    "/<int:workspace_id>/",
    id="admin_delete_workspace",
    summary="Delete a workspace for good",
    description="Takes the workspace with all that is in it away from its members, past the trash: it cannot be "
    "restored. For staff.",
    status=204,
    errors=("ERROR_GROUP_DOES_NOT_EXIST",),
    staff=True,
)
def delete_workspace(workspace_id: int) -> None:
    """Delete a workspace."""
    workspaces.delete(workspace_id)


@of_dashboard.operation(
    "GET",
    "/",
    id="admin_dashboard",
    summary="Read how the instance is used",
    description="How many users, workspaces and applications there are, and how many users are new or signed in, in "
    "the last day, week and month, in as long a time before, and on each of the last 30 days in UTC. For staff.",
    response=schemas.AdminDashboardAnswer,
    staff=True,
)
def read_dashboard() -> Any:
    """The figures."""
    return dashboard.figures()
