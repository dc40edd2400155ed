"""The view type `checklist`: rows that are ticked off, those that are done hidden if one likes, and how far one is."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from plugin_api import Plugin, hookimpl
from plugin_api.fields import Field
from plugin_api.http import USER, Blueprint, RawJson
from plugin_api.schemas import Bool, Int, Schema
from plugin_api.views import CardFieldOptions, ViewType, first_visible, incompatible_field
from plugins.database.engine.read import count
from plugins.views.listing import member_listing, visitor_listing
from plugins.views.public_schemas import ViewRowsAnswer, ViewRowsQuery
from plugins.views.reading import Condition, Reading, for_member, for_visitor
from plugins.views.refusals import LOCKED, OF_LISTING

plugin = Plugin(
    name="checklist",
    version="0.1.0",
    title="Checklist",
    description="Views in which rows are ticked off.",
    api=(1, 0),
    requires=("database", "views"),
)

TYPE, MISSING = "checklist", "ERROR_CHECKLIST_DOES_NOT_EXIST"


class ChecklistOptions(Schema):
    """Settings of a checklist."""

    done_field = Int(load_default=None, allow_none=True, metadata={"description": "The boolean field that is ticked."})
    hide_done = Bool(load_default=False, metadata={"description": "Whether to list only rows that are to be done."})


class ChecklistView(ViewType):
    """Rows with a box to tick."""

    type = TYPE
    options_schema = ChecklistOptions
    field_options_schema = CardFieldOptions
    field_settings = ("done_field",)
    can_decorate = True

    def check_field_setting(self, name: str, field: Field) -> None:
        """What is ticked is a boolean."""
        if field.type != "boolean":
            raise incompatible_field(name, ["boolean"])

    def new_field_options(
        self, fields: Sequence[Field], others: Collection[Mapping[str, Any]], public: bool
    ) -> dict[int, dict[str, Any]]:
        """The first three fields are shown."""
        return first_visible(fields, 3, bool(others))


def _done(reading: Reading) -> Condition:
    """Whether a row is done; none is while no field is chosen, or it is in the trash."""
    field = reading.setting("done_field")
    if field is None:
        return sa.false()
    return sa.func.coalesce(reading.shape.type_of(field).value(field, reading.shape.row), sa.false())


def _listed(reading: Reading) -> Condition | None:
    """The condition that rows must meet to be listed, beside the view's filters; None for none."""
    return sa.not_(_done(reading)) if reading.found.view.options.get("hide_done") else None


def _progress(reading: Reading) -> dict[str, int]:
    """How many rows there are, and how many are done: two queries."""
    return {"total": count(reading.rows()), "done": count(reading.rows(_done(reading)))}


class ProgressAnswer(Schema):
    """How far one is, of the rows that the view's filters keep."""

    total = Int(metadata={"description": "How many rows there are."})
    done = Int(metadata={"description": "How many of them are done."})


checklists = Blueprint(
    "checklist_views", __name__, url_prefix="/api/database/views/checklist", description="Rows that are ticked off."
)


@checklists.operation(
    "GET",
    "/<int:view_id>/",
    id="list_checklist_rows",
    summary="List the rows of a checklist",
    description="A page of the rows that the view's filters keep, without those that are done if they are hidden.",
    query=ViewRowsQuery,
    response=ViewRowsAnswer,
    errors=(MISSING, *OF_LISTING),
    auth=USER,
    optional_auth=True,
)
def list_rows(view_id: int, query: dict[str, Any]) -> RawJson:
    """A page of rows."""
    return member_listing(view_id, TYPE, also=_listed)


@checklists.operation(
    "GET",
    "/<slug>/public/rows/",
    id="public_list_checklist_rows",
    summary="List the rows of a shared checklist",
    description="A page of the rows that the view's filters keep, with the visible fields and the box.",
    query=ViewRowsQuery,
    response=ViewRowsAnswer,
    errors=(MISSING, LOCKED, *OF_LISTING),
    auth=USER,
    optional_auth=True,
)
def list_public_rows(slug: str, query: dict[str, Any]) -> RawJson:
    """A page of rows for visitors."""
    return visitor_listing(slug, TYPE, also=_listed)


@checklists.operation(
    "GET",
    "/<int:view_id>/progress/",
    id="checklist_progress",
    summary="Read how far a checklist is",
    description="How many rows the view's filters keep, and how many of them are done.",
    response=ProgressAnswer,
    errors=(MISSING, *OF_LISTING),
    auth=USER,
    optional_auth=True,
)
def progress(view_id: int) -> dict[str, int]:
    """How far it is."""
    return _progress(for_member(view_id, TYPE))


@checklists.operation(
    "GET",
    "/<slug>/public/progress/",
    id="public_checklist_progress",
    summary="Read how far a shared checklist is",
    description="How many rows the view's filters keep, and how many of them are done.",
    response=ProgressAnswer,
    errors=(MISSING, LOCKED, *OF_LISTING),
    auth=USER,
    optional_auth=True,
)
def public_progress(slug: str) -> dict[str, int]:
    """How far it is, for visitors."""
    return _progress(for_visitor(slug, TYPE))


@hookimpl
def register_view_types() -> list[ViewType]:
    """Provide `checklist`."""
    return [ChecklistView()]


@hookimpl
def register_blueprints() -> list[Blueprint]:
    """The operations on checklists."""
    return [checklists]
