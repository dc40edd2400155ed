"""The HTTP operation on themes."""

from __future__ import annotations

from typing import Any

from plugin_api.http import Blueprint
from plugins.builder.theme import service
from plugins.builder.theme.blocks import THEME

blueprint = Blueprint("builder_theme", __name__, url_prefix="/api/builder", description="How builders look")


@blueprint.operation(
    "PATCH",
    "/<int:builder_id>/theme/",
    id="update_builder_theme",
    summary="Change the theme of a builder",
    description="Changes what is given of how a builder looks; answers the whole theme. Colours may be given by name: "
    "`primary`, `secondary`, `border`, `transparent`, and the values of `custom_colors`.",
    body=THEME.schema,
    response=THEME.schema,
    errors=("PERMISSION_DENIED", "ERROR_APPLICATION_DOES_NOT_EXIST"),
)
def update_theme(builder_id: int, body: dict[str, Any]) -> dict[str, Any]:
    """Change a theme."""
    return service.update(builder_id, body)
