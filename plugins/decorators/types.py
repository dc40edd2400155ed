"""The decorators and their value providers."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import marshmallow as ma
from marshmallow import fields as mf

from plugin_api.errors import problem
from plugin_api.platform import registry
from plugin_api.schemas import Choice, Int, Nested, Schema, Str
from plugins.views.decorators import Conf, DecoratorType, ValueProviderType

_JOINS = ("AND", "OR")
_MOST = 1000


class LeftBorderColor(DecoratorType):
    """A coloured bar at the left of a row."""

    type = "left_border_color"


class BackgroundColor(DecoratorType):
    """A coloured row."""

    type = "background_color"


class Many(mf.List[Any]):
    """A list whose errors are those of an object, as clients of nested lists know them."""

    default_error_messages = {"required": [problem("required", "This field is required.")]}

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> list[Any]:
        if not isinstance(value, list):
            raise ma.ValidationError({"non_field_errors": [problem("not_a_list", "Expected a list of items.")]})
        if len(value) > _MOST:
            too_many = problem("max_length", f"Ensure this field has no more than {_MOST} elements.")
            raise ma.ValidationError({"non_field_errors": [too_many]})
        return super()._deserialize(value, attr, data, **kwargs)


class SelectConf(Schema):
    """The field whose option gives its colour to the row."""

    field_id = Int(required=True, allow_none=True)


class ConditionFilter(Schema):
    """A condition on a field."""

    id = Str(required=True, max_length=255)
    field = Int(required=True, allow_none=True)
    type = Choice(lambda: [*registry("filter_types"), None], required=True, allow_none=True)
    value = Str(allow_blank=True, trim=False, load_default="")
    group = Str(allow_none=True, load_default=None, max_length=255)


class ConditionGroup(Schema):
    """Conditions joined by AND or OR."""

    id = Str(required=True, max_length=255)
    filter_type = Choice(_JOINS, load_default="AND")
    parent_group = Str(allow_none=True, load_default=None, max_length=255)


class ConditionColor(Schema):
    """A colour, and the conditions under which a row has it."""

    id = Str(required=True, max_length=255)
    color = Str(required=True, max_length=255)
    operator = Choice(_JOINS, load_default="AND")
    filters = Many(Nested(ConditionFilter), required=True)
    filter_groups = Many(Nested(ConditionGroup))


class ConditionConf(Schema):
    """Colours in the order in which they are tried."""

    colors = Many(Nested(ConditionColor), required=True)


class SingleSelectColor(ValueProviderType):
    """The colour of the option a row has in a single select."""

    type = "single_select_color"
    conf_schema = SelectConf

    def fields(self, conf: Conf) -> Collection[int]:
        """The single select."""
        return () if conf.get("field_id") is None else (conf["field_id"],)

    def replaced(self, conf: Conf, fields: Mapping[int, int]) -> dict[str, Any]:
        """Another single select."""
        return {**conf, "field_id": fields.get(conf.get("field_id") or 0)}


class ConditionalColor(ValueProviderType):
    """The first colour whose conditions a row fulfils."""

    type = "conditional_color"
    conf_schema = ConditionConf

    def fields(self, conf: Conf) -> Collection[int]:
        """Those of all conditions."""
        conditions = (found for color in conf.get("colors", ()) for found in color["filters"])
        return {found["field"] for found in conditions if found["field"] is not None}

    def replaced(self, conf: Conf, fields: Mapping[int, int]) -> dict[str, Any]:
        """Conditions on other fields."""

        def replaced(condition: Mapping[str, Any]) -> dict[str, Any]:
            return {**condition, "field": fields.get(condition["field"] or 0)}

        colors = [{**color, "filters": [replaced(one) for one in color["filters"]]} for color in conf.get("colors", ())]
        return {**conf, "colors": colors}
