"""The element type `column`: other elements beside each other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from plugin_api import Plugin, hookimpl
from plugin_api.elements import ElementType
from plugin_api.schemas import Choice, Int, Schema

plugin = Plugin(name="column_element", version="1.0", title="Columns", api=(1, 0), requires=("builder_elements",))


class ColumnOptions(Schema):
    """Settings of columns; the gap between them is in pixels."""

    column_amount = Int(min_value=1, max_value=6, load_default=3)
    column_gap = Int(min_value=0, max_value=2000, load_default=20)
    alignment = Choice(("top", "center", "bottom"), load_default="top")


class Column(ElementType):
    """One to six columns."""

    type = "column"
    options_schema = ColumnOptions
    is_container = True

    def places(self, options: Mapping[str, Any]) -> list[str]:
        """The columns by their numbers from 0 on."""
        return [str(number) for number in range(options["column_amount"])]

    def may_hold(self, other: ElementType) -> bool:
        """Not further columns."""
        return super().may_hold(other) and other.type != self.type


@hookimpl
def register_element_types() -> list[ElementType]:
    """Provide `column`."""
    return [Column()]
