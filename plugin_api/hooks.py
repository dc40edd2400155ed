"""Every hook a plugin may implement, with an example each. Run once at start-up; results are frozen.

An implementation is a function of the plugin's module, marked `@hookimpl`:

    from plugin_api import Plugin, hookimpl

    plugin = Plugin(name="stars", version="1.0", title="Stars", api=(1, 0), requires=("database",))

    @hookimpl
    def register_field_types():
        return [StarsField()]
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import pluggy

from plugin_api.registry import RegistrySpec

if TYPE_CHECKING:
    import click

    from plugin_api.accounts import LoginOption, SettingsData, UserData
    from plugin_api.actions import ActionListener, ActionType
    from plugin_api.administration import AdminSection, ListedUserData, ListedWorkspaceData, UsageCount
    from plugin_api.aggregations import AggregationType
    from plugin_api.applications import ApplicationExtension, ApplicationType
    from plugin_api.authenticators import Authenticator
    from plugin_api.background import BackgroundWork
    from plugin_api.events import EventHandler
    from plugin_api.exporters import ExporterType
    from plugin_api.fields import FieldType
    from plugin_api.filters import FilterType
    from plugin_api.health import HealthCheck
    from plugin_api.http import Blueprint
    from plugin_api.jobs import JobType
    from plugin_api.periodic import PeriodicTask
    from plugin_api.permissions import Operation, PermissionManager, RoleSource
    from plugin_api.realtime import PageType, RealtimeMessages
    from plugin_api.roles import RoleScope, RoleSubjectType
    from plugin_api.rows import RowMetadata
    from plugin_api.sign_in import AuthProviderType
    from plugin_api.tables import TableExtension
    from plugin_api.trash import TrashItemType
    from plugin_api.views import ViewType
    from plugin_api.websockets import WebsocketRoute
    from plugin_api.workspaces import FirstApplication, MemberData, WorkspaceData

hookspec = pluggy.HookspecMarker("tablewright")


@hookspec
def register_blueprints() -> Iterable[Blueprint]:  # type: ignore[empty-body]
    """HTTP operations. Example: `return [Blueprint("stars", __name__, url_prefix="/api/stars")]`."""


@hookspec
def register_services() -> None:
    """Provide services; called last, in running processes only. Find registries when they are needed, not here.

    Example: `platform.provide(Stars, StarService())`.
    """


@hookspec
def register_application_types() -> Iterable[ApplicationType]:  # type: ignore[empty-body]
    """Kinds of applications. Example: `return [DatabaseApplication()]`."""


@hookspec
def register_application_extensions() -> Iterable[ApplicationExtension]:  # type: ignore[empty-body]
    """What is kept with applications of any kind. Example: `return [RolesOfCopies()]`."""


@hookspec
def register_field_types() -> Iterable[FieldType]:  # type: ignore[empty-body]
    """Types of fields. Example: `return [TextField()]`."""


@hookspec
def register_filter_types() -> Iterable[FilterType]:  # type: ignore[empty-body]
    """Types of filters on rows. Example: `return [EqualFilter()]`."""


@hookspec
def register_aggregation_types() -> Iterable[AggregationType]:  # type: ignore[empty-body]
    """Figures about the values of a field. Example: `return [Sum()]`."""


@hookspec
def register_view_types() -> Iterable[ViewType]:  # type: ignore[empty-body]
    """Types of views. Example: `return [GridView()]`."""


@hookspec
def register_row_metadata() -> Iterable[RowMetadata]:  # type: ignore[empty-body]
    """What clients may ask for beside rows. Example: `return [RowMetadata("row_comment_count", comment_counts)]`."""


@hookspec
def register_exporter_types() -> Iterable[ExporterType]:  # type: ignore[empty-body]
    """Kinds of files rows are exported to. Example: `return [CsvExporter()]`."""


@hookspec
def register_table_extensions() -> Iterable[TableExtension]:  # type: ignore[empty-body]
    """What is kept with tables. Example: `return [TableViews()]`."""


@hookspec
def register_job_types() -> Iterable[JobType]:  # type: ignore[empty-body]
    """Kinds of jobs workers run. Example: `return [FileImportJob()]`."""


@hookspec
def register_periodic_tasks() -> Iterable[PeriodicTask]:  # type: ignore[empty-body]
    """Small work done again and again. Example: `return [PeriodicTask("count-stars", 60.0, count_stars)]`."""


@hookspec
def register_background_work() -> Iterable[BackgroundWork]:  # type: ignore[empty-body]
    """What goes on in each worker beside the jobs. Example: `return [BackgroundWork("send-stars", send_waiting)]`."""


@hookspec
def register_action_types() -> Iterable[ActionType]:  # type: ignore[empty-body]
    """Kinds of recorded changes. Example: `return [ActionType("create_row", "Created row %(row_id)s")]`."""


@hookspec
def register_action_listeners() -> Iterable[ActionListener]:  # type: ignore[empty-body]
    """Who learns of changes as they are made. Example: `return [Counting()]`."""


@hookspec
def register_trash_item_types() -> Iterable[TrashItemType]:  # type: ignore[empty-body]
    """Kinds of things that can be in the trash. Example: `return [TrashedTable()]`."""


@hookspec
def register_event_handlers() -> Iterable[EventHandler]:  # type: ignore[empty-body]
    """Receivers of committed events. Example: `return [EventHandler("audit", write_entries)]`."""


@hookspec
def register_websocket_routes() -> Iterable[WebsocketRoute]:  # type: ignore[empty-body]
    """Addresses for websockets. Example: `return [WebsocketRoute("/ws/stars/", serve_stars)]`."""


@hookspec
def register_page_types() -> Iterable[PageType]:  # type: ignore[empty-body]
    """Pages clients subscribe to. Example: `return [PageType("star", {"star_id": int}, admit)]`."""


@hookspec
def register_realtime_messages() -> Iterable[RealtimeMessages]:  # type: ignore[empty-body]
    """What clients are told of events. Example: `return [RealtimeMessages("stars", ("star_given",), messages)]`."""


@hookspec
def register_operations() -> Iterable[Operation]:  # type: ignore[empty-body]
    """Operations that need permission. Example: `return [Operation("stars.give", role="EDITOR")]`."""


@hookspec
def register_permission_managers() -> Iterable[PermissionManager]:  # type: ignore[empty-body]
    """Links of the permission chain. Example: `return [RolePermissions()]`."""


@hookspec
def register_role_sources() -> Iterable[RoleSource]:  # type: ignore[empty-body]
    """Where members have roles from. Example: `return [TeamRoles()]`."""


@hookspec
def register_role_scopes() -> Iterable[RoleScope]:  # type: ignore[empty-body]
    """Kinds of places where roles count. Example: `return [TableScope()]`."""


@hookspec
def register_role_subject_types() -> Iterable[RoleSubjectType]:  # type: ignore[empty-body]
    """Kinds of those who are given roles. Example: `return [TeamSubject()]`."""


@hookspec
def register_authenticators() -> Iterable[Authenticator]:  # type: ignore[empty-body]
    """Schemes of the Authorization header. Example: `return [TokenAuthenticator()]`."""


@hookspec
def register_user_data() -> Iterable[UserData]:  # type: ignore[empty-body]
    """Keys of the sign-in answer. Example: `return [UserData("user_notifications", unread_count)]`."""


@hookspec
def register_login_options() -> Iterable[LoginOption]:  # type: ignore[empty-body]
    """Ways to sign in. Example: `return [LoginOption("saml", saml_options)]`."""


@hookspec
def register_auth_provider_types() -> Iterable[AuthProviderType]:  # type: ignore[empty-body]
    """Kinds of providers people sign in with. Example: `return [BadgeProvider()]`."""


@hookspec
def register_settings_data() -> Iterable[SettingsData]:  # type: ignore[empty-body]
    """Keys of the instance settings' answer. Example: `return [SettingsData("instance_wide_licenses", licences)]`."""


