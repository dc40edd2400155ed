"""HTTP operations of field permissions."""

from __future__ import annotations

from typing import Any

from marshmallow import fields as mf

from plugin_api.http import Blueprint
from plugin_api.schemas import Bool, Choice, Schema
from plugins.field_permissions import service
from plugins.field_permissions.rules import CHOICES

blueprint = Blueprint(
    "field_permissions",
    __name__,
    url_prefix="/api/field-permissions",
    description="Who may write the values of a field.",
)

_FIELD = ("ERROR_USER_NOT_IN_GROUP", "ERROR_FIELD_DOES_NOT_EXIST")


class FieldPermissionsBody(Schema):
    """Who may write a field."""

    role = Choice(
        CHOICES,
        required=True,
        metadata={"description": "The lowest role that may change values; with NOBODY not even admins may."},
    )
    allow_in_forms = Bool(
        load_default=False,
        metadata={"description": "Whether forms ask for the field all the same. Always true for EDITOR."},
    )


class FieldPermissionsAnswer(Schema):
    """Who may write a field."""

    role = mf.String()
    allow_in_forms = mf.Boolean()
    field_id = mf.Integer()


class ChangedFieldPermissionsAnswer(FieldPermissionsAnswer):
    """The same, for who changed it."""

    can_write_values = mf.Boolean(metadata={"description": "Whether you may write the field now."})


@blueprint.operation(
    "GET",
    "/<int:field_id>/",
    id="get_field_permissions",
    summary="Read who may write a field",
    description="The lowest role that may change the values of a field, and whether forms take them. Builders may.",
    response=FieldPermissionsAnswer,
    errors=_FIELD,
)
def get_permissions(field_id: int) -> Any:
    """Who may write the field."""
    return service.read(field_id)


@blueprint.operation(
    "PATCH",
    "/<int:field_id>/",
    id="update_field_permissions",
    summary="Choose who may write a field",
    description="Changes the lowest role that may change the values of a field. It counts from the next request on.",
    body=FieldPermissionsBody,
    response=ChangedFieldPermissionsAnswer,
    errors=(*_FIELD, "ERROR_REQUEST_BODY_VALIDATION"),
)
def update_permissions(field_id: int, body: dict[str, Any]) -> Any:
    """Choose."""
    return service.update(field_id, body["role"], body["allow_in_forms"])
