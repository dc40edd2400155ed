"""Finding view types."""

from __future__ import annotations

from plugin_api import features
from plugin_api.errors import ApiError
from plugin_api.platform import registry
from plugin_api.states import is_enabled
from plugin_api.views import ViewType


class AbsentViewType(ViewType):
    """Stands for a type whose plugin is not loaded: views are kept and can be read and deleted."""

    type = ""
    can_filter = False
    can_sort = False
    can_share = False
    has_public_info = False


_ABSENT = AbsentViewType()


def view_type(name: str) -> ViewType:
    """The view type called `name`; a stand-in when its plugin is not loaded."""
    found: ViewType | None = registry("view_types").get(name)
    return _ABSENT if found is None else found


def type_names() -> list[str]:
    """The names of all view types."""
    return list(registry("view_types"))


def require_usable(name: str) -> None:
    """400 or 402 when no new views of a type can be made: its plugin is switched off, or its feature not licensed."""
    if not is_enabled(registry("view_types").provider(name)):
        raise ApiError("ERROR_PLUGIN_DISABLED", 400, f"Views of the type {name} are switched off.")
    features.require("view_types", name)
