"""What the operations on the parts of views take; keys of bodies are the columns they set."""

from __future__ import annotations

from plugin_api.kinds import Kind
from plugin_api.platform import registry
from plugin_api.schemas import Choice, Dict, Int, Schema, Str
from plugins.views.decorators import decorator_names, provider_names
from plugins.views.schemas import JOINS

ORDERS = ("ASC", "DESC")


def _filter_types() -> list[str]:
    """Those for fields; others are for what every row has."""
    known = registry("filter_types")
    return [name for name in known if known[name].item_kinds or known[name].kinds - {Kind.ROW_ID}]


class UpdateFilter(Schema):
    """Changes of a filter."""

    field_id = Int(data_key="field", metadata={"description": "The field to look at."})
    type = Choice(_filter_types, metadata={"description": "The kind of condition."})
    value = Str(allow_blank=True, trim=False, metadata={"description": "What to compare with."})


class CreateFilter(Schema):
    """A filter to add."""

    field_id = Int(data_key="field", required=True, metadata={"description": "The field to look at."})
    type = Choice(_filter_types, required=True, metadata={"description": "The kind of condition."})
    value = Str(allow_blank=True, trim=False, load_default="", metadata={"description": "What to compare with."})
    group_id = Int(data_key="group", allow_none=True, metadata={"description": "The group it is in; none at the top."})


class UpdateFilterGroup(Schema):
    """Changes of a group."""

    filter_type = Choice(JOINS, metadata={"description": "Whether rows must fit all of the group, or any."})


class CreateFilterGroup(Schema):
    """A group to add."""

    filter_type = Choice(JOINS, load_default="AND")
    parent_id = Int(data_key="parent_group", allow_none=True, metadata={"description": "The group it is in."})


class UpdateSort(Schema):
    """Changes of a sorting."""

    field_id = Int(data_key="field", metadata={"description": "The field to order by."})
    order = Choice(ORDERS)
    type = Str(max_length=32, metadata={"description": "`default`, or another way in which the field can be ordered."})


class CreateSort(Schema):
    """A sorting to add."""

    field_id = Int(data_key="field", required=True, metadata={"description": "The field to order by."})
    order = Choice(ORDERS, load_default="ASC")
    type = Str(max_length=32, load_default="default")


class CreateDecoration(Schema):
    """A decoration to add; it comes after those that are there."""

    type = Choice(decorator_names, required=True, metadata={"description": "How rows are marked."})
    value_provider_type = Choice(
        provider_names, load_default="", metadata={"description": "What decides the mark of a row; empty for nothing."}
    )
    value_provider_conf = Dict(load_default=dict, metadata={"description": "The settings of the value provider."})


class UpdateDecoration(Schema):
    """Changes of a decoration."""

    type = Choice(decorator_names, metadata={"description": "How rows are marked."})
    value_provider_type = Choice(provider_names, metadata={"description": "What decides the mark of a row."})
    value_provider_conf = Dict(metadata={"description": "The settings of the value provider."})
    order = Int(min_value=0, max_value=2**31 - 1, metadata={"description": "Its place among the others."})


class UpdateGroupBy(UpdateSort):
    """Changes of a grouping."""

    width = Int(min_value=0, max_value=2**31 - 1)


class CreateGroupBy(CreateSort):
    """A grouping to add."""

    width = Int(min_value=0, max_value=2**31 - 1, load_default=200)
