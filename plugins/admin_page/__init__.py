"""The page for administrators at `/admin/`: made on the server, in need of neither internet nor scripts."""

from __future__ import annotations

from plugin_api import Plugin, hookimpl
from plugin_api.http import Blueprint

plugin = Plugin(
    name="admin_page",
    version="1.0",
    title="Page for administrators",
    description="Health, plugins, users, workspaces, jobs and settings of the instance in the browser, at /admin/.",
    api=(1, 0),
    requires=("administration",),
)


@hookimpl
def register_blueprints() -> list[Blueprint]:
    """The pages."""
    from plugins.admin_page.routes import pages

    return [pages]
