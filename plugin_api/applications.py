"""Application types: databases, app builders, dashboards; containers in a workspace."""

from __future__ import annotations

from abc import ABC
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

import sqlalchemy as sa

from plugin_api.permissions import Access
from plugin_api.platform import service
from plugin_api.schemas import Schema

SettingsClass = type[Schema]


@dataclass(frozen=True)
class ApplicationInfo:
    """An application as its type and other plugins see it."""

    id: int
    type: str
    name: str
    order: int
    workspace_id: int
    kept_by: str | None = None
    """What the application belongs to instead of its workspace, such as "snapshot": nobody reaches it then."""
    access: Access | None = None
    """The acting user's access to it; None where nobody asks, and all is shown."""


class ApplicationType(ABC):
    """A kind of application. Methods run inside a unit of work."""

    type: ClassVar[str]
    supports_snapshots: ClassVar[bool] = True
    """Whether snapshots of it can be taken."""
    settings: ClassVar[SettingsClass | None] = None
    """What clients may set besides the name when they make or change one; None where there is nothing.

    Its fields have no `load_default`: what is not given stays as it is. What it loads must be JSON.
    """
    undoable: ClassVar[bool] = True
    """Whether making, changing and copying one can be undone. That it was deleted always can."""

    def serialize(self, applications: Sequence[ApplicationInfo]) -> dict[int, dict[str, Any]]:
        """The keys this type adds to each application's JSON, by application id. A constant number of queries."""
        return {application.id: {} for application in applications}

    def created(self, application: ApplicationInfo, init_with_data: bool) -> None:
        """Fill a new application; with `init_with_data`, with an example to start from."""

    def change(self, application: ApplicationInfo, values: Mapping[str, Any]) -> Mapping[str, Any]:
        """Store settings; answers what the same ones were before, in a form that `change` takes again."""
        return {}

    def duplicate(self, source: ApplicationInfo, target: ApplicationInfo) -> None:
        """Copy everything inside `source` into the empty `target`.

        Either may be kept apart (`kept_by`): what is copied from or into such an application is not announced, and
        what is derived from other data need not be computed in it.
        """

    def tables(self, application: ApplicationInfo) -> list[str]:
        """The PostgreSQL tables with its data whose columns may change, as `"schema"."table"`.

        Those who copy an application as it was at one moment keep the columns of these tables from changing.
        """
        return []

    def deleted(self, application: ApplicationInfo) -> None:
        """Clean up what the application holds outside its own rows."""


class ApplicationExtension(ABC):  # noqa: B024 - it does what it overrides
    """Something a plugin keeps with applications of any kind. Methods run in the transaction of the change."""

    type: ClassVar[str]

    def copied(self, source: ApplicationInfo, target: ApplicationInfo) -> None:
        """Everything inside `source` was copied into `target`; either may be kept apart."""


class Applications(Protocol):
    """The service plugins use to reach applications."""

    def access(self, application_id: int) -> tuple[ApplicationInfo, Access]:
        """An application and the acting user's access to it: one query.

        404 ERROR_APPLICATION_DOES_NOT_EXIST when it is not there or its workspace is in the trash.
        """

    def reachable(self) -> sa.Select[Any]:
        """All applications that are neither in the trash nor kept apart, to join with what a plugin keeps in them.

        Columns: id, type, name, order, workspace_id, workspace_name, and `role`, the membership's role of
        the user given as parameter `acting_user_id` (NULL for outsiders). A statement to build once and keep.
        """

    def shown_ids(self) -> sa.Select[Any]:
        """The ids of those applications, for work that nobody in particular asks for."""

    def of_workspace(self, workspace_id: int) -> list[tuple[ApplicationInfo, Access]]:
        """The applications of a workspace in their order, with the acting user's access to each: one query."""

    def shown(self, application_ids: Sequence[int]) -> list[dict[str, Any]]:
        """Applications as the API shows them, as bare JSON values, in the order given."""

    def make(
        self, workspace_id: int, type_name: str, name: str, fill: Callable[[ApplicationInfo], None]
    ) -> ApplicationInfo:
        """A new application at the end of a workspace, filled by `fill`, and announced as a whole.

        Its name is `name`, numbered when another one bears it. Nothing is recorded or announced while it is filled.
        """

    def begin_moment(self, application_ids: Sequence[int]) -> None:
        """Commit, and begin a transaction whose statements all see applications as they were at one moment.

        It is for reading: what others change meanwhile cannot be changed in it. Commit it when all is read. Raises
        TryAgain when tables come or go meanwhile, and 404 when an application is not there any more.
        """

    def keep_copy(self, application_id: int, name: str, kept_by: str) -> ApplicationInfo:
        """Copy an application as it is at one moment; nobody reaches the copy, whose name is `name`.

        Commits the running transaction first. The copy is made in one that sees only what was committed when it
        began, and should be committed soon. Raises TryAgain when tables come or go meanwhile. The copy belongs to
        the caller, who must `remove_copy` it some day; it is removed with its workspace.
        """

    def release_copy(self, copy_id: int, name: str) -> ApplicationInfo:
        """Make an application of a kept copy, which stays as it is. It is announced, and takes the original's place.

        Its name is `name`, numbered when an application of the workspace bears it. LookupError without the copy.
        """

    def remove_copy(self, copy_id: int) -> None:
        """Remove a kept copy for good; nothing happens when it is gone. LookupError when its plugin is not loaded."""


def access(application_id: int) -> tuple[ApplicationInfo, Access]:
    """An application and the acting user's access to it."""
    return service(Applications).access(application_id)