@hookspec
def register_workspace_data() -> Iterable[WorkspaceData]:  # type: ignore[empty-body]
    """Keys of workspaces' JSON. Example: `return [WorkspaceData("unread_notifications_count", unread_counts)]`."""


@hookspec
def register_member_data() -> Iterable[MemberData]:  # type: ignore[empty-body]
    """Keys of members in the list of members. Example: `return [MemberData("teams", teams_of_members)]`."""


@hookspec
def register_listed_user_data() -> Iterable[ListedUserData]:  # type: ignore[empty-body]
    """Keys of users in the list of administrators. Example: `return [ListedUserData("stars", stars_of_users)]`."""


@hookspec
def register_listed_workspace_data() -> Iterable[ListedWorkspaceData]:  # type: ignore[empty-body]
    """The same for workspaces. Example: `return [ListedWorkspaceData("row_count", numbers_of_rows)]`."""


@hookspec
def register_usage_counts() -> Iterable[UsageCount]:  # type: ignore[empty-body]
    """How much is in use. Example: `return [UsageCount("field_types", numbers_of_fields)]`."""


@hookspec
def register_admin_sections() -> Iterable[AdminSection]:  # type: ignore[empty-body]
    """Pages for administrators. Example: `return [AdminSection("stars", "Stars", "stars:admin.html", its_values)]`."""


@hookspec
def register_first_applications() -> Iterable[FirstApplication]:  # type: ignore[empty-body]
    """What a new user's first workspace holds. Example: `return [FirstApplication("database", its_name, fill)]`."""


@hookspec
def register_health_checks() -> Iterable[HealthCheck]:  # type: ignore[empty-body]
    """Checks of real parts for the health report. Example: `return [HealthCheck("stars", ping)]`."""


