"""What clients send and get about elements."""

from __future__ import annotations

from functools import cache
from typing import Any

from marshmallow import fields as mf

from plugin_api.elements import ElementType
from plugin_api.schemas import Choice, Int, Schema, Str
from plugins.builder.pages.schemas import ROLE_TYPES, Names
from plugins.builder_elements.kinds import element_type, type_names
from plugins.builder_elements.styles import Style, ThemeOverrides

VISIBILITIES = ("all", "logged-in", "not-logged")


class ElementBody(Style):  # type: ignore[misc,valid-type]
    """The keys every element has."""

    css_classes = Str(max_length=255, allow_blank=True)
    visibility = Choice(VISIBILITIES, metadata={"description": "Whether visitors must have signed in, or must not."})
    role_type = Choice(ROLE_TYPES, metadata={"description": "What `roles` are: let in, or kept out."})
    roles = Names(metadata={"description": "Names of roles of the site's users."})
    styles = mf.Dict(metadata={"description": "Properties of the theme the element has its own values for."})


class NewElement(ElementBody):
    """An element to make; besides these keys, those of its type."""

    type = Choice(type_names, required=True)
    parent_element_id = Int(allow_none=True, load_default=None)
    place_in_container = Str(max_length=255, allow_none=True, load_default=None)
    before_id = Int(metadata={"description": "The element it is to stand before; without it, it stands at the end."})

    def load(self, data: Any, **kwargs: Any) -> Any:
        """The type first, since it decides which other keys there are."""
        kind = element_type(_TypeOnly().load(data)["type"])
        return body_schema(kind, new=True)().load(data)


class _TypeOnly(Schema):
    type = Choice(type_names, required=True)


class ChangedElement(ElementBody):
    """Changes of an element; besides these keys, those of its type. `raw` is all of it, to be read once it is known."""

    def load(self, data: Any, **kwargs: Any) -> Any:
        """What was sent, if it is an object."""
        Schema().load(data)
        return {"raw": data}


@cache
def body_schema(kind: ElementType, new: bool) -> type[Schema]:
    """What clients may send for elements of a type; with defaults for new ones."""
    own = {**kind.options_schema().declared_fields, "styles": ThemeOverrides(kind)}
    base = _NewOfType if new else ElementBody
    return type(f"{kind.type.title()}Element", (base,), own)


class _NewOfType(ElementBody):
    type = Choice(type_names, required=True)
    parent_element_id = Int(allow_none=True, load_default=None)
    place_in_container = Str(max_length=255, allow_none=True, load_default=None)
    before_id = Int()


class MovedElement(Schema):
    """Where an element is to be."""

    parent_element_id = Int(allow_none=True, load_default=None)
    place_in_container = Str(max_length=255, allow_none=True, load_default=None)
    before_id = Int(allow_none=True, load_default=None)


class ElementAnswer(ElementBody):
    """An element; besides these keys, those of its type."""

    id = mf.Integer()
    page_id = mf.Integer()
    type = mf.String()
    order = mf.String()
    parent_element_id = mf.Integer(allow_none=True)
    place_in_container = mf.String(allow_none=True)


class DuplicateAnswer(Schema):
    """Copies of an element and of what is in it, parents first."""

    elements = mf.List(mf.Nested(ElementAnswer))
    workflow_actions = mf.List(mf.Dict())
