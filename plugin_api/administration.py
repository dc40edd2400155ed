"""What administrators see and do: accounts, the instance as a whole, and what plugins add to lists and pages."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import sqlalchemy as sa

from plugin_api.db import session


class AccountAdministration(Protocol):
    """The service that changes other people's accounts. Callers make sure that the acting user is staff.

    The refusals are ApiErrors: USER_ADMIN_UNKNOWN_USER, USER_ADMIN_ALREADY_EXISTS for an address that is taken, and
    ERROR_USER_IS_LAST_ADMIN for what would leave the instance without an administrator.
    """

    def create(self, values: Mapping[str, Any]) -> int:
        """Make an account of name, username, password, is_active and is_staff, the last two as wanted; its id."""

    def change(self, user_id: int, values: Mapping[str, Any]) -> None:
        """Change some of them. A new password and switching an account off end its sessions."""

    def delete(self, user_id: int) -> None:
        """Remove an account at once. Workspaces nobody else is in go to the trash."""

    def session_of(self, user_id: int) -> dict[str, Any]:
        """A new session in the name of a user, as the answer to signing in."""

    def reset_link(self, user_id: int, page: str, mail: bool) -> str:
        """A link to a page of ours that takes a token to choose a new password with; `mail`: mail it to them too."""

    def choose_password(self, token: str, password: str) -> None:
        """Set the password of the user a reset link was made for; it is good once, and all sessions end."""


class PageSessions(Protocol):
    """The service for pages of the product's own, whose users are known by a cookie."""

    def begin(self, email: str, password: str) -> str:
        """Sign in; answers what to keep in a cookie. The refusals and limits are those of `POST /api/user/token-auth/`.

        Refused with 403 ERROR_STAFF_ONLY for people who are no staff.
        """

    def enter(self, session: str) -> bool:
        """Act as the user of the session from now on; False when it has ended, or they are no staff any more."""

    def end(self, session: str) -> None:
        """Sign off: the session is of no use from now on."""


class Instance(Protocol):
    """The service that knows and changes the instance as a whole. Callers make sure that the acting user is staff."""

    def health(self) -> Mapping[str, str]:
        """Every check's name with "ok" or what is wrong. It really checks, which may take seconds."""

    def plugins(self) -> list[dict[str, Any]]:
        """The loaded plugins, as `GET /api/admin/plugins/` lists them."""

    def problems(self) -> list[dict[str, str | None]]:
        """The plugins that could not be loaded: name and reason."""

    def switch_plugin(self, name: str, enabled: bool) -> None:
        """Switch a plugin on or off, as `PATCH /api/admin/plugins/{name}/` does."""

    def settings(self) -> dict[str, Any]:
        """The instance settings by name."""

    def change_settings(self, values: Mapping[str, Any]) -> None:
        """Change some; 400 ERROR_REQUEST_BODY_VALIDATION for values they cannot have."""

    def jobs(self, states: Sequence[str], limit: int, offset: int) -> tuple[int, list[JobEntry]]:
        """How many jobs are in one of the states, and a window of them, the latest first. "running" is a state too."""

    def cancel_job(self, job_id: int) -> None:
        """Cancel anybody's job; refused as for its owner."""

    def delete_workspace(self, workspace_id: int) -> None:
        """Delete a workspace for good; 404 ERROR_GROUP_DOES_NOT_EXIST."""

    def instance_id(self) -> str:
        """The id that tells this instance from others, to which licences are made out."""

    def features(self) -> Collection[str]:
        """The licensed features that loaded plugins belong to."""


@dataclass(frozen=True)
class JobEntry:
    """A job as administrators see it; `error` is what its user is told, `problem` what the log has."""

    id: int
    type: str
    user: str | None
    state: str
    percentage: float
    error: str
    problem: str
    created_on: Any
    updated_on: Any
    ended: bool


@dataclass(frozen=True)
class ListedUserData:
    """A key of the users in the administrators' list of users.

    type: the key.
    of: its value by user id, for all users of a page at once. A small, constant number of queries. Users it leaves
        out get None.
    """

    type: str
    of: Callable[[Sequence[int]], Mapping[int, Any]]


@dataclass(frozen=True)
class ListedWorkspaceData:
    """A key of the workspaces in the administrators' list of workspaces, such as `row_count`; see ListedUserData.

    An entry replaces the list's own value of the same key, for the workspaces it has one for.
    """

    type: str
    of: Callable[[Sequence[int]], Mapping[int, Any]]


@dataclass(frozen=True)
class Held:
    """Something of a plugin's type that users made: a field, a view.

    trashed: whether it is in the trash. reachable: whether a member of its workspace can delete it; what is in a
    snapshot, or in something that is in the trash, goes with that.
    """

    id: int
    workspace_id: int
    name: str
    trashed: bool = False
    reachable: bool = True


@dataclass(frozen=True)
class Removal:
    """How things of a type are taken away when the type's plugin is removed.

    of: what there is of a type, asked inside a unit of work.
    take_away: puts one into the trash, or makes it another type; called as an admin of its workspace.
    trash_type: the type of its entries in the trash, from which it is then removed for good.
    """

    of: Callable[[str], Sequence[Held]]
    take_away: Callable[[int], object]
    trash_type: str


@dataclass(frozen=True)
class UsageCount:
    """How much of what plugins provide is in use, so that administrators know what switching one off means.

    type: what is counted. The name of a registry, such as "field_types", when `of` counts by its entries' keys: each
        plugin is shown the counts of its own. Anything else is shown with the plugin that registers the count.
    of: the numbers by key, asked inside a unit of work: one quick query.
    removal: how things of a type are taken away; without one they stay when the type's plugin is removed.
    """

    type: str
    of: Callable[[], Mapping[str, int]]
    removal: Removal | None = None


def counted_by(column: Any) -> Callable[[], dict[str, int]]:
    """Numbers of a table's rows by a column of it, such as the type, for `UsageCount.of`."""
    query = sa.select(column, sa.func.count()).group_by(column)
    return lambda: {key: number for key, number in session().execute(query)}  # noqa: C416 - rows are no pairs to mypy


def counted(name: str, table: Any) -> Callable[[], dict[str, int]]:
    """The number of a table's rows, called `name`, for `UsageCount.of`."""
    return lambda: {name: session().scalar(sa.select(sa.func.count()).select_from(table)) or 0}


@dataclass(frozen=True)
class AdminSection:
    """A page of a plugin among those of the administrators. `template` is "package:name.html", in `templates` there.

    type: the last part of its address. values: what the template shows, asked inside a unit of work.
    actions: what its forms do, by name: a form posts to the address `action_url(name)` of its template with the hidden
        field that `csrf_field()` writes. Each gets the form's values and answers what is then told; it raises an
        ApiError to refuse.
    """

    type: str
    title: str
    template: str
    values: Callable[[], Mapping[str, Any]]
    actions: Mapping[str, Callable[[Mapping[str, str]], str]] = field(default_factory=dict)
