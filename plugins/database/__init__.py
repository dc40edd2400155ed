"""Databases: tables with typed fields and rows."""

from __future__ import annotations

from plugin_api import Plugin, hookimpl
from plugin_api.actions import ActionType
from plugin_api.administration import ListedWorkspaceData, UsageCount, counted_by
from plugin_api.applications import ApplicationType
from plugin_api.http import Blueprint
from plugin_api.jobs import JobType
from plugin_api.periodic import PeriodicTask
from plugin_api.permissions import Operation
from plugin_api.realtime import PageType, RealtimeMessages
from plugin_api.roles import RoleScope
from plugin_api.trash import TrashItemType
from plugin_api.workspaces import FirstApplication

plugin = Plugin(
    name="database",
    version="1.0",
    title="Databases",
    description="Tables with typed fields, rows, filters and history.",
    api=(1, 1),
    can_disable=True,
    migrations="plugins.database.migrations",
)


@hookimpl
def register_application_types() -> list[ApplicationType]:
    """Provide `database`."""
    from plugins.database.tables.application import DatabaseApplication

    return [DatabaseApplication()]


@hookimpl
def register_blueprints() -> list[Blueprint]:
    """The operations on tables, fields and rows."""
    from plugins.database.fields import routes as fields
    from plugins.database.rows import routes as rows
    from plugins.database.tables import routes as tables

    return [*tables.blueprints, *fields.blueprints, *rows.blueprints]


@hookimpl
def register_job_types() -> list[JobType]:
    """Import, creation, duplication and large recalculations as jobs."""
    from plugins.database.fields import jobs as fields
    from plugins.database.fields.recalculation import RecalculateFieldsJob
    from plugins.database.tables import jobs as tables

    return [*tables.job_types, *fields.job_types, RecalculateFieldsJob()]


@hookimpl
def register_first_applications() -> list[FirstApplication]:
    """The database a new user starts with."""
    from plugins.database.tables.first import FIRST

    return [FIRST]


@hookimpl
def register_action_types() -> list[ActionType]:
    """Every change of tables, fields and rows."""
    from plugins.database.actions import ACTION_TYPES

    return ACTION_TYPES


@hookimpl
def register_trash_item_types() -> list[TrashItemType]:
    """Tables, fields and rows."""
    from plugins.database.trash import TRASH_ITEM_TYPES

    return TRASH_ITEM_TYPES


@hookimpl
def register_operations() -> list[Operation]:
    """What needs permission."""
    from plugins.database.operations import OPERATIONS

    return OPERATIONS


@hookimpl
def register_role_scopes() -> list[RoleScope]:
    """Tables, and what is in them."""
    from plugins.database.role_scopes import ROLE_SCOPES

    return ROLE_SCOPES


@hookimpl
def register_periodic_tasks() -> list[PeriodicTask]:
    """Upkeep of tables."""
    from plugins.database.tables.upkeep import PERIODIC_TASKS

    return PERIODIC_TASKS


@hookimpl
def register_page_types() -> list[PageType]:
    """Tables and rows."""
    from plugins.database.realtime.pages import PAGE_TYPES

    return PAGE_TYPES


@hookimpl
def register_realtime_messages() -> list[RealtimeMessages]:
    """What is told of tables, fields and rows, and when pages end."""
    from plugins.database.realtime.fields import FIELD_MESSAGES
    from plugins.database.realtime.history import HISTORY_MESSAGES
    from plugins.database.realtime.pages import PAGE_ENDS
    from plugins.database.realtime.rows import ROW_MESSAGES
    from plugins.database.realtime.tables import TABLE_MESSAGES

    return [TABLE_MESSAGES, FIELD_MESSAGES, ROW_MESSAGES, HISTORY_MESSAGES, PAGE_ENDS]


@hookimpl
def register_usage_counts() -> list[UsageCount]:
    """How much of it is in use."""
    from plugins.database.fields.removal import REMOVAL
    from plugins.database.models import Field

    return [UsageCount("field_types", counted_by(Field.type), REMOVAL)]


@hookimpl
def register_listed_workspace_data() -> list[ListedWorkspaceData]:
    """How many rows a workspace has."""
    from plugins.database.tables.usage import rows_of_workspaces

    return [ListedWorkspaceData("row_count", rows_of_workspaces)]
