"""Licences: registered and checked here, made by whoever sells plugins, with seats for the people who have them.

Whether licences are needed at all is the setting LICENSE_MODE; where they are asked for is `plugin_api.features`.
"""

from __future__ import annotations

from collections.abc import Sequence

import click

from plugin_api import Plugin, hookimpl
from plugin_api.accounts import SettingsData, UserData
from plugin_api.actions import ActionType
from plugin_api.administration import AdminSection, UsageCount
from plugin_api.health import HealthCheck
from plugin_api.http import Blueprint
from plugin_api.platform import provide
from plugin_api.registry import RegistrySpec
from plugins.licenses import hookspecs
from plugins.licenses.products import Product

plugin = Plugin(
    name="licenses",
    version="1.0",
    title="Licences",
    description="Licences for features that are sold, with seats for those who have them.",
    api=(1, 0),
    hookspecs=hookspecs,
    registries=(RegistrySpec("license_products", "register_license_products", of="plugins.licenses.products:Product"),),
    migrations="plugins.licenses.migrations",
)


@hookimpl
def register_license_products() -> list[Product]:
    """The products existing clients know by name."""
    from plugins.licenses.products import PRODUCTS

    return PRODUCTS


@hookimpl
def register_services() -> None:
    """What the platform asks where licences are needed."""
    from plugin_api.features import Licences
    from plugins.licenses.coverage import RegisteredLicences

    provide(Licences, RegisteredLicences())


@hookimpl
def register_blueprints() -> list[Blueprint]:
    """The operations on licences."""
    from plugins.licenses.routes import blueprint

    return [blueprint]


@hookimpl
def register_action_types() -> list[ActionType]:
    """Every change is on the record."""
    from plugins.licenses.service import ACTION_TYPES

    return ACTION_TYPES


@hookimpl
def register_user_data() -> list[UserData]:
    """What users have, when they sign in."""
    from plugins.licenses.coverage import active_licenses

    return [UserData("active_licenses", active_licenses)]


@hookimpl
def register_settings_data() -> list[SettingsData]:
    """What everybody has."""
    from plugins.licenses.coverage import instance_wide

    return [SettingsData("instance_wide_licenses", instance_wide)]


@hookimpl
def register_usage_counts() -> list[UsageCount]:
    """How many licences and seats there are."""
    from plugins.licenses.store import numbers

    return [UsageCount("licenses", numbers)]


@hookimpl
def register_health_checks() -> list[HealthCheck]:
    """Whether the public keys can be used."""
    from plugins.licenses.section import check_keys

    return [HealthCheck("license_public_keys", check_keys)]


@hookimpl
def register_admin_sections() -> list[AdminSection]:
    """A page among those of administrators."""
    from plugins.licenses.section import SECTION

    return [SECTION]


@hookimpl
def register_commands() -> Sequence[click.Command]:
    """Making keys and licences, for those who sell plugins."""
    from plugins.licenses.commands import licence

    return [licence]
