"""Files that people upload: kept once, served safely, with thumbnails of images.

Other plugins use `plugins.user_files.files` and `plugins.user_files.images`.
"""

from __future__ import annotations

from plugin_api import Plugin, hookimpl
from plugin_api.administration import UsageCount, counted
from plugin_api.http import Blueprint
from plugin_api.periodic import PeriodicTask

plugin = Plugin(
    name="user_files",
    version="1.0",
    title="User files",
    description="Uploads from forms and addresses, and the thumbnails of images.",
    api=(1, 0),
    migrations="plugins.user_files.migrations",
)


@hookimpl
def register_blueprints() -> list[Blueprint]:
    """Uploading and serving."""
    from plugins.user_files.routes import blueprint
    from plugins.user_files.serving import media

    return [blueprint, media]


@hookimpl
def register_usage_counts() -> list[UsageCount]:
    """How much of it is in use."""
    from plugins.user_files.models import UserFile

    return [UsageCount("user_files", counted("files", UserFile))]


@hookimpl
def register_periodic_tasks() -> list[PeriodicTask]:
    """Removes what was uploaded for nothing."""
    from plugins.user_files.arriving import REMOVE_UNKEPT

    return [REMOVE_UNKEPT]
