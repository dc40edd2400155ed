"""The element type `input_file`: files that visitors upload."""

from __future__ import annotations

from plugin_api import Plugin, hookimpl
from plugin_api.elements import ElementType
from plugin_api.schemas import Bool, Int, Schema
from plugins.builder.pages.schemas import Names
from plugins.builder_elements.values import FormulaText

plugin = Plugin(
    name="input_file_element", version="1.0", title="File upload", api=(1, 0), requires=("builder", "builder_elements")
)


class InputFileOptions(Schema):
    """Settings of a field for files; the largest size is in megabytes."""

    label = FormulaText()
    multiple = Bool(load_default=False)
    required = Bool(load_default=False)
    default_name = FormulaText()
    default_url = FormulaText()
    help_text = FormulaText()
    max_filesize = Int(min_value=1, max_value=100, load_default=5)
    allowed_filetypes = Names(load_default=list, metadata={"description": "Endings and types: `pdf`, `image/*`."})
    preview = Bool(load_default=False)


class InputFile(ElementType):
    """A field for files."""

    type = "input_file"
    options_schema = InputFileOptions
    styles = {"input": ("input",)}


@hookimpl
def register_element_types() -> list[ElementType]:
    """Provide `input_file`."""
    return [InputFile()]
