"""Where a request in a builder happens: the builder or page and the user's access, by one query."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlalchemy as sa

from plugin_api import applications, context
from plugin_api.applications import ApplicationInfo, Applications
from plugin_api.db import connection
from plugin_api.errors import does_not_exist
from plugin_api.permissions import Access, require_denied
from plugin_api.platform import service
from plugins.builder.models import Builder, Page

TYPE = "builder"


@dataclass(frozen=True)
class PageContext:
    """A page that is there, and what the acting user is there."""

    page: Any
    application_name: str
    access: Access

    @property
    def id(self) -> int:
        """The page's."""
        return int(self.page.id)

    @property
    def builder_id(self) -> int:
        """The builder it is in."""
        return int(self.page.application_id)

    @property
    def workspace_id(self) -> int:
        """The workspace that is in."""
        return self.access.workspace_id or 0


def builder_access(builder_id: int, operation: str) -> tuple[ApplicationInfo, Access]:
    """A builder in which the acting user may do `operation`; 404 when there is no such builder."""
    info, access = applications.access(builder_id)
    if info.type != TYPE:
        raise does_not_exist("application")
    require_denied(operation, access)
    return info, access


def page_context(page_id: int, operation: str) -> PageContext:
    """A page on which the acting user may do `operation`; 404 when it is not there."""
    found = connection().execute(_page(), {"page_id": page_id, "acting_user_id": context.actor().user_id}).first()
    if found is None:
        raise does_not_exist("page")
    access = Access(found.workspace_id, found.role, page_scopes(page_id, found.application_id))
    require_denied(operation, access)
    return PageContext(found, found.application_name, access)


def page_scopes(page_id: int, builder_id: int) -> tuple[tuple[str, int], ...]:
    """The scopes of a page."""
    return (("builder_page", page_id), ("application", builder_id))


@cache
def _page() -> sa.Select[Any]:
    reachable = service(Applications).reachable().subquery()
    more = (reachable.c.workspace_id, reachable.c.role, reachable.c.name.label("application_name"))
    query: Any = (
        sa.select(*Page.__table__.columns, *more)
        .join(reachable, reachable.c.id == Page.application_id)
        .where(Page.id == sa.bindparam("page_id"), Page.trashed_on.is_(None))
    )
    return query  # type: ignore[no-any-return]


def lock(builder_id: int) -> None:
    """One change of a builder's pages or settings at a time, so that names and paths stay unique."""
    chosen = sa.select(Builder.application_id).where(Builder.application_id == builder_id)
    connection().execute(chosen.with_for_update())
