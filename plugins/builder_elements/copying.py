"""Elements of pages that are copied, kept in snapshots, or moved in archives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from plugin_api.archives import ArchiveReader, ArchiveWriter, known_values
from plugin_api.elements import ElementPage
from plugin_api.schemas import as_int
from plugins.builder.parts import Ids, Item, PagePart
from plugins.builder_elements import store, styles
from plugins.builder_elements.kinds import element_type, type_names
from plugins.builder_elements.schemas import body_schema
from plugins.user_files.images import archived_images, restored_images

KIND = "builder_element"
_STYLE = (styles.FILE,)
_MOST = Decimal(10) ** 15
_NOWHERE = ElementPage(0, 0, 0)
"""Stands for the page while an archive is read: what elements lead to is made later."""


class ElementsOfPages(PagePart):
    """The elements, with parents before what is in them."""

    type = "elements"

    def exported(self, page_ids: Sequence[int]) -> dict[int, list[Item]]:
        """Rows as JSON: one query."""
        found: dict[int, list[Item]] = {}
        for one in store.of_pages(page_ids):
            found.setdefault(one.page_id, []).append(store.document(one))
        return found

    def archived(self, item: Item, archive: ArchiveWriter) -> Item:
        """An element with the images it names beside it."""
        images = element_type(item["type"]).images
        options = archived_images(item["options"], images, archive)
        return {**item, "options": options, "style": archived_images(item["style"], _STYLE, archive)}

    def readable(self, item: Any, archive: ArchiveReader) -> Item | None:
        """An element of an archive without settings that make no sense; None when nobody knows its type."""
        element_id = as_int(item.get("id")) if isinstance(item, Mapping) else None
        if element_id is None or item.get("type") not in type_names():
            return None
        kind = element_type(item["type"])
        own, style = _mapping(item, "options"), _mapping(item, "style")
        given = {
            **{name: item[name] for name in (*store.COMMON, "styles", "place_in_container") if name in item},
            **restored_images(own, kind.images, archive),
            **restored_images(style, _STYLE, archive),
            "type": kind.type,
        }
        known = known_values(body_schema(kind, new=True)(), given)
        options = {name: known[name] for name in kind.options_schema().fields}
        return {
            "id": element_id,
            "type": kind.type,
            "order": str(_number(item.get("order"))),
            "parent_element_id": as_int(item.get("parent_element_id")),
            "place_in_container": known["place_in_container"],
            "css_classes": known.get("css_classes", ""),
            "visibility": known.get("visibility", "all"),
            "role_type": known.get("role_type", "allow_all"),
            "roles": known.get("roles", []),
            "style": {name: known[name] for name in styles.DEFAULTS if name in known},
            "styles": known.get("styles", {}),
            "options": kind.prepare(options, options, _NOWHERE),
        }

    def reserved(self, items: Sequence[Item], ids: Ids) -> None:
        """Ids for all of them."""
        ids.reserve(KIND, "builder_elements.element", [item["id"] for item in items])

    def made(self, items: Mapping[int, Sequence[Item]], ids: Ids) -> None:
        """Make them, with what they refer to under its new ids."""
        for page_id, given in items.items():
            store.write(_copy(item, page_id, ids) for item in _reachable(given))


def _copy(item: Item, page_id: int, ids: Ids) -> Item:
    kind = element_type(item["type"])
    new = {"id": ids.new(KIND, item["id"]), "page_id": page_id}
    parent = ids.new(KIND, item["parent_element_id"])
    return {**item, **new, "parent_element_id": parent, "options": kind.renamed(dict(item["options"]), ids.new)}


def _reachable(items: Sequence[Item]) -> list[Item]:
    """Parents first; what is in nothing that is there is left out, as is what would be in itself."""
    by_parent: dict[int | None, list[Item]] = {}
    for item in items:
        by_parent.setdefault(item["parent_element_id"], []).append(item)
    found = list(by_parent.get(None, ()))
    for item in found:
        found.extend(by_parent.get(item["id"], ()))
    return found


def _mapping(item: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = item.get(name)
    return found if isinstance(found, Mapping) else {}


def _number(given: Any) -> Decimal:
    try:
        number = Decimal(str(given))
    except InvalidOperation:
        return Decimal(1)
    return number if number.is_finite() and abs(number) < _MOST else Decimal(1)
