"""The HTTP operation that sets the attributes of a shared view."""

from __future__ import annotations

from typing import Any

from plugin_api.features import UNAVAILABLE
from plugin_api.http import Blueprint
from plugin_api.schemas import Bool, Schema
from plugins.views.schemas import ViewAnswer
from plugins.views.service import set_attributes

attributes = Blueprint(
    "view_attributes", __name__, url_prefix="/api/database/view", description="Attributes of shared views."
)


class ViewAttributes(Schema):
    """What visitors of a shared view see and may do."""

    show_logo = Bool(metadata={"description": "Whether the page shows the product's logo."})
    allow_public_export = Bool(metadata={"description": "Whether visitors may export the rows they see."})


@attributes.operation(
    "PATCH",
    "/<int:view_id>/premium",
    id="premium_view_attributes_update",
    summary="Change the attributes of a shared view",
    description="Whether visitors see the product's logo, and whether they may export the rows they see.",
    body=ViewAttributes,
    response=ViewAnswer,
    errors=("ERROR_USER_NOT_IN_GROUP", "ERROR_VIEW_DOES_NOT_EXIST", "ERROR_REQUEST_BODY_VALIDATION", UNAVAILABLE),
)
def update(view_id: int, body: dict[str, Any]) -> Any:
    """Change attributes."""
    return set_attributes(view_id, body)
