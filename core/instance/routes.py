"""HTTP operations of the instance settings, and the ways to sign in."""

from __future__ import annotations

from typing import Any

from marshmallow import fields as mf

from core.accounts.providers import login_options
from core.instance import values
from core.instance.licenses import unlocked
from plugin_api.accounts import SettingsData
from plugin_api.calls import attempt
from plugin_api.http import IGNORED, OPEN, Blueprint
from plugin_api.platform import registry
from plugin_api.schemas import Schema

settings = Blueprint("settings", __name__, url_prefix="/api/settings", description="Settings of the instance")
providers = Blueprint("auth_provider", __name__, url_prefix="/api/auth-provider", description="Ways to sign in")
blueprints: list[Blueprint] = [settings, providers]


class SettingsBody(values.InstanceValues):
    """The settings to change; those left out stay as they are."""


class SettingsAnswer(values.InstanceValues):
    """All settings, and what plugins add."""

    instance_wide_licenses = mf.Dict()


class InstanceIdAnswer(Schema):
    """The id of the instance."""

    instance_id = mf.String()


class LoginOptionsAnswer(Schema):
    """The ways to sign in, by type."""

    password = mf.Dict()


@settings.operation(
    "GET",
    "/",
    id="get_settings",
    summary="Read the instance settings",
    description="Answers the settings clients need before anybody signs in, and the licences of the whole instance.",
    response=SettingsAnswer,
    auth=IGNORED,
)
def get_settings() -> dict[str, Any]:
    """All settings."""
    added = {key: attempt("settings_data", key, entry.value, _NONE) for key, entry in _settings_data()}
    known = {key: value for key, value in added.items() if value is not _NONE}
    return {**values.values(), "instance_wide_licenses": unlocked(), **known}


_NONE: Any = object()


def _settings_data() -> list[tuple[str, SettingsData]]:
    found = registry("settings_data")
    return [(key, found[key]) for key in found]


@settings.operation(
    "PATCH",
    "/update/",
    id="update_settings",
    summary="Change instance settings",
    description="Changes the settings that are given; answers all of them. For staff.",
    body=SettingsBody(partial=True),
    response=values.InstanceValues,
    staff=True,
    errors=("ERROR_REQUEST_BODY_VALIDATION", "ERROR_STAFF_ONLY"),
)
def update_settings(body: dict[str, Any]) -> dict[str, Any]:
    """Change settings."""
    return values.change_and_record(body)


@settings.operation(
    "GET",
    "/instance-id/",
    id="get_instance_id",
    summary="Read the instance's id",
    description="Answers the id that tells this instance from others, which licences are made out to. For staff.",
    response=InstanceIdAnswer,
    staff=True,
    errors=("ERROR_STAFF_ONLY",),
)
def get_instance_id() -> dict[str, str]:
    """The id."""
    return {"instance_id": values.instance_id()}


@providers.operation(
    "GET",
    "/login-options/",
    id="list_auth_providers_login_options",
    summary="List the ways to sign in",
    description="Answers the ways to sign in that are switched on, by type, for the sign-in page.",
    response=LoginOptionsAnswer,
    auth=OPEN,
)
def list_login_options() -> dict[str, Any]:
    """The password, and what plugins add."""
    return login_options()
