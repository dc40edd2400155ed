"""HTTP operations of the trash."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import marshmallow as ma
from flask import request
from marshmallow import fields as mf

from core.trash import service
from core.trash.types import TrashItemTypes
from plugin_api import platform, trash
from plugin_api.http import Blueprint
from plugin_api.paging import PageAnswer
from plugin_api.schemas import Choice, Int, Schema, as_int, refuse_unknown

blueprint = Blueprint("trash", __name__, url_prefix="/api/trash", description="What was deleted")
blueprints: list[Blueprint] = [blueprint]

_PLACES = [
    "ERROR_USER_NOT_IN_GROUP",
    "ERROR_GROUP_DOES_NOT_EXIST",
    "ERROR_APPLICATION_DOES_NOT_EXIST",
    "ERROR_APPLICATION_NOT_IN_GROUP",
    "ERROR_QUERY_PARAMETER_VALIDATION",
]


class OfApplication(Schema):
    """Whose trash."""

    application_id = Int(metadata={"description": "Only what was deleted in this application."})


class PageOfTrash(OfApplication):
    """Which part of it."""

    page = mf.Raw(metadata={"description": "The page, from 1."})


class RestoreBody(Schema):
    """What to restore."""

    trash_item_type = Choice(lambda: platform.service(TrashItemTypes).names(), required=True)
    trash_item_id = Int(required=True, min_value=0)
    parent_trash_item_id = Int(min_value=0, allow_none=True, load_default=None)

    @ma.validates_schema(pass_original=True)
    def _known(self, data: Mapping[str, Any], original: Any, **kwargs: Any) -> None:
        refuse_unknown(self, original)


class TrashedApplicationAnswer(Schema):
    """An application, in the trash or not."""

    id = mf.Integer()
    name = mf.String()
    type = mf.String()
    trashed = mf.Boolean()


class TrashedWorkspaceAnswer(Schema):
    """A workspace, in the trash or not."""

    id = mf.Integer()
    name = mf.String()
    trashed = mf.Boolean()
    applications = mf.List(mf.Nested(TrashedApplicationAnswer))


class StructureAnswer(Schema):
    """Where the user has a trash."""

    workspaces = mf.List(mf.Nested(TrashedWorkspaceAnswer))


class ItemAnswer(Schema):
    """Something in the trash."""

    id = mf.Integer()
    user_who_trashed = mf.String()
    trash_item_type = mf.String()
    trash_item_id = mf.Integer()
    parent_trash_item_id = mf.Integer(allow_none=True)
    trashed_at = mf.DateTime()
    application = mf.Integer(allow_none=True)
    workspace = mf.Integer()
    name = mf.String()
    names = mf.List(mf.String(), allow_none=True)
    parent_name = mf.String(allow_none=True)


class ContentsAnswer(PageAnswer):
    """A page of the trash."""

    results = mf.List(mf.Nested(ItemAnswer))


@blueprint.operation(
    "GET",
    "/",
    id="get_trash_structure",
    summary="Show where you have a trash",
    description="Your workspaces with their applications; those that are in the trash themselves are marked.",
    response=StructureAnswer,
)
def structure() -> dict[str, Any]:
    """Workspaces and applications."""
    return {"workspaces": service.structure()}


@blueprint.operation(
    "GET",
    "/workspace/<int:workspace_id>/",
    id="workspace_get_contents",
    summary="List what is in the trash of a workspace",
    description="What was deleted in the workspace, or in one application of it, latest first, 100 a page.",
    query=PageOfTrash,
    response=ContentsAnswer,
    errors=_PLACES,
)
def contents(workspace_id: int, query: dict[str, Any]) -> dict[str, Any]:
    """A page of the trash."""
    number = as_int(query.get("page", 1))
    page = number if number is not None and 0 < number < 10**9 else None
    total, results = service.contents(workspace_id, query.get("application_id"), page)
    following = page is not None and page * service.PAGE_SIZE < total
    return {
        "count": total,
        "next": _page_url(page + 1) if page is not None and following else None,
        "previous": _page_url(page - 1) if page is not None and page > 1 else None,
        "results": results,
    }


def _page_url(number: int) -> str:
    """This request's address with another page; the first page is the one without a number."""
    pairs = [pair for pair in request.args.items(multi=True) if pair[0] != "page"]
    if number > 1:
        pairs.append(("page", str(number)))
    query = urlencode(pairs)
    return f"{request.base_url}?{query}" if query else request.base_url


@blueprint.operation(
    "DELETE",
    "/workspace/<int:workspace_id>/",
    id="workspace_empty_contents",
    summary="Empty the trash of a workspace",
    description="Removes for good what was deleted in the workspace, or in one application of it.",
    query=OfApplication,
    status=204,
    errors=_PLACES,
)
def empty(workspace_id: int, query: dict[str, Any]) -> None:
    """Empty the trash."""
    service.empty(workspace_id, query.get("application_id"))


@blueprint.operation(
    "PATCH",
    "/restore/",
    id="restore",
    summary="Restore something from the trash",
    description="Brings back what was deleted with all that belongs to it. What it was in must be restored first; "
    "rows also need the id of their table as `parent_trash_item_id`.",
    body=RestoreBody,
    status=204,
    errors=[
        "ERROR_REQUEST_BODY_VALIDATION",
        "ERROR_USER_NOT_IN_GROUP",
        "ERROR_TRASH_ITEM_DOES_NOT_EXIST",
        "ERROR_CANNOT_RESTORE_PARENT_BEFORE_CHILD",
        "ERROR_PARENT_ID_MUST_NOT_BE_PROVIDED",
        "ERROR_PARENT_ID_MUST_BE_PROVIDED",
        "ERROR_CANT_RESTORE_AS_RELATED_TABLE_TRASHED",
        "ERROR_CANNOT_RESTORE_ITEM_NOT_OWNED_BY_USER",
    ],
)
def restore(body: dict[str, Any]) -> None:
    """Restore something."""
    trash.restore(body["trash_item_type"], body["trash_item_id"], body["parent_trash_item_id"])
