"""Elements: what stands on the pages of builders. Each type is a plugin of its own.

Other plugins use `plugin_api.elements`, and `plugins.builder_elements.values` for settings many types have.
"""

from __future__ import annotations

from plugin_api import Plugin, hookimpl
from plugin_api.actions import ActionType
from plugin_api.http import Blueprint
from plugin_api.permissions import Operation
from plugin_api.realtime import RealtimeMessages
from plugin_api.registry import RegistrySpec
from plugins.builder.parts import PagePart
from plugins.builder_elements import hookspecs

plugin = Plugin(
    name="builder_elements",
    version="1.0",
    title="Elements of pages",
    description="What stands on the pages of builders: placing, nesting, moving and styling it.",
    api=(1, 0),
    requires=("builder", "formulas", "user_files"),
    hookspecs=hookspecs,
    registries=(RegistrySpec("element_types", "register_element_types", of="plugin_api.elements:ElementType"),),
    migrations="plugins.builder_elements.migrations",
)


@hookimpl
def register_blueprints() -> list[Blueprint]:
    """The operations on elements."""
    from plugins.builder_elements.routes import blueprint

    return [blueprint]


@hookimpl
def register_action_types() -> list[ActionType]:
    """Every change of elements."""
    from plugins.builder_elements.actions import ACTION_TYPES

    return ACTION_TYPES


@hookimpl
def register_realtime_messages() -> list[RealtimeMessages]:
    """What those are told who have a page open."""
    from plugins.builder_elements.realtime import ELEMENT_MESSAGES

    return [ELEMENT_MESSAGES]


@hookimpl
def register_operations() -> list[Operation]:
    """What needs permission."""
    from plugins.builder_elements.operations import OPERATIONS

    return OPERATIONS


@hookimpl
def register_builder_page_parts() -> list[PagePart]:
    """Elements go along when pages are copied."""
    from plugins.builder_elements.copying import ElementsOfPages

    return [ElementsOfPages()]
