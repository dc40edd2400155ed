"""Views: ways to look at the rows of a table, with filters, order and settings of their own."""

from __future__ import annotations

from plugin_api import Plugin, hookimpl
from plugin_api.actions import ActionType
from plugin_api.administration import UsageCount, counted_by
from plugin_api.http import Blueprint
from plugin_api.periodic import PeriodicTask
from plugin_api.permissions import Operation, PermissionManager
from plugin_api.platform import provide
from plugin_api.realtime import PageType, RealtimeMessages
from plugin_api.registry import RegistrySpec
from plugin_api.roles import RoleScope
from plugin_api.tables import TableExtension
from plugin_api.trash import TrashItemType
from plugins.views import hookspecs

plugin = Plugin(
    name="views",
    version="1.0",
    title="Views",
    description="Ways to look at the rows of a table.",
    api=(1, 0),
    requires=("database",),
    migrations="plugins.views.migrations",
    hookspecs=hookspecs,
    registries=(
        RegistrySpec("decorator_types", "register_decorator_types", of="plugins.views.decorators:DecoratorType"),
        RegistrySpec(
            "decorator_value_provider_types",
            "register_decorator_value_provider_types",
            of="plugins.views.decorators:ValueProviderType",
        ),
    ),
)


@hookimpl
def register_blueprints() -> list[Blueprint]:
    """The operations on views and their parts."""
    from plugins.views.part_routes import parts
    from plugins.views.public_routes import public
    from plugins.views.routes import views

    return [views, parts, public]


@hookimpl
def register_table_extensions() -> list[TableExtension]:
    """Every table has views."""
    from plugins.views.extension import ViewsOfTables

    return [ViewsOfTables()]


@hookimpl
def register_trash_item_types() -> list[TrashItemType]:
    """Views."""
    from plugins.views.trash import TrashedView

    return [TrashedView()]


@hookimpl
def register_action_types() -> list[ActionType]:
    """Every change of a view."""
    from plugins.views.actions import ACTION_TYPES

    return ACTION_TYPES


@hookimpl
def register_operations() -> list[Operation]:
    """What needs permission."""
    from plugins.views.operations import OPERATIONS

    return OPERATIONS


@hookimpl
def register_permission_managers() -> list[PermissionManager]:
    """Personal views are their owners'."""
    from plugins.views.ownership import ViewOwnership

    return [ViewOwnership()]


@hookimpl
def register_role_scopes() -> list[RoleScope]:
    """Views and their parts."""
    from plugins.views.role_scopes import ROLE_SCOPES

    return ROLE_SCOPES


@hookimpl
def register_periodic_tasks() -> list[PeriodicTask]:
    """Keeping the indexes views are sorted with."""
    from plugins.views.indexes import PERIODIC_TASKS

    return PERIODIC_TASKS


@hookimpl
def register_services() -> None:
    """Rows can be read through views."""
    from plugins.database.views import Views
    from plugins.views.rows import SavedViews

    provide(Views, SavedViews())


@hookimpl
def register_usage_counts() -> list[UsageCount]:
    """How much of it is in use."""
    from plugins.views.models import Decoration, Filter, View
    from plugins.views.removal import REMOVAL

    return [
        UsageCount("view_types", counted_by(View.type), REMOVAL),
        UsageCount("filter_types", counted_by(Filter.type)),
        UsageCount("decorator_types", counted_by(Decoration.type)),
    ]


@hookimpl
def register_page_types() -> list[PageType]:
    """Shared views."""
    from plugins.views.realtime.pages import PAGE_TYPES

    return PAGE_TYPES


@hookimpl
def register_realtime_messages() -> list[RealtimeMessages]:
    """What members are told of views, and visitors of what these show."""
    from plugins.views.realtime.members import VIEW_MESSAGES
    from plugins.views.realtime.visitors import VISITOR_MESSAGES

    return [VIEW_MESSAGES, VISITOR_MESSAGES]
