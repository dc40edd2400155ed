"""Element types: what stands on the pages of builders; what a type keeps for an element and what it may hold."""

from __future__ import annotations

from abc import ABC
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from plugin_api.errors import ApiError
from plugin_api.schemas import Schema

SchemaClass = type[Schema]

NewId = Callable[[str, int], int | None]
"""What a thing is called now, by its kind ("builder_page", ...) and its old id; None when it leads nowhere."""


@dataclass(frozen=True)
class ElementPage:
    """The page an element is on.

    shared: whether it is the page of its builder whose elements are shown on others.
    parameters: the names of the path parameters of every page of the builder but the shared one, by page.
    """

    id: int
    builder_id: int
    workspace_id: int
    shared: bool = False
    parameters: Mapping[int, frozenset[str]] = field(default_factory=dict)


def refused(message: str) -> ApiError:
    """400 with nothing but a sentence, as the contract has it for elements that cannot be where they should be."""
    return ApiError("ERROR_REQUEST_BODY_VALIDATION", 400, message, body=[message])


class ElementType(ABC):
    """A type of element. Third parties subclass this, set `type`, and override what differs.

    options_schema: the settings of an element, each with a default. They are keys of the element's JSON.
    styles: by name, the blocks of the theme ("button", "input", "typography", ...) an element may have values of its
        own for.
    images: names of those settings whose value is an uploaded image.
    is_container: whether other elements may be in it.
    on_shared_page: whether it stands on the shared page of a builder, and only there. Others are in one of these there.
    """

    type: ClassVar[str]
    options_schema: ClassVar[SchemaClass] = Schema
    styles: ClassVar[Mapping[str, Collection[str]]] = {}
    images: ClassVar[Collection[str]] = ()
    is_container: ClassVar[bool] = False
    on_shared_page: ClassVar[bool] = False

    def prepare(self, options: dict[str, Any], before: Mapping[str, Any], page: ElementPage) -> dict[str, Any]:
        """All settings as they are to be kept; ApiError when they make no sense.

        options: what the element would have, defaults and what it had included; before: what it had, {} for a new one.
        """
        return options

    def renamed(self, options: dict[str, Any], new_id: NewId) -> dict[str, Any]:
        """The settings with the ids of other things replaced by what `new_id` says: for copies, and to be shown."""
        return options

    def places(self, options: Mapping[str, Any]) -> list[str] | None:
        """The places elements in it may have, the last one for those whose place is gone; None when it has none."""
        return None

    def may_hold(self, other: ElementType) -> bool:
        """Whether an element of another type may be in one of this type."""
        return not other.on_shared_page
