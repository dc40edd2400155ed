"""What headers and footers have in common: they stand on the shared page of a builder, and are shown on others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from plugin_api.elements import ElementPage, ElementType, NewId
from plugin_api.errors import body_invalid, problem
from plugin_api.schemas import Choice, Int, List, Schema
from plugins.builder_elements.values import PAGE


class SharedOptions(Schema):
    """Where it is shown: on all pages, only on those given, or on all but those."""

    share_type = Choice(("all", "only", "except"), load_default="all")
    pages = List(Int(), load_default=list)


class SharedElement(ElementType):
    """An element of the shared page that holds others."""

    options_schema = SharedOptions
    is_container = True
    on_shared_page = True

    def prepare(self, options: dict[str, Any], before: Mapping[str, Any], page: ElementPage) -> dict[str, Any]:
        """The pages are of the builder; the shared one is left out."""
        pages = [one for one in dict.fromkeys(options["pages"]) if one != page.id]
        strange = sorted(set(pages) - set(page.parameters) - set(before.get("pages", ())))
        if strange:
            raise body_invalid({"pages": [problem("does_not_exist", f"There is no page {strange[0]} in the builder.")]})
        return {**options, "pages": pages}

    def renamed(self, options: dict[str, Any], new_id: NewId) -> dict[str, Any]:
        """The pages by their new ids."""
        found = [new_id(PAGE, one) for one in options["pages"]]
        return {**options, "pages": [one for one in found if one is not None]}
