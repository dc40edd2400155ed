"""What users do with templates: listing them, and installing them at once or by a job."""

from __future__ import annotations

from typing import Any

from plugin_api import context, jobs, workspaces
from plugin_api.permissions import Permissions
from plugin_api.platform import service
from plugin_api.settings import setting
from plugins.templates import catalog
from plugins.templates.installing import INSTALLED, install, require_file, require_permission

EVERYBODY = "everybody"


class TemplateService:
    """The service `plugin_api.templates.Templates`."""

    def exists(self, template_id: int) -> bool:
        """Whether there is a template with this id."""
        return any(one.id == template_id for one in catalog.templates())

    def start(self, workspace_id: int, template_id: int) -> dict[str, Any]:
        """Start a job that installs a template."""
        return start(workspace_id, template_id)


def list_templates() -> list[dict[str, Any]]:
    """The categories with their templates. Visitors see none, unless the instance shows them to everybody."""
    if context.actor().user_id is None and setting("templates_shown_to") != EVERYBODY:
        return []
    return catalog.categories()


def install_now(workspace_id: int, template_id: int) -> list[dict[str, Any]]:
    """Install a template; answers the new applications."""
    service(Permissions).workspace_access(workspace_id)
    template = catalog.find(template_id)
    require_permission(workspace_id)
    return install(workspace_id, template)


def start(workspace_id: int, template_id: int) -> dict[str, Any]:
    """Start a job that installs a template; answers it."""
    require_permission(workspace_id)
    template = catalog.find(template_id)
    require_file(template)
    return jobs.start(
        INSTALLED,
        workspace_id=workspace_id,
        slug=template.slug,
        workspace=workspaces.brief(workspace_id),
        template=catalog.template_json(template),
    )
