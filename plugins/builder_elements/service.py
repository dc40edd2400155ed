"""What users do with elements: permission, change, recorded action and announcement in one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import marshmallow as ma

from plugin_api.elements import ElementType, refused
from plugin_api.errors import body_invalid
from plugins.builder.context import page_context
from plugins.builder_elements import operations, store, styles
from plugins.builder_elements.actions import CHANGED, CREATED, DELETED, DUPLICATED, MOVED, record
from plugins.builder_elements.context import Place, place_of, place_to_change
from plugins.builder_elements.events import CHANGED_TOGETHER, announce
from plugins.builder_elements.kinds import element_type, require_usable
from plugins.builder_elements.placing import Spot, check_place, inside, number_before, spot
from plugins.builder_elements.schemas import body_schema

Values = Mapping[str, Any]


def list_elements(page_id: int) -> list[dict[str, Any]]:
    """The elements of a page in their order."""
    found = page_context(page_id, operations.LIST)
    new_id = store.there(store.element_page(found))
    return [store.shown(one, new_id) for one in store.of_pages([page_id])]


def create(page_id: int, body: Values) -> dict[str, Any]:
    """Make an element, behind its neighbours or before one of them; `body` is a checked one."""
    place = place_to_change(page_id, operations.CREATE)
    require_usable(body["type"])
    kind = element_type(body["type"])
    at = (body["parent_element_id"], body["place_in_container"])
    where = _placed(place, kind, at, body.get("before_id"))
    values = {**where, **_kept(kind, body, None, place), "page_id": page_id, "type": kind.type}
    made = store.insert(values)
    record(CREATED, place, {}, [made], made)
    shown = place.shown(made)
    announce("element_created", place, element=shown, before_id=body.get("before_id"))
    return shown


def update(element_id: int, values: Any) -> dict[str, Any]:
    """Change what is given of an element, as it was sent. What was in places it has no more goes to its last one."""
    place, element = place_of(element_id, operations.UPDATE)
    kind = element_type(element.type)
    changed = store.change(element_id, _kept(kind, _loaded(kind, values), element, place))
    before = {element_id: element}
    before.update(_without_place(kind, changed, place))
    place.read()
    record(CHANGED, place, before, [place.elements[one] for one in before], changed)
    shown = place.shown(changed)
    announce("element_updated", place, element=shown)
    if len(before) > 1:
        announce(CHANGED_TOGETHER, place)
    return shown


def move(element_id: int, body: Values) -> dict[str, Any]:
    """Put an element elsewhere on its page."""
    place, element = place_of(element_id, operations.UPDATE)
    at = (body["parent_element_id"], body["place_in_container"])
    if at[0] in {one.id for one in inside(element_id, list(place.elements.values()))}:
        raise refused("An element cannot be in itself.")
    moved = store.change(element_id, _placed(place, element_type(element.type), at, body["before_id"]))
    record(MOVED, place, {element_id: element}, [moved], moved)
    announce("element_moved", place, element_id=element_id, before_id=body["before_id"], **_spot_json(spot(moved)))
    return place.shown(moved)


def delete(element_id: int) -> None:
    """Remove an element with all that is in it."""
    place, element = place_of(element_id, operations.DELETE)
    gone = inside(element_id, list(place.elements.values()))
    store.remove([element_id])
    record(DELETED, place, {one.id: one for one in gone}, [], element)
    announce("element_deleted", place, element_id=element_id)


def duplicate(element_id: int) -> dict[str, Any]:
    """Copy an element with all that is in it, right behind it."""
    place, element = place_of(element_id, operations.CREATE)
    originals = inside(element_id, list(place.elements.values()))
    made = _copies(originals, place)
    record(DUPLICATED, place, {}, made, made[0])
    shown = [place.shown(one) for one in made]
    announce("elements_created", place, elements=shown)
    return {"elements": shown, "workflow_actions": []}


def _loaded(kind: ElementType, sent: Any) -> dict[str, Any]:
    try:
        return dict(body_schema(kind, new=False)().load(sent, partial=True))
    except ma.ValidationError as error:
        raise body_invalid(error.messages) from None


def _spot_json(found: Spot) -> dict[str, Any]:
    return dict(zip(("parent_element_id", "place_in_container"), found, strict=True))


def _placed(place: Place, kind: ElementType, at: Spot, before_id: int | None) -> dict[str, Any]:
    """The columns that say where an element is; refuses places it cannot have."""
    place.require(at[0])
    before = place.require(before_id)
    check_place(kind, at, place.elements, place.page.shared)
    neighbours = [one for one in place.elements.values() if spot(one) == at]
    if before is not None and spot(before) != at:
        raise refused(f"The element {before_id} is not where the other one is to be.")
    return {**_spot_json(at), "order": number_before(neighbours, before)}


def _kept(kind: ElementType, values: Values, before: Any | None, place: Place) -> dict[str, Any]:
    """The columns that say what an element is, of what is given."""
    own = before.options if before is not None else {}
    options = kind.options_schema().fields
    given = {name: values[name] for name in options if name in values}
    kept = {name: values[name] for name in store.COMMON if name in values}
    style = {name: values[name] for name in styles.DEFAULTS if name in values}
    if style:
        kept["style"] = {**(before.style if before is not None else {}), **style}
    if "styles" in values:
        kept["styles"] = values["styles"]
    return {**kept, "options": kind.prepare({**own, **given}, own, place.page)}


def _without_place(kind: ElementType, holder: Any, place: Place) -> dict[int, Any]:
    """Move what is in places that are gone to the last one; answers those elements as they were."""
    places = kind.places(holder.options)
    if places is None:
        return {}
    within = [one for one in place.elements.values() if one.parent_element_id == holder.id]
    lost = [one for one in within if one.place_in_container not in places]
    lost.sort(key=lambda one: (_place_number(one), one.order, one.id))
    first = number_before([one for one in within if one.place_in_container == places[-1]], None)
    store.place({one.id: (places[-1], first + n) for n, one in enumerate(lost)})
    return {one.id: one for one in lost}


def _place_number(element: Any) -> tuple[int, str]:
    name = element.place_in_container or ""
    return (int(name) if name.isdecimal() else 0), name


def _copies(originals: Sequence[Any], place: Place) -> list[Any]:
    made: list[Any] = []
    new_ids: dict[int, int] = {}
    for one in originals:
        values = {**store.document(one), "order": _behind(one, place)}
        del values["id"]
        values["parent_element_id"] = new_ids.get(one.parent_element_id, one.parent_element_id)
        kind = element_type(one.type)
        values["options"] = kind.prepare(dict(one.options), one.options, place.page)
        copy = store.insert(values)
        new_ids[one.id] = copy.id
        made.append(copy)
    return made


def _behind(element: Any, place: Place) -> Decimal:
    """The number for a place right behind an element."""
    neighbours = [one for one in place.elements.values() if spot(one) == spot(element)]
    later = [one for one in neighbours if (one.order, one.id) > (element.order, element.id)]
    return number_before(neighbours, later[0]) if later else number_before(neighbours, None)
