"""The application type `dashboard`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from plugin_api.applications import ApplicationInfo, ApplicationType
from plugin_api.archives import ArchiveReader, ArchivesMixin, ArchiveWriter, known_values
from plugin_api.db import session
from plugin_api.schemas import Schema, Str
from plugins.dashboard.models import Dashboard


class DashboardSettings(Schema):
    """Settings of a dashboard."""

    description = Str(allow_blank=True)


class DashboardApplication(ApplicationType, ArchivesMixin):
    """A page of figures."""

    type = "dashboard"
    settings = DashboardSettings

    def serialize(self, applications: Sequence[ApplicationInfo]) -> dict[int, dict[str, Any]]:
        """Each dashboard's description: one query for all."""
        ids = [application.id for application in applications]
        query = sa.select(Dashboard.application_id, Dashboard.description).where(Dashboard.application_id.in_(ids))
        found = {row.application_id: row.description for row in session().execute(query)}
        return {one: {"description": found.get(one, "")} for one in ids}

    def created(self, application: ApplicationInfo, init_with_data: bool) -> None:
        """Its settings."""
        session().add(Dashboard(application_id=application.id))
        session().flush()

    def change(self, application: ApplicationInfo, values: Mapping[str, Any]) -> Mapping[str, Any]:
        """Store settings."""
        row = session().get_one(Dashboard, application.id, populate_existing=True, with_for_update=True)
        before = {name: getattr(row, name) for name in values}
        for name, value in values.items():
            setattr(row, name, value)
        session().flush()
        return before

    def duplicate(self, source: ApplicationInfo, target: ApplicationInfo) -> None:
        """Copy the settings."""
        row = session().get_one(Dashboard, source.id, populate_existing=True)
        session().add(Dashboard(application_id=target.id, description=row.description))
        session().flush()

    def archived(self, application: ApplicationInfo, archive: ArchiveWriter) -> dict[str, Any]:
        """The settings."""
        return self.serialize([application])[application.id]

    def restore(self, application: ApplicationInfo, content: Mapping[str, Any], archive: ArchiveReader) -> None:
        """Its settings, as far as they make sense."""
        session().add(Dashboard(application_id=application.id, **known_values(DashboardSettings(), content)))
        session().flush()
