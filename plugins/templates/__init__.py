"""Templates: applications to start from, made by the product, by plugins, or by those who run an instance."""

from __future__ import annotations

from collections.abc import Sequence

import click

from plugin_api import Plugin, hookimpl
from plugin_api.actions import ActionType
from plugin_api.http import Blueprint
from plugin_api.jobs import JobType
from plugin_api.platform import provide
from plugin_api.registry import RegistrySpec
from plugins.templates import hookspecs
from plugins.templates.types import Template

plugin = Plugin(
    name="templates",
    version="1.0",
    title="Templates",
    description="Applications to start from, with tables, rows and views.",
    api=(1, 0),
    requires=("database", "workspace_archives"),
    hookspecs=hookspecs,
    registries=(
        RegistrySpec(
            "templates",
            "register_templates",
            key=lambda template: str(template.slug),
            of="plugins.templates.types:Template",
        ),
    ),
)


@hookimpl
def register_templates() -> list[Template]:
    """Those the product comes with."""
    from plugins.templates.library import LIBRARY
    from plugins.templates.types import templates_in

    return templates_in(LIBRARY)


@hookimpl
def register_blueprints() -> list[Blueprint]:
    """Listing and installing."""
    from plugins.templates.routes import blueprint

    return [blueprint]


@hookimpl
def register_services() -> None:
    """What signing up with a template needs."""
    from plugin_api.templates import Templates
    from plugins.templates.service import TemplateService

    provide(Templates, TemplateService())


@hookimpl
def register_job_types() -> list[JobType]:
    """Installing."""
    from plugins.templates.jobs import InstallTemplateJob

    return [InstallTemplateJob()]


@hookimpl
def register_action_types() -> list[ActionType]:
    """What the audit log tells."""
    from plugins.templates.installing import ACTION_TYPES

    return ACTION_TYPES


@hookimpl
def register_commands() -> Sequence[click.Command]:
    """Templates of one's own."""
    from plugins.templates.commands import template

    return [template]
