"""HTTP operations with which administrators see and switch plugins."""

from __future__ import annotations

from typing import Any

from marshmallow import fields as mf

from core.plugin_system import admin
from plugin_api.http import Blueprint
from plugin_api.schemas import Bool, Schema

blueprint = Blueprint("admin_plugins", __name__, url_prefix="/api/admin/plugins", description="Plugins of the instance")
blueprints: list[Blueprint] = [blueprint]


class PackageAnswer(Schema):
    """The installed package a plugin comes from."""

    name = mf.String()
    version = mf.String()


class FaultAnswer(Schema):
    """Something a plugin does that failed or was slow."""

    what = mf.String(metadata={"description": "The registry and the entry, or the operation."})
    count = mf.Integer()
    last = mf.String(metadata={"description": "The last error, or how long the last call took."})
    last_on = mf.DateTime()


class HealthAnswer(Schema):
    """Whether a plugin's migrations were run and the checks it registers pass."""

    passing = mf.Boolean()
    checks = mf.Dict(keys=mf.String(), values=mf.String())
    failures = mf.List(mf.Nested(FaultAnswer), metadata={"description": "What it failed at, within a day."})
    slow = mf.List(mf.Nested(FaultAnswer), metadata={"description": "Calls that took longer than the setting."})


class PluginAnswer(Schema):
    """A loaded plugin."""

    name = mf.String()
    title = mf.String()
    version = mf.String()
    description = mf.String()
    package = mf.Nested(PackageAnswer, allow_none=True)
    requires = mf.List(mf.String())
    wants = mf.List(mf.String(), metadata={"description": "Plugins it works better with."})
    required_by = mf.List(mf.String(), metadata={"description": "What is off with it, directly or over others."})
    feature = mf.String(allow_none=True, metadata={"description": "The licensed feature it belongs to."})
    can_disable = mf.Boolean()
    enabled = mf.Boolean(metadata={"description": "Whether it is switched on."})
    active = mf.Boolean(metadata={"description": "Whether it and all it requires are switched on."})
    provides = mf.Dict(keys=mf.String(), values=mf.List(mf.String()), metadata={"description": "Entries by registry."})
    uses = mf.Dict(
        keys=mf.String(),
        values=mf.Dict(keys=mf.String(), values=mf.Integer()),
        metadata={"description": "How much of what it provides there is, by registry or kind of things."},
    )
    health = mf.Nested(HealthAnswer)


class ProblemAnswer(Schema):
    """A plugin that could not be loaded."""

    name = mf.String()
    reason = mf.String()
    clashes_with = mf.String(allow_none=True, metadata={"description": "The plugin that has the same already."})


class PluginsAnswer(Schema):
    """All plugins."""

    plugins = mf.List(mf.Nested(PluginAnswer))
    problems = mf.List(mf.Nested(ProblemAnswer))


class SwitchBody(Schema):
    """How to switch a plugin."""

    enabled = Bool(required=True)


@blueprint.operation(
    "GET",
    "/",
    id="admin_list_plugins",
    summary="List the plugins",
    description="Every loaded plugin with the package it comes from, what it provides, how much of that is in use, its "
    "health and whether it is on; and the plugins that could not be loaded, each with the reason. For staff.",
    response=PluginsAnswer,
    staff=True,
)
def list_plugins() -> dict[str, Any]:
    """All plugins."""
    return {"plugins": admin.plugins(), "problems": admin.problems()}


@blueprint.operation(
    "PATCH",
    "/<string:name>/",
    id="admin_update_plugin",
    summary="Switch a plugin on or off",
    description="All processes obey within a second. A plugin that is off keeps its data: its operations answer "
    "404 with ERROR_PLUGIN_DISABLED until it is on again, as do those of plugins that require it. For staff.",
    body=SwitchBody,
    response=PluginAnswer,
    errors=["ERROR_PLUGIN_DOES_NOT_EXIST", "ERROR_PLUGIN_CANNOT_BE_DISABLED", "ERROR_REQUEST_BODY_VALIDATION"],
    staff=True,
)
def update_plugin(name: str, body: dict[str, Any]) -> dict[str, Any]:
    """Switch a plugin."""
    return admin.switch(name, body["enabled"])
