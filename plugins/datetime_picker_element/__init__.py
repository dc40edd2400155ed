"""The element type `datetime_picker`: a date, with or without a time, that visitors choose."""

from __future__ import annotations

from plugin_api import Plugin, hookimpl
from plugin_api.elements import ElementType
from plugin_api.schemas import Bool, Choice, Schema
from plugins.builder_elements.values import FormulaText

plugin = Plugin(
    name="datetime_picker_element", version="1.0", title="Date and time", api=(1, 0), requires=("builder_elements",)
)


class DatetimePickerOptions(Schema):
    """Settings of a date."""

    label = FormulaText()
    required = Bool(load_default=False)
    default_value = FormulaText()
    date_format = Choice(("EU", "US", "ISO"), load_default="EU")
    include_time = Bool(load_default=False)
    time_format = Choice(("24", "12"), load_default="24")


class DatetimePicker(ElementType):
    """A date to choose."""

    type = "datetime_picker"
    options_schema = DatetimePickerOptions
    styles = {"input": ("input",)}


@hookimpl
def register_element_types() -> list[ElementType]:
    """Provide `datetime_picker`."""
    return [DatetimePicker()]
