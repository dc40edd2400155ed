"""What a new user starts with when they chose a template."""

from __future__ import annotations

from core.workspaces import initial
from plugin_api.templates import templates


def with_template(template_id: int) -> None:
    """Make the acting user's first workspace, in which a job installs the template.

    Nothing happens when the template was taken away since it was found, or nobody may make workspaces.
    """
    known = templates()
    if known is not None and initial.may_create():
        known.start(initial.empty()["id"], template_id)
