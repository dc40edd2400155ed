"""HTTP operations of pages."""

from __future__ import annotations

from typing import Any

from plugin_api.http import Blueprint
from plugins.builder.pages import duplicate, service
from plugins.builder.pages.schemas import ChangedPage, DuplicatePageAnswer, NewPage, PageAnswer, PageOrder

blueprint = Blueprint("builder_pages", __name__, url_prefix="/api/builder", description="Pages of builders")

_NO_BUILDER, _NO_PAGE, _DENIED = "ERROR_APPLICATION_DOES_NOT_EXIST", "ERROR_PAGE_DOES_NOT_EXIST", "PERMISSION_DENIED"
_SHARED = "ERROR_SHARED_PAGE_READ_ONLY"
_ADDRESS = (
    "ERROR_PAGE_NAME_NOT_UNIQUE",
    "ERROR_PAGE_PATH_NOT_UNIQUE",
    "ERROR_PATH_PARAM_NOT_IN_PATH",
    "ERROR_PATH_PARAM_NOT_DEFINED",
    "ERROR_DUPLICATE_PATH_PARAMS_IN_PATH",
    "ERROR_DUPLICATE_QUERY_PARAMS",
)


@blueprint.operation(
    "POST",
    "/<int:builder_id>/pages/",
    id="create_builder_page",
    summary="Create a page",
    description="Makes a page at the end of a builder. Parameters in the path are written `:name` and need a type in "
    "`path_params`; those after it are in `query_params`. Names and paths are unique in a builder.",
    body=NewPage,
    response=PageAnswer,
    errors=(*_ADDRESS, _DENIED, _NO_BUILDER),
)
def create_page(builder_id: int, body: dict[str, Any]) -> dict[str, Any]:
    """Make a page."""
    return service.create(builder_id, body)


@blueprint.operation(
    "POST",
    "/<int:builder_id>/pages/order/",
    id="order_builder_pages",
    summary="Order the pages of a builder",
    description="Puts the given pages into the given order. Pages that are not given keep their places; the shared "
    "page cannot be ordered.",
    body=PageOrder,
    status=204,
    errors=("ERROR_PAGE_NOT_IN_BUILDER", _DENIED, _NO_BUILDER),
)
def order_pages(builder_id: int, body: dict[str, Any]) -> None:
    """Order pages."""
    service.order(builder_id, body["page_ids"])


@blueprint.operation(
    "PATCH",
    "/pages/<int:page_id>/",
    id="update_builder_page",
    summary="Change a page",
    description="Changes what is given of a page: name, path and parameters, and who may see it where it is published.",
    body=ChangedPage,
    response=PageAnswer,
    errors=(*_ADDRESS, _SHARED, _DENIED, _NO_PAGE),
)
def update_page(page_id: int, body: dict[str, Any]) -> dict[str, Any]:
    """Change a page."""
    return service.update(page_id, body)


@blueprint.operation(
    "DELETE",
    "/pages/<int:page_id>/",
    id="delete_builder_page",
    summary="Delete a page",
    description="Puts a page into the trash, with all that is on it.",
    status=204,
    errors=(_SHARED, _DENIED, _NO_PAGE),
)
def delete_page(page_id: int) -> None:
    """Delete a page."""
    service.delete(page_id)


@blueprint.operation(
    "POST",
    "/pages/<int:page_id>/duplicate/async/",
    id="duplicate_builder_page_async",
    summary="Copy a page",
    description="Starts a job that copies a page with all that is on it, under a numbered name and path at the end of "
    "its builder. Poll the job; when it is finished it shows the copy.",
    response=DuplicatePageAnswer,
    status=202,
    errors=("ERROR_MAX_JOB_COUNT_EXCEEDED", _DENIED, _NO_PAGE),
)
def duplicate_page(page_id: int) -> dict[str, Any]:
    """Start copying a page."""
    return duplicate.start(page_id)
