"""What the operations on views take and answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import marshmallow as ma

from plugin_api.platform import registry
from plugin_api.schemas import Bool, Choice, Dict, Int, List, Nested, Schema, Str
from plugins.database.fields.schemas import load_parts
from plugins.views.kinds import type_names

OWNERSHIP = ("collaborative", "personal")
JOINS = ("AND", "OR")


class ViewBody(Schema):
    """The keys every view has."""

    name = Str(max_length=255)
    filter_type = Choice(JOINS, metadata={"description": "Whether rows must fit all filters, or any."})
    filters_disabled = Bool(metadata={"description": "Keep the filters without applying them."})
    public = Bool(metadata={"description": "Whether everybody who knows the view's address may see it."})


class _TypeOnly(Schema):
    type = Choice(type_names, required=True)


class CreateView(ViewBody):
    """A view to create; besides these keys, those of its type."""

    type = Choice(type_names, required=True)
    ownership_type = Choice(OWNERSHIP, load_default="collaborative")

    def load(self, data: Any, **kwargs: Any) -> Any:
        """The type first, since it decides which other keys there are; those of the type as `options`."""
        kind = _TypeOnly().load(data)["type"]
        own = registry("view_types")[kind].options_schema()
        loaded_body = load_parts(data, _Create(), own)
        options = {name: loaded_body.pop(name) for name in own.fields}
        return {**loaded_body, "type": kind, "options": options}


class _Create(ViewBody):
    ownership_type = Choice(OWNERSHIP, load_default="collaborative")


class UpdateView(ViewBody):
    """Changes of a view; besides these keys, those of its type."""

    ownership_type = Str(max_length=255)
    public_view_password = Str(
        min_length=8,
        max_length=256,
        allow_blank=True,
        trim=False,
        metadata={"description": "What visitors of the shared view need; empty for no password."},
    )

    def load(self, data: Any, **kwargs: Any) -> Any:
        """The common keys; `raw` is the whole body, for the type."""
        loaded = _Update().load(data)
        return {**loaded, "raw": data}


class _Update(ViewBody):
    ownership_type = Str(max_length=255)
    public_view_password = Str(min_length=8, max_length=256, allow_blank=True, trim=False)


class OrderViews(Schema):
    """Views in the order they are to have."""

    view_ids = List(Int(), required=True, min_length=1)


class FieldOptionsBody(Schema):
    """Settings of fields by the field's id; fields and settings that are not given stay as they are."""

    field_options = Dict(required=True)


class FieldOptionsAnswer(Schema):
    """Settings of fields by the field's id; which there are, the view's type decides."""

    field_options = Dict()


class ViewsQuery(Schema):
    """Which views to list and what to tell of them."""

    include = Str(
        allow_blank=True, metadata={"description": "Any of filters, sortings, group_bys, decorations, with commas."}
    )
    type = Choice(type_names, metadata={"description": "Only views of this type."})
    limit = Int(min_value=1, metadata={"description": "At most this many views."})


class ViewQuery(Schema):
    """What to tell of a view."""

    include = Str(
        allow_blank=True, metadata={"description": "Any of filters, sortings, group_bys, decorations, with commas."}
    )


class TableOfView(Schema):
    """The table a view is of."""

    id = Int()
    name = Str()
    order = Int()
    database_id = Int()


class FilterAnswer(Schema):
    """A filter of a view."""

    id = Int()
    view = Int()
    field = Int()
    type = Str()
    value = Str()
    preload_values = Dict()
    group = Int(allow_none=True)


class FilterGroupAnswer(Schema):
    """A group of filters."""

    id = Int()
    filter_type = Choice(JOINS)
    view = Int()
    parent_group = Int(allow_none=True)


class SortAnswer(Schema):
    """A sorting of a view."""

    id = Int()
    view = Int()
    field = Int()
    order = Choice(("ASC", "DESC"))
    type = Str()


class GroupByAnswer(SortAnswer):
    """A grouping of a view."""

    width = Int()


class DecorationAnswer(Schema):
    """A decoration of a view."""

    id = Int()
    view = Int()
    type = Str()
    value_provider_type = Str()
    value_provider_conf = Dict()
    order = Int()


class ViewAnswer(Schema):
    """A view as the API shows it; each type adds its own keys. Parts are there when they were asked for."""

    id = Int()
    table_id = Int()
    name = Str()
    order = Int()
    type = Str()
    table = Nested(TableOfView)
    filter_type = Choice(JOINS)
    filters = List(Nested(FilterAnswer))
    filter_groups = List(Nested(FilterGroupAnswer))
    sortings = List(Nested(SortAnswer))
    group_bys = List(Nested(GroupByAnswer))
    decorations = List(Nested(DecorationAnswer))
    filters_disabled = Bool()
    public_view_has_password = Bool()
    show_logo = Bool()
    allow_public_export = Bool()
    ownership_type = Str()
    owned_by_id = Int(allow_none=True)
    public = Bool()
    slug = Str()


def loaded(schema: ma.Schema, data: Any, partial: bool = False) -> Mapping[str, Any]:
    """A body through a schema; ValidationError when it does not fit."""
    found: Mapping[str, Any] = schema.load(data, partial=partial)
    return found
