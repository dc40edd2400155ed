"""Pages as places where the roles at their builder count."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from plugin_api.applications import Applications
from plugin_api.db import connection
from plugin_api.platform import service
from plugin_api.roles import RoleScope, Scopes
from plugins.builder.context import page_scopes
from plugins.builder.models import Page


class PageScope(RoleScope):
    """Pages that are not in the trash."""

    type = "builder_page"
    prefixes = ("builder.page",)

    def inside(self, application_ids: Sequence[int]) -> Mapping[int, Scopes]:
        """The pages of builders."""
        shown = Page.application_id.in_(service(Applications).shown_ids())
        query = sa.select(Page.id, Page.application_id).where(Page.application_id.in_(application_ids), shown)
        rows = connection().execute(query.where(Page.trashed_on.is_(None)))
        return {row.id: page_scopes(row.id, row.application_id) for row in rows}
