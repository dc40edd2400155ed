"""Application types: databases, app builders, dashboards; containers in a workspace."""

from __future__ import annotations

from abc import ABC
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

import sqlalchemy as sa

from plugin_api.permissions import Access
from plugin_api.platform import service


@dataclass(frozen=True)
class ApplicationInfo:
    """An application as its type and other plugins see it."""

    id: int
    type: str
    name: str
    order: int
    workspace_id: int


class ApplicationType(ABC):
    """A kind of application. Methods run inside a unit of work."""

    type: ClassVar[str]

    def serialize(self, applications: Sequence[ApplicationInfo]) -> dict[int, dict[str, Any]]:
        """The keys this type adds to each application's JSON, by application id. A constant number of queries."""
        return {application.id: {} for application in applications}

    def created(self, application: ApplicationInfo, init_with_data: bool) -> None:
        """Fill a new application; with `init_with_data`, with an example to start from."""

    def duplicate(self, source: ApplicationInfo, target: ApplicationInfo) -> None:
        """Copy everything inside `source` into the empty `target`."""

    def deleted(self, application: ApplicationInfo) -> None:
        """Clean up what the application holds outside its own rows."""


class Applications(Protocol):
    """The service plugins use to reach applications."""

    def access(self, application_id: int) -> tuple[ApplicationInfo, Access]:
        """An application and the acting user's access to it: one query.

        404 ERROR_APPLICATION_DOES_NOT_EXIST when it is not there or its workspace is in the trash.
        """

    def reachable(self) -> sa.Select[Any]:
        """All applications that are not in the trash, to join with what a plugin keeps in them.

        Columns: id, type, name, order, workspace_id, workspace_name, and `role`, the membership's role of
        the user given as parameter `acting_user_id` (NULL for outsiders). A statement to build once and keep.
        """


def access(application_id: int) -> tuple[ApplicationInfo, Access]:
    """An application and the acting user's access to it."""
    return service(Applications).access(application_id)
