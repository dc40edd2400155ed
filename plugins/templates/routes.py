"""HTTP operations of templates."""

from __future__ import annotations

from typing import Any

from marshmallow import fields as mf

from plugin_api.http import OPEN, Blueprint
from plugin_api.schemas import Schema
from plugins.templates import service

blueprint = Blueprint("templates", __name__, url_prefix="/api/templates", description="Applications to start from")

_OUTSIDER, _NO_FILE = "ERROR_USER_NOT_IN_GROUP", ("ERROR_TEMPLATE_FILE_DOES_NOT_EXIST", 400)
_NO_WORKSPACE, _NO_TEMPLATE = "ERROR_GROUP_DOES_NOT_EXIST", "ERROR_TEMPLATE_DOES_NOT_EXIST"


class TemplateAnswer(Schema):
    """A template."""

    id = mf.Integer()
    name = mf.String()
    slug = mf.String()
    icon = mf.String(metadata={"description": "The name of an icon of Iconoir."})
    keywords = mf.String(metadata={"description": "What people may search for, with commas between."})
    workspace_id = mf.Integer(allow_none=True, metadata={"description": "Where it can be looked at: nowhere."})
    is_default = mf.Boolean(metadata={"description": "Whether it is the one to offer first."})
    open_application = mf.Integer(allow_none=True)
    description = mf.String()


class CategoryAnswer(Schema):
    """A category with its templates."""

    id = mf.Integer()
    name = mf.String()
    templates = mf.List(mf.Nested(TemplateAnswer))


class InstalledAnswer(Schema):
    """An application, as the operations on applications show it."""

    id = mf.Integer()
    name = mf.String()
    order = mf.Integer()
    type = mf.String()
    created_on = mf.DateTime()
    workspace = mf.Dict()
    tables = mf.List(mf.Dict())


class InstallJob(Schema):
    """A job that installs a template."""

    id = mf.Integer()
    type = mf.String()
    progress_percentage = mf.Integer(metadata={"description": "0 to 100."})
    state = mf.String()
    human_readable_error = mf.String()
    workspace = mf.Dict()
    template = mf.Nested(TemplateAnswer)
    installed_applications = mf.List(mf.Nested(InstalledAnswer))


@blueprint.operation(
    "GET",
    "/",
    id="list_templates",
    summary="List the templates",
    description="The categories of templates by name, each with its templates. A template may be in several. Visitors "
    "who are not signed in see none, unless the instance shows them to everybody (TABLEWRIGHT_TEMPLATES_SHOWN_TO).",
    response=CategoryAnswer(many=True),
    auth=OPEN,
)
def list_templates() -> list[dict[str, Any]]:
    """The categories."""
    return service.list_templates()


@blueprint.operation(
    "POST",
    "/install/<int:workspace_id>/<int:template_id>/",
    id="install_template",
    summary="Install a template",
    description="Makes the applications of a template at the end of a workspace, and answers them when they are "
    "there. They belong to the workspace from then on, and know nothing of the template. Dates in the rows of our "
    "templates are moved to the current week.",
    response=InstalledAnswer(many=True),
    errors=(_OUTSIDER, _NO_FILE, _NO_WORKSPACE, _NO_TEMPLATE),
)
def install_template(workspace_id: int, template_id: int) -> list[dict[str, Any]]:
    """Install a template."""
    return service.install_now(workspace_id, template_id)


@blueprint.operation(
    "POST",
    "/install/<int:workspace_id>/<int:template_id>/async/",
    id="install_template_async",
    summary="Install a template by a job",
    description="Starts a job that makes the applications of a template at the end of a workspace. Poll the job; when "
    "it is finished it shows the applications. A job that fails or is cancelled leaves nothing behind.",
    response=InstallJob,
    status=202,
    errors=(_OUTSIDER, _NO_FILE, "ERROR_MAX_JOB_COUNT_EXCEEDED", _NO_WORKSPACE, _NO_TEMPLATE),
)
def install_template_async(workspace_id: int, template_id: int) -> dict[str, Any]:
    """Start installing a template."""
    return service.start(workspace_id, template_id)
