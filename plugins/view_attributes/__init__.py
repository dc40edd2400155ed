"""What a shared view shows of the product and lets visitors take with them: its logo, and exports."""

from __future__ import annotations

from plugin_api import Plugin, hookimpl
from plugin_api.http import Blueprint

plugin = Plugin(
    name="view_attributes",
    version="1.0",
    title="Attributes of shared views",
    description="Shared views without a logo, and with exports for visitors.",
    api=(1, 0),
    requires=("views",),
    feature="view_attributes",
)


@hookimpl
def register_blueprints() -> list[Blueprint]:
    """The operation that sets them."""
    from plugins.view_attributes.routes import attributes

    return [attributes]
