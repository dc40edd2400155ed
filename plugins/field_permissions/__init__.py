"""Field permissions: the lowest role that may write a field's values, and whether forms may."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from plugin_api import Plugin, hookimpl
from plugin_api.actions import ActionType
from plugin_api.administration import UsageCount, counted
from plugin_api.archives import ArchiveReader, ArchiveWriter
from plugin_api.http import Blueprint
from plugin_api.permissions import Operation, PermissionManager
from plugin_api.platform import provide
from plugin_api.realtime import RealtimeMessages
from plugin_api.tables import RestoredTable, TableCopy, TableExtension

plugin = Plugin(
    name="field_permissions",
    version="1.0",
    title="Field permissions",
    description="Fields that not every editor may write.",
    api=(1, 0),
    requires=("database",),
    feature="field_permissions",
    migrations="plugins.field_permissions.migrations",
)


class RulesOfCopies(TableExtension):
    """Copies of tables are as closed as the originals."""

    type = "field_permissions"

    def copied(self, copies: Sequence[TableCopy]) -> None:
        """The rules are copied too."""
        from plugins.field_permissions.rules import copy

        copy({original: made for one in copies for original, made in one.fields.items()})

    def archived(self, table_ids: Sequence[int], archive: ArchiveWriter) -> Mapping[int, Mapping[str, Any]]:
        """The rules go along."""
        from plugins.field_permissions.archives import rules_content

        return rules_content(table_ids)

    def restored(self, tables: Sequence[RestoredTable], archive: ArchiveReader) -> None:
        """Tables of an archive are as closed as they were."""
        from plugins.field_permissions.archives import restore_rules

        restore_rules(tables)


@hookimpl
def register_blueprints() -> list[Blueprint]:
    """The operations on rules."""
    from plugins.field_permissions.routes import blueprint

    return [blueprint]


@hookimpl
def register_operations() -> list[Operation]:
    """What needs permission."""
    from plugins.field_permissions.permissions import OPERATIONS

    return OPERATIONS


@hookimpl
def register_permission_managers() -> list[PermissionManager]:
    """What clients are told."""
    from plugins.field_permissions.permissions import FieldValues

    return [FieldValues()]


@hookimpl
def register_action_types() -> list[ActionType]:
    """Changes of rules."""
    from plugins.field_permissions.service import ACTION_TYPES

    return ACTION_TYPES


@hookimpl
def register_table_extensions() -> list[TableExtension]:
    """Rules go with copies."""
    return [RulesOfCopies()]


@hookimpl
def register_services() -> None:
    """Rows are written only where the rules allow it."""
    from plugins.database.guard import FieldGuard
    from plugins.field_permissions.rules import Rules

    provide(FieldGuard, Rules())


@hookimpl
def register_usage_counts() -> list[UsageCount]:
    """How much of it is in use."""
    from plugins.field_permissions.models import FieldPermission

    return [UsageCount("field_permissions", counted("field permissions", FieldPermission))]


@hookimpl
def register_realtime_messages() -> list[RealtimeMessages]:
    """Who may write a field is known at once."""
    from plugins.field_permissions.realtime import PERMISSION_MESSAGES

    return [PERMISSION_MESSAGES]