@hookspec
def register_commands() -> Iterable[click.Command]:  # type: ignore[empty-body]
    """Commands of the `tablewright` program, run in a unit of work. Example: `return [count_stars]`."""


REGISTRIES = (
    RegistrySpec(
        "blueprints", "register_blueprints", key=lambda blueprint: str(blueprint.name), of="plugin_api.http:Blueprint"
    ),
    RegistrySpec("application_types", "register_application_types", of="plugin_api.applications:ApplicationType"),
    RegistrySpec(
        "application_extensions",
        "register_application_extensions",
        of="plugin_api.applications:ApplicationExtension",
    ),
    RegistrySpec("field_types", "register_field_types", of="plugin_api.fields:FieldType"),
    RegistrySpec("filter_types", "register_filter_types", of="plugin_api.filters:FilterType"),
    RegistrySpec("aggregation_types", "register_aggregation_types", of="plugin_api.aggregations:AggregationType"),
    RegistrySpec("view_types", "register_view_types", of="plugin_api.views:ViewType"),
    RegistrySpec("row_metadata", "register_row_metadata", of="plugin_api.rows:RowMetadata"),
    RegistrySpec("exporter_types", "register_exporter_types", of="plugin_api.exporters:ExporterType"),
    RegistrySpec("table_extensions", "register_table_extensions", of="plugin_api.tables:TableExtension"),
    RegistrySpec("job_types", "register_job_types", of="plugin_api.jobs:JobType"),
    RegistrySpec(
        "periodic_tasks",
        "register_periodic_tasks",
        key=lambda task: str(task.name),
        of="plugin_api.periodic:PeriodicTask",
    ),
    RegistrySpec(
        "background_work",
        "register_background_work",
        key=lambda work: str(work.name),
        of="plugin_api.background:BackgroundWork",
    ),
    RegistrySpec("action_types", "register_action_types", of="plugin_api.actions:ActionType"),
    RegistrySpec("action_listeners", "register_action_listeners", of="plugin_api.actions:ActionListener"),
    RegistrySpec("trash_item_types", "register_trash_item_types", of="plugin_api.trash:TrashItemType"),
    RegistrySpec("event_handlers", "register_event_handlers", of="plugin_api.events:EventHandler"),
    RegistrySpec(
        "websocket_routes",
        "register_websocket_routes",
        key=lambda route: str(route.path),
        of="plugin_api.websockets:WebsocketRoute",
    ),
    RegistrySpec("page_types", "register_page_types", of="plugin_api.realtime:PageType"),
    RegistrySpec("realtime_messages", "register_realtime_messages", of="plugin_api.realtime:RealtimeMessages"),
    RegistrySpec(
        "operations",
        "register_operations",
        key=lambda operation: str(operation.name),
        of="plugin_api.permissions:Operation",
    ),
    RegistrySpec("permission_managers", "register_permission_managers"),
    RegistrySpec("role_sources", "register_role_sources", of="plugin_api.permissions:RoleSource"),
    RegistrySpec("role_scopes", "register_role_scopes", of="plugin_api.roles:RoleScope"),
    RegistrySpec("role_subject_types", "register_role_subject_types", of="plugin_api.roles:RoleSubjectType"),
    RegistrySpec("authenticators", "register_authenticators", key=lambda found: str(found.scheme)),
    RegistrySpec("user_data", "register_user_data", of="plugin_api.accounts:UserData"),
    RegistrySpec("login_options", "register_login_options", of="plugin_api.accounts:LoginOption"),
    RegistrySpec("auth_provider_types", "register_auth_provider_types", of="plugin_api.sign_in:AuthProviderType"),
    RegistrySpec("settings_data", "register_settings_data", of="plugin_api.accounts:SettingsData"),
    RegistrySpec("workspace_data", "register_workspace_data", of="plugin_api.workspaces:WorkspaceData"),
    RegistrySpec("member_data", "register_member_data", of="plugin_api.workspaces:MemberData"),
    RegistrySpec("listed_user_data", "register_listed_user_data", of="plugin_api.administration:ListedUserData"),
    RegistrySpec(
        "listed_workspace_data", "register_listed_workspace_data", of="plugin_api.administration:ListedWorkspaceData"
    ),
    RegistrySpec("usage_counts", "register_usage_counts", of="plugin_api.administration:UsageCount"),
    RegistrySpec("admin_sections", "register_admin_sections", of="plugin_api.administration:AdminSection"),
    RegistrySpec("first_applications", "register_first_applications", of="plugin_api.workspaces:FirstApplication"),
    RegistrySpec(
        "health_checks", "register_health_checks", key=lambda check: str(check.name), of="plugin_api.health:HealthCheck"
    ),
    RegistrySpec("commands", "register_commands", key=lambda command: str(command.name), of="click:Command"),
)
"""The registries the platform itself freezes; plugins may open more in their manifests."""
