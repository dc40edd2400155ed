"""Builders: sites of pages that people without an account here use.

Other plugins use `plugins.builder.hookspecs`, `plugins.builder.parts`, `plugins.builder.context` and
`plugins.builder.realtime`.
"""

from __future__ import annotations

from plugin_api import Plugin, hookimpl
from plugin_api.actions import ActionType
from plugin_api.applications import ApplicationType
from plugin_api.http import Blueprint
from plugin_api.jobs import JobType
from plugin_api.permissions import Operation
from plugin_api.realtime import PageType, RealtimeMessages
from plugin_api.registry import RegistrySpec
from plugin_api.roles import RoleScope
from plugin_api.trash import TrashItemType
from plugins.builder import hookspecs

plugin = Plugin(
    name="builder",
    version="1.0",
    title="Application builder",
    description="Sites of pages, with a theme, that people use without an account here.",
    api=(1, 0),
    requires=("user_files",),
    hookspecs=hookspecs,
    registries=(
        RegistrySpec("builder_page_parts", "register_builder_page_parts", of="plugins.builder.parts:PagePart"),
    ),
    migrations="plugins.builder.migrations",
)


@hookimpl
def register_application_types() -> list[ApplicationType]:
    """Provide `builder`."""
    from plugins.builder.application import BuilderApplication

    return [BuilderApplication()]


@hookimpl
def register_blueprints() -> list[Blueprint]:
    """The operations on pages and themes."""
    from plugins.builder.pages.routes import blueprint as pages
    from plugins.builder.theme.routes import blueprint as theme

    return [pages, theme]


@hookimpl
def register_job_types() -> list[JobType]:
    """Copying pages."""
    from plugins.builder.pages.duplicate import DuplicatePageJob

    return [DuplicatePageJob()]


@hookimpl
def register_action_types() -> list[ActionType]:
    """Every change in builders."""
    from plugins.builder.pages.actions import ACTION_TYPES as ON_PAGES
    from plugins.builder.theme.service import ACTION_TYPES as ON_THEMES

    return [*ON_PAGES, *ON_THEMES]


@hookimpl
def register_trash_item_types() -> list[TrashItemType]:
    """Pages."""
    from plugins.builder.pages.trash import TrashedPage

    return [TrashedPage()]


@hookimpl
def register_page_types() -> list[PageType]:
    """Pages of builders that are open."""
    from plugins.builder.realtime import PAGE_TYPES

    return PAGE_TYPES


@hookimpl
def register_realtime_messages() -> list[RealtimeMessages]:
    """What is told of builders."""
    from plugins.builder.realtime import BUILDER_MESSAGES

    return [BUILDER_MESSAGES]


@hookimpl
def register_role_scopes() -> list[RoleScope]:
    """Pages."""
    from plugins.builder.role_scopes import PageScope

    return [PageScope()]


@hookimpl
def register_operations() -> list[Operation]:
    """What needs permission."""
    from plugins.builder.operations import OPERATIONS

    return OPERATIONS
