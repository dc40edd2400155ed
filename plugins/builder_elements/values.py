"""Settings many types of elements have: formulas, links to pages, images, and things in them that have ids."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from plugin_api.db import connection
from plugin_api.elements import ElementPage, NewId, refused
from plugin_api.errors import does_not_exist
from plugin_api.schemas import Choice, Int, Items, Schema, Str, invalid
from plugins.builder_elements.models import ITEM_IDS
from plugins.formulas.errors import FormulaError
from plugins.formulas.parser import parse

PAGE = "builder_page"
_TO_PAGE, _PARAMETERS = "navigate_to_page_id", "page_parameters"


class FormulaText(Str):
    """A formula whose value is shown; it may name functions nobody knows. Empty for none."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"load_default": "", "allow_blank": True, "trim": False, **kwargs})

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if text.strip():
            try:
                parse(text)
            except FormulaError as error:
                raise invalid("invalid", str(error)) from None
        return text


class Parameter(Schema):
    """A value for a parameter of a page."""

    name = Str(required=True, max_length=255)
    value = FormulaText()


class Navigation(Schema):
    """Where a click leads: to a page of the builder, or to another address."""

    navigation_type = Choice(("page", "custom"), load_default="page")
    navigate_to_page_id = Int(allow_none=True, load_default=None)
    navigate_to_url = FormulaText()
    page_parameters = Items(Parameter, load_default=list)
    query_parameters = Items(Parameter, load_default=list)
    target = Choice(("self", "blank"), load_default="self")


def check_navigation(options: Mapping[str, Any], page: ElementPage, known: Collection[int | None] = ()) -> None:
    """404 for a page that is not in the builder; 400 for parameters it does not have.

    known: pages it led to before, which may be in the trash by now.
    """
    target = options[_TO_PAGE]
    if target is None or (target in known and target not in page.parameters):
        return
    if target not in page.parameters:
        raise does_not_exist("page")
    unknown = {one["name"] for one in options[_PARAMETERS]} - page.parameters[target]
    if unknown:
        raise refused(f"The page {target} has no parameter {', '.join(sorted(unknown))} in its path.")


def renamed_navigation(options: Mapping[str, Any], new_id: NewId) -> dict[str, Any]:
    """Settings of a link with the id its page has now."""
    target = options[_TO_PAGE]
    return {**options, _TO_PAGE: None if target is None else new_id(PAGE, target)}


def numbered(items: Iterable[Mapping[str, Any]], known: Iterable[int] = ()) -> list[dict[str, Any]]:
    """Items with an `id` each: the one given when it is among those known, else a new one. One query at most."""
    found, kept = [dict(item) for item in items], set(known)
    nameless: list[dict[str, Any]] = []
    for item in found:
        if item.get("id") in kept:
            kept.discard(item["id"])
        else:
            nameless.append(item)
    for item, number in zip(nameless, _numbers(len(nameless)), strict=True):
        item["id"] = number
    return found


def _numbers(count: int) -> Sequence[int]:
    if not count:
        return []
    numbers = sa.select(ITEM_IDS.next_value()).select_from(sa.func.generate_series(1, count))
    return connection().execute(numbers).scalars().all()
