"""Where elements are: their numbers among their neighbours, and which may be in which."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from plugin_api.elements import ElementType, refused
from plugins.builder_elements.kinds import element_type

Spot = tuple[int | None, str | None]
"""The parent, and the place in it."""

_DIGITS = Decimal("1e-20")


def spot(element: Any) -> Spot:
    """Where an element is."""
    return element.parent_element_id, element.place_in_container


def between(low: Decimal, high: Decimal) -> Decimal:
    """The number with the smallest denominator between two others."""
    found = _simplest(Fraction(low), Fraction(high))
    number = Decimal(found.numerator / found.denominator).quantize(_DIGITS)
    return number if low < number < high else (low + high) / 2


def _simplest(low: Fraction, high: Fraction) -> Fraction:
    """By the tree of Stern and Brocot, whole steps at once."""
    whole = low.numerator // low.denominator
    if whole + 1 < high:
        return Fraction(whole + 1)
    rest = low - whole
    if rest == 0:
        gap = 1 / (high - whole)
        return whole + Fraction(1, gap.numerator // gap.denominator + 1)
    return whole + 1 / _simplest(1 / (high - whole), 1 / rest)


def number_before(neighbours: Sequence[Any], before: Any | None) -> Decimal:
    """The number for a place before one of the neighbours, which are in order; without it, behind all."""
    if before is None:
        return Decimal(max((one.order for one in neighbours), default=Decimal(0)).to_integral_value("ROUND_FLOOR") + 1)
    earlier = [one.order for one in neighbours if one.order < before.order]
    return between(max(earlier, default=Decimal(0)), before.order)


def check_place(kind: ElementType, place: Spot, elements: Mapping[int, Any], on_shared_page: bool) -> None:
    """400 when an element of a type cannot be there. `elements` are those of the page, by id, the parent among them."""
    parent_id, name = place
    if parent_id is None:
        if kind.type and kind.on_shared_page != on_shared_page:
            where = "on the shared page" if kind.on_shared_page else "on pages of their own"
            raise refused(f"Elements of the type {kind.type} stand {where} only.")
        return
    parent = elements[parent_id]
    holder = element_type(parent.type)
    if not holder.is_container:
        raise refused(f"Elements of the type {parent.type} hold no others.")
    if not holder.may_hold(kind):
        raise refused(f"An element of the type {kind.type} cannot be in one of the type {parent.type}.")
    places = holder.places(parent.options)
    if places is not None and name not in places:
        raise refused(f"The element {parent_id} has no such place; it has {', '.join(places)}.")


def inside(element_id: int, elements: Sequence[Any]) -> list[Any]:
    """An element and all that is in it, parents first."""
    by_parent: dict[int | None, list[Any]] = {}
    for one in elements:
        by_parent.setdefault(one.parent_element_id, []).append(one)
    found = [one for one in elements if one.id == element_id]
    for one in found:
        found.extend(by_parent.get(one.id, ()))
    return found
