"""The job that installs a template."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from plugin_api.jobs import JobRun, JobType
from plugins.templates import catalog
from plugins.templates.installing import INSTALLED, install, require_permission


class InstallTemplateJob(JobType):
    """Makes the applications of a template, all of them or none: in one transaction."""

    type = INSTALLED

    def run(self, job: JobRun) -> None:
        """The permission is checked again, since time has passed."""
        workspace_id = job.params["workspace_id"]
        require_permission(workspace_id)
        template = catalog.by_slug(job.params["slug"])
        job.progress(1)
        made = install(workspace_id, template, lambda part: job.progress(1 + 98 * part))
        job.result({"installed_applications": made})

    def serialize(self, params: Mapping[str, Any], result: Mapping[str, Any]) -> dict[str, Any]:
        """Where it goes, the template as it was at the start, and in the end what became of it."""
        return {
            "workspace": params["workspace"],
            "template": params["template"],
            "installed_applications": result.get("installed_applications", []),
        }
