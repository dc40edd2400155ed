"""How elements look: borders, paddings, background and width, and what differs from the theme."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from marshmallow import fields as mf

from plugin_api.elements import ElementType
from plugin_api.schemas import Choice, Int, Schema, Str, invalid
from plugins.builder.theme.blocks import BLOCKS
from plugins.user_files.images import ImageFile

Property = tuple[Callable[[], mf.Field[Any]], Any]
"""How a property is checked, and its value in a new element."""

_LARGEST = 2**31 - 1
_SIDES = (("top", 10), ("bottom", 10), ("left", 20), ("right", 20))
FILE = "style_background_file"


def _size(default: int) -> Property:
    return (lambda: Int(min_value=0, max_value=_LARGEST)), default


def _radius() -> Property:
    return (lambda: Int(min_value=-(2**15), max_value=2**15 - 1)), 0


def _color(default: str) -> Property:
    return (lambda: Str(max_length=255, allow_blank=True)), default


def _choice(*choices: str, default: str) -> Property:
    return (lambda: Choice(choices)), default


def _side(side: str, padding: int) -> dict[str, Property]:
    return {
        f"style_border_{side}_color": _color("border"),
        f"style_border_{side}_size": _size(0),
        f"style_padding_{side}": _size(padding),
        f"style_margin_{side}": _size(0),
    }


_PROPERTIES: dict[str, Property] = {
    **{name: found for side, padding in _SIDES for name, found in _side(side, padding).items()},
    "style_background_radius": _radius(),
    "style_border_radius": _radius(),
    "style_background": _choice("none", "color", "image", default="none"),
    "style_background_color": _color("#ffffffff"),
    FILE: ((lambda: ImageFile(allow_none=True, metadata={"type": "object"})), None),
    "style_background_mode": _choice("tile", "fill", "fit", default="fill"),
    "style_width": _choice("full", "full-width", "normal", "medium", "small", default="normal"),
    "style_width_child": _choice("normal", "medium", "small", default="normal"),
}
DEFAULTS: Mapping[str, Any] = {name: default for name, (_, default) in _PROPERTIES.items()}
Style = Schema.from_dict({name: check() for name, (check, _) in _PROPERTIES.items()}, name="ElementStyle")
"""What clients may set of how an element looks."""

_BLOCKS = {block.name: block for block in BLOCKS}


class ThemeOverrides(mf.Field[Any]):
    """By name, properties of the theme an element has its own values for. What its type does not know is left out."""

    def __init__(self, kind: ElementType, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._kind = kind

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> Any:
        return overrides_schema(self._kind)().load(value)


class _Block(mf.Field[Any]):
    """Properties of some blocks of the theme."""

    def __init__(self, schema: type[Schema]) -> None:
        super().__init__()
        self._schema = schema

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> Any:
        if not isinstance(value, Mapping):
            raise invalid("invalid", "Expected an object.")
        return self._schema().load(value)


@cache
def overrides_schema(kind: ElementType) -> type[Schema]:
    """What elements of a type may have of their own in place of the theme."""
    fields: dict[str, mf.Field[Any]] = {name: _Block(_of_blocks(tuple(blocks))) for name, blocks in kind.styles.items()}
    return Schema.from_dict(fields, name=f"{kind.type.title()}Styles")  # type: ignore[return-value]


@cache
def _of_blocks(names: tuple[str, ...]) -> type[Schema]:
    properties = {key: check() for name in names for key, (check, _) in _BLOCKS[name].properties.items()}
    return Schema.from_dict(properties, name="".join(names).title())  # type: ignore[return-value]
