"""What the operations on shared views take and answer."""

from __future__ import annotations

from plugin_api.schemas import Any_, Bool, Dict, Int, List, Nested, Schema, Str
from plugins.views.schemas import GroupByAnswer, SortAnswer


class ViewPassword(Schema):
    """The password of a shared view."""

    password = Str(required=True, allow_blank=True, trim=False)


class ViewToken(Schema):
    """What to send as `JWT <access_token>` in the header Baserow-View-Authorization."""

    access_token = Str()


class SharedTable(Schema):
    """The table of a shared view."""

    id = Int()
    database_id = Int()


class SharedSort(SortAnswer):
    """A sorting by a visible field."""

    view = Str()  # type: ignore[assignment]


class SharedGroupBy(GroupByAnswer):
    """A grouping by a visible field."""

    view = Str()  # type: ignore[assignment]


class SharedView(Schema):
    """A shared view as visitors see it; each type adds its own keys. Its id is its address."""

    id = Str()
    table = Nested(SharedTable)
    name = Str()
    order = Int()
    type = Str()
    sortings = List(Nested(SharedSort))
    group_bys = List(Nested(SharedGroupBy))
    public = Bool()
    slug = Str()
    show_logo = Bool()
    allow_public_export = Bool()


class SharedInfo(Schema):
    """A shared view with the fields visitors see; what there is to tell of a field depends on its type."""

    fields = List(Dict())  # type: ignore[assignment]
    view = Nested(SharedView)


class SharedRow(Schema):
    """A row with the fields visitors see."""

    id = Int()
    order = Str()


class LinkedName(Schema):
    """A row of a linked table by its name."""

    id = Int()
    value = Str()
    order = Str()


class LinkedNames(Schema):
    """A page of names of rows."""

    count = Int()
    next = Str(allow_none=True)
    previous = Str(allow_none=True)
    results = List(Nested(LinkedName))


class LookupQuery(Schema):
    """Which names to list."""

    search = Any_(metadata={"description": "Only names with this text."})
    search_mode = Any_(metadata={"description": "compat or full-text-with-compat."})
    page = Any_(metadata={"description": "From 1."})
    size = Any_(metadata={"description": "Names on a page; at most 200."})


class ViewRowsQuery(Schema):
    """Which rows of a view to list, and how; what cannot be read of pages falls back to the usual."""

    limit = Any_(metadata={"description": "Rows to answer, at most 200; use it with `offset` instead of pages."})
    offset = Any_(metadata={"description": "Rows to skip."})
    page = Any_(metadata={"description": "From 1."})
    size = Any_(metadata={"description": "Rows on a page, at most 200."})
    count = Any_(metadata={"description": "Answer the number of rows alone."})
    exclude_count = Any_(metadata={"description": "Answer the rows without their number and links to other pages."})
    include = Any_(metadata={"description": "Any of field_options, row_metadata, with commas."})
    search = Any_(metadata={"description": "Only rows with this text."})
    search_mode = Any_(metadata={"description": "compat or full-text-with-compat."})
    order_by = Any_(metadata={"description": "Fields such as `-field_1,field_2`."})
    filters = Any_(metadata={"description": "A tree of filters in JSON."})
    filter_type = Any_(metadata={"description": "AND or OR, for filters given as filter__{field}__{type}=value."})
    limit_linked_items = Any_(metadata={"description": "At most this many linked rows in each cell."})


class ChosenRowsQuery(ViewRowsQuery):
    """The same, with a choice of fields."""

    include_fields = Any_(metadata={"description": "Only these fields: `field_1,field_2`."})
    exclude_fields = Any_(metadata={"description": "All fields but these."})


class ViewRowsAnswer(Schema):
    """A page of a view's rows, with what `include` asks for."""

    count = Int()
    next = Str(allow_none=True)
    previous = Str(allow_none=True)
    results = List(Nested(SharedRow))
    field_options = Dict()
    row_metadata = Dict()
    group_by_metadata = Dict()
