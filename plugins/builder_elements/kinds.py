"""Finding types of elements."""

from __future__ import annotations

from plugin_api.elements import ElementType
from plugin_api.errors import ApiError
from plugin_api.platform import registry
from plugin_api.states import is_enabled


class AbsentElementType(ElementType):
    """Stands for a type whose plugin is not loaded: elements are kept, and can be read, moved and deleted."""

    type = ""
    is_container = True


_ABSENT = AbsentElementType()


def element_type(name: str) -> ElementType:
    """The type called `name`; a stand-in when its plugin is not loaded."""
    found: ElementType | None = registry("element_types").get(name)
    return _ABSENT if found is None else found


def type_names() -> list[str]:
    """The names of all types."""
    return list(registry("element_types"))


def require_usable(name: str) -> None:
    """400 when no new elements of a type can be made because its plugin is switched off."""
    if not is_enabled(registry("element_types").provider(name)):
        raise ApiError("ERROR_PLUGIN_DISABLED", 400, f"Elements of the type {name} are switched off.")
