"""Making the applications of a template in a workspace."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, BinaryIO

from plugin_api import actions
from plugin_api.actions import ActionType
from plugin_api.applications import Applications
from plugin_api.archives import BadArchive, archives
from plugin_api.errors import ApiError
from plugin_api.permissions import Permissions, require
from plugin_api.platform import service
from plugins.templates.moving import moved
from plugins.templates.types import Template

INSTALLED = "install_template"
CREATE = "workspace.create_application"

ACTION_TYPES = [ActionType(INSTALLED, 'Template "%(template_name)s" installed')]
"""It is not undone: the applications are deleted like any others."""

Progress = Callable[[float], None]


def require_permission(workspace_id: int) -> None:
    """Refuse unless the acting user may make applications in the workspace."""
    require(CREATE, service(Permissions).workspace_access(workspace_id))


def require_file(template: Template) -> None:
    """Refuse a template whose archive is not there."""
    if not template.archive.is_file():
        raise _unreadable(template, "there is no such file")


def install(workspace_id: int, template: Template, progress: Progress = lambda part: None) -> list[dict[str, Any]]:
    """Make the applications of a template at the end of a workspace; answers them as the API shows them."""
    try:
        with _opened(template) as file:
            made = archives().install(file, workspace_id, progress)
    except BadArchive as error:
        raise _unreadable(template, str(error)) from error
    ids = [one.application_id for one in made]
    params = {"template_id": template.id, "template_name": template.name, "installed_application_ids": ids}
    actions.record(INSTALLED, scope=f"workspace{workspace_id}", workspace_id=workspace_id, params=params)
    return service(Applications).shown(ids)


@contextmanager
def _opened(template: Template) -> Iterator[BinaryIO]:
    """The archive of a template, with its dates moved to now."""
    try:
        file = template.archive.open("rb")
    except OSError as error:
        raise _unreadable(template, error.strerror or str(error)) from error
    with file:
        yield file if template.as_of is None else moved(file, template.as_of, datetime.now(UTC).date())


def _unreadable(template: Template, reason: str) -> ApiError:
    message = f"The file of the template {template.name!r} cannot be read: {reason}"
    return ApiError("ERROR_TEMPLATE_FILE_DOES_NOT_EXIST", 400, message)
