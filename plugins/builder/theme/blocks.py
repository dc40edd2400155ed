"""The properties of a theme, in blocks: an element may have its own values for the blocks its type names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from marshmallow import fields as mf

from plugin_api.schemas import Bool, Choice, Int, Items, List, Schema, Str
from plugins.user_files.images import ImageFile

Property = tuple[Callable[[], mf.Field[Any]], Any]
"""How a property is checked, and its value in a new builder."""

ALIGNMENTS = ("left", "center", "right")
WEIGHTS = (
    "thin",
    "extra-light",
    "light",
    "regular",
    "medium",
    "semi-bold",
    "bold",
    "extra-bold",
    "heavy",
    "black",
    "extra-black",
)
_PLAIN = (False, False, False, False)
_UNDERLINED = (True, False, False, False)
_SMALLEST, _LARGEST = -(2**15), 2**15 - 1


def _color(default: str) -> Property:
    return (lambda: Str(max_length=255, allow_blank=True)), default


def _size(default: int) -> Property:
    return (lambda: Int(min_value=_SMALLEST, max_value=_LARGEST)), default


def _percent(default: int) -> Property:
    return (lambda: Int(min_value=0, max_value=100)), default


def _choice(choices: tuple[str, ...], default: str) -> Property:
    return (lambda: Choice(choices)), default


def _family() -> Property:
    return (lambda: Str(max_length=250)), "inter"


def _decoration(default: tuple[bool, ...]) -> Property:
    """Underlined, struck through, in capitals, in italics."""
    return (lambda: List(Bool(), max_length=len(_PLAIN))), list(default)


def _font(start: str, size: int, weight: str) -> dict[str, Property]:
    return {
        f"{start}_font_family": _family(),
        f"{start}_font_size": _size(size),
        f"{start}_font_weight": _choice(WEIGHTS, weight),
    }


def _text(start: str, size: int, weight: str, color: str = "#070810ff") -> dict[str, Property]:
    return {
        **_font(start, size, weight),
        f"{start}_text_color": _color(color),
        f"{start}_text_alignment": _choice(ALIGNMENTS, "left"),
    }


def _heading(level: int, size: int, weight: str, color: str = "#070810ff") -> dict[str, Property]:
    start = f"heading_{level}"
    return {**_text(start, size, weight, color), f"{start}_text_decoration": _decoration(_PLAIN)}


class CustomColor(Schema):
    """A colour of the builder's own; `value` is what properties name it by."""

    name = Str(max_length=255, allow_blank=True)
    color = Str(max_length=255, allow_blank=True)
    value = Str(max_length=255, allow_blank=True)


@dataclass(frozen=True)
class Block:
    """Properties that belong together."""

    name: str
    properties: Mapping[str, Property]

    @cached_property
    def schema(self) -> type[Schema]:
        """What clients may set of it."""
        made = {name: check() for name, (check, _) in self.properties.items()}
        return Schema.from_dict(made, name=f"{self.name.title()}Theme")  # type: ignore[return-value]


