"""HTTP operations on views."""

from __future__ import annotations

from typing import Any

from plugin_api.http import Blueprint
from plugins.views import field_options, schemas, service
from plugins.views.copies import duplicate_view

views = Blueprint(
    "database_views",
    __name__,
    url_prefix="/api/database/views",
    description="Views of tables: making, ordering and setting them up.",
)

_OF_TABLE = ("ERROR_USER_NOT_IN_GROUP", "ERROR_TABLE_DOES_NOT_EXIST")
_OF_VIEW = ("ERROR_USER_NOT_IN_GROUP", "ERROR_VIEW_DOES_NOT_EXIST")
_OF_BODY = ("ERROR_REQUEST_BODY_VALIDATION", "ERROR_FIELD_NOT_IN_TABLE", "ERROR_INCOMPATIBLE_FIELD")


@views.operation(
    "GET",
    "/table/<int:table_id>/",
    id="list_database_table_views",
    summary="List the views of a table",
    description="The views in their order; personal ones only to their owner.",
    query=schemas.ViewsQuery,
    response=schemas.ViewAnswer(many=True),
    errors=_OF_TABLE,
    optional_auth=True,
)
def list_views(table_id: int, query: dict[str, Any]) -> Any:
    """The views of a table."""
    return service.list_views(table_id, query)


@views.operation(
    "POST",
    "/table/<int:table_id>/",
    id="create_database_table_view",
    summary="Create a view",
    description="Adds a view at the end of the table's list. Besides the common keys it takes those of its type.",
    body=schemas.CreateView,
    query=schemas.ViewQuery,
    response=schemas.ViewAnswer,
    errors=(*_OF_TABLE, *_OF_BODY, "ERROR_CANNOT_SHARE_VIEW_TYPE", "ERROR_PLUGIN_DISABLED"),
)
def create_view(table_id: int, body: dict[str, Any], query: dict[str, Any]) -> Any:
    """Create a view."""
    return service.create_view(table_id, body, query.get("include"))


@views.operation(
    "POST",
    "/table/<int:table_id>/order/",
    id="order_database_table_views",
    summary="Order the views of a table",
    description="Puts the given views into the given order, in the places they have together; the others stay.",
    body=schemas.OrderViews,
    status=204,
    errors=(*_OF_TABLE, "ERROR_VIEW_NOT_IN_TABLE", "ERROR_REQUEST_BODY_VALIDATION"),
)
def order_views(table_id: int, body: dict[str, Any]) -> None:
    """Order the views."""
    service.order_views(table_id, body["view_ids"])


@views.operation(
    "GET",
    "/<int:view_id>/",
    id="get_database_table_view",
    summary="Get a view",
    description="A view's settings; its filters, sortings, groupings and decorations when `include` names them.",
    query=schemas.ViewQuery,
    response=schemas.ViewAnswer,
    errors=_OF_VIEW,
)
def get_view(view_id: int, query: dict[str, Any]) -> Any:
    """A view."""
    return service.read_view(view_id, query.get("include"))


@views.operation(
    "PATCH",
    "/<int:view_id>/",
    id="update_database_table_view",
    summary="Change a view",
    description="Changes the given settings, common ones and those of the view's type; other keys are ignored.",
    body=schemas.UpdateView,
    query=schemas.ViewQuery,
    response=schemas.ViewAnswer,
    errors=(*_OF_VIEW, *_OF_BODY, "ERROR_CANNOT_SHARE_VIEW_TYPE"),
)
def update_view(view_id: int, body: dict[str, Any], query: dict[str, Any]) -> Any:
    """Change a view."""
    return service.update_view(view_id, body, query.get("include"))


@views.operation(
    "DELETE",
    "/<int:view_id>/",
    id="delete_database_table_view",
    summary="Delete a view",
    description="Puts the view into the trash. The rows it showed are not touched.",
    status=204,
    errors=_OF_VIEW,
)
def delete_view(view_id: int) -> None:
    """Delete a view."""
    service.delete_view(view_id)


@views.operation(
    "POST",
    "/<int:view_id>/duplicate/",
    id="duplicate_database_table_view",
    summary="Duplicate a view",
    description="Makes a copy with all filters, sortings and settings of fields. The copy is not shared.",
    response=schemas.ViewAnswer,
    errors=_OF_VIEW,
)
def duplicate(view_id: int) -> Any:
    """A copy of a view."""
    return duplicate_view(view_id)


@views.operation(
    "POST",
    "/<int:view_id>/rotate-slug/",
    id="rotate_database_view_slug",
    summary="Change the public address of a view",
    description="Gives the view a new secret address; the one before is void at once.",
    response=schemas.ViewAnswer,
    errors=(*_OF_VIEW, "ERROR_CANNOT_SHARE_VIEW_TYPE"),
)
def rotate_slug(view_id: int) -> Any:
    """Another address."""
    return service.rotate_slug(view_id)


@views.operation(
    "GET",
    "/<int:view_id>/field-options/",
    id="get_database_table_view_field_options",
    summary="Get the settings of fields in a view",
    description="What the view keeps for each field of its table, by the field's id.",
    response=schemas.FieldOptionsAnswer,
    errors=_OF_VIEW,
)
def get_field_options(view_id: int) -> Any:
    """The settings of fields."""
    return field_options.read_options(view_id)


@views.operation(
    "PATCH",
    "/<int:view_id>/field-options/",
    id="update_database_table_view_field_options",
    summary="Change the settings of fields in a view",
    description="Changes the given settings of the given fields; all others stay as they are.",
    body=schemas.FieldOptionsBody,
    response=schemas.FieldOptionsAnswer,
    errors=(*_OF_VIEW, "ERROR_REQUEST_BODY_VALIDATION", "ERROR_UNRELATED_FIELD"),
)
def update_field_options(view_id: int, body: dict[str, Any]) -> Any:
    """Change settings of fields."""
    return field_options.update_options(view_id, body)