COLORS = Block(
    "colors",
    {
        "primary_color": _color("#5190efff"),
        "secondary_color": _color("#0eaa42ff"),
        "border_color": _color("#d7d8d9ff"),
        "main_success_color": _color("#12D452"),
        "main_warning_color": _color("#FCC74A"),
        "main_error_color": _color("#FF5A4A"),
        "custom_colors": (lambda: Items(CustomColor), []),
    },
)
TYPOGRAPHY = Block(
    "typography",
    {
        **_text("body", 14, "regular"),
        **_heading(1, 24, "bold"),
        **_heading(2, 20, "semi-bold"),
        **_heading(3, 16, "medium"),
        **_heading(4, 16, "medium"),
        **_heading(5, 14, "regular"),
        **_heading(6, 14, "regular", "#202128"),
    },
)
BUTTON = Block(
    "button",
    {
        **_font("button", 13, "regular"),
        "button_alignment": _choice(ALIGNMENTS, "left"),
        "button_text_alignment": _choice(ALIGNMENTS, "center"),
        "button_width": _choice(("auto", "full"), "auto"),
        "button_background_color": _color("primary"),
        "button_text_color": _color("#ffffffff"),
        "button_border_color": _color("border"),
        "button_border_size": _size(0),
        "button_border_radius": _size(4),
        "button_vertical_padding": _size(12),
        "button_horizontal_padding": _size(12),
        "button_hover_background_color": _color("#96baf6ff"),
        "button_hover_text_color": _color("#ffffffff"),
        "button_hover_border_color": _color("border"),
        "button_active_background_color": _color("#4783db"),
        "button_active_text_color": _color("#ffffffff"),
        "button_active_border_color": _color("#275d9f"),
    },
)
IMAGE = Block(
    "image",
    {
        "image_alignment": _choice(ALIGNMENTS, "left"),
        "image_max_width": _percent(100),
        "image_max_height": (lambda: Int(min_value=0, max_value=_LARGEST, allow_none=True), None),
        "image_border_radius": _percent(0),
        "image_constraint": _choice(("cover", "contain", "full-width"), "contain"),
    },
)
PAGE = Block(
    "page",
    {
        "page_background_color": _color("#ffffffff"),
        "page_background_file": (lambda: ImageFile(allow_none=True, metadata={"type": "object"}), None),
        "page_background_mode": _choice(("tile", "fill", "fit"), "tile"),
    },
)
INPUT = Block(
    "input",
    {
        "label_font_family": _family(),
        "label_text_color": _color("#070810FF"),
        "label_font_size": _size(13),
        "label_font_weight": _choice(WEIGHTS, "medium"),
        **_font("input", 13, "regular"),
        "input_text_color": _color("#070810FF"),
        "input_background_color": _color("#FFFFFFFF"),
        "input_border_color": _color("#000000FF"),
        "input_border_size": _size(1),
        "input_border_radius": _size(0),
        "input_vertical_padding": _size(8),
        "input_horizontal_padding": _size(12),
    },
)
TABLE = Block(
    "table",
    {
        "table_border_color": _color("#000000FF"),
        "table_border_size": _size(1),
        "table_border_radius": _size(0),
        **_font("table_header", 13, "semi-bold"),
        "table_header_background_color": _color("#edededff"),
        "table_header_text_color": _color("#000000ff"),
        "table_header_text_alignment": _choice(ALIGNMENTS, "left"),
        "table_cell_background_color": _color("transparent"),
        "table_cell_alternate_background_color": _color("transparent"),
        "table_cell_alignment": _choice(ALIGNMENTS, "left"),
        "table_cell_vertical_padding": _size(10),
        "table_cell_horizontal_padding": _size(20),
        "table_vertical_separator_color": _color("#000000FF"),
        "table_vertical_separator_size": _size(0),
        "table_horizontal_separator_color": _color("#000000FF"),
        "table_horizontal_separator_size": _size(1),
    },
)
LINK = Block(
    "link",
    {
        **_font("link", 13, "regular"),
        "link_text_alignment": _choice(ALIGNMENTS, "left"),
        "link_text_color": _color("primary"),
        "link_hover_text_color": _color("#96baf6ff"),
        "link_active_text_color": _color("#275d9f"),
        "link_default_text_decoration": _decoration(_UNDERLINED),
        "link_hover_text_decoration": _decoration(_UNDERLINED),
        "link_active_text_decoration": _decoration(_UNDERLINED),
    },
)
BLOCKS = (COLORS, TYPOGRAPHY, BUTTON, IMAGE, PAGE, INPUT, TABLE, LINK)
DEFAULTS: Mapping[str, Any] = {name: default for block in BLOCKS for name, (_, default) in block.properties.items()}
THEME = Block("builder", {name: found for block in BLOCKS for name, found in block.properties.items()})
"""All of them, as a builder has them."""
FILES = ("page_background_file",)
