"""Builders in archives: their documents, with the images they name, and documents made of what an archive says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from plugin_api.archives import ArchiveReader, ArchiveWriter, BadArchive, known_values
from plugin_api.errors import ApiError
from plugin_api.schemas import Str, as_int
from plugins.builder.pages import paths, store
from plugins.builder.pages.schemas import ChangedPage, Path
from plugins.builder.parts import Item, PagePart, parts
from plugins.builder.settings import NO_CODE, BuilderSettings, numbered
from plugins.builder.theme.blocks import DEFAULTS, FILES, THEME
from plugins.user_files.images import archived_images, restored_images

_FAVICON = ("favicon_file",)
_NEW = {"path_params": [], "query_params": [], "visibility": "all", "role_type": "allow_all", "roles": []}


class _ArchivedPage(ChangedPage):
    """A page in an archive."""

    name = Str(required=True, max_length=255)
    path = Path(required=True, max_length=paths.MAX_LENGTH)


def content(document: Mapping[str, Any], archive: ArchiveWriter) -> dict[str, Any]:
    """A document as it is written, what pages hold among their keys."""
    pages = [
        {**{key: page[key] for key in page if key != "parts"}, **_written(page["parts"], archive)}
        for page in document["pages"]
    ]
    theme = archived_images(document["theme"], FILES, archive)
    return {**archived_images(document, _FAVICON, archive), "theme": theme, "pages": pages}


def _written(held: Mapping[str, list[Item]], archive: ArchiveWriter) -> dict[str, list[Item]]:
    return {part.type: [part.archived(item, archive) for item in held.get(part.type, ())] for part in parts()}


def document(given: Mapping[str, Any], archive: ArchiveReader) -> dict[str, Any]:
    """The document of what an archive says. Settings that make no sense are left out; BadArchive for such pages."""
    settings = BuilderSettings(exclude=("login_page_id",))
    found = known_values(settings, restored_images(given, _FAVICON, archive))
    pages = _pages(given.get("pages"), archive)
    login = as_int(given.get("login_page_id"))
    return {
        "login_page_id": login if login in {page["id"] for page in pages if not page["shared"]} else None,
        "favicon_file": found.get("favicon_file"),
        "theme": _theme(given.get("theme"), archive),
        "custom_code": {**NO_CODE, **found.get("custom_code", {})},
        "scripts": numbered(found.get("scripts", [])),
        "pages": pages,
    }


def _theme(given: Any, archive: ArchiveReader) -> dict[str, Any]:
    """What differs from the defaults."""
    found = restored_images(given if isinstance(given, Mapping) else {}, FILES, archive)
    return {name: value for name, value in known_values(THEME.schema(), found).items() if value != DEFAULTS[name]}


def _pages(given: Any, archive: ArchiveReader) -> list[dict[str, Any]]:
    pages = [_page(one, archive) for one in (given if isinstance(given, list) else ())]
    for order, page in enumerate((page for page in pages if not page["shared"]), 1):
        page["order"] = order
    shared = [page for page in pages if page["shared"]]
    if not shared:
        pages.insert(0, _shared(max((page["id"] for page in pages), default=0) + 1))
    for key in ("id", "name", "route"):
        if len(shared) > 1 or len({page[key] for page in pages}) < len(pages):
            raise BadArchive(f"Two pages of a builder are the same: {key}.")
    return pages


def _shared(page_id: int) -> dict[str, Any]:
    named = {"name": store.SHARED, "path": store.SHARED, "route": store.SHARED}
    return {"id": page_id, "order": 1, "shared": True, **_NEW, **named, "parts": {}}


def _page(given: Any, archive: ArchiveReader) -> dict[str, Any]:
    page_id = as_int(given.get("id")) if isinstance(given, Mapping) else None
    if page_id is None or page_id < 1:
        raise BadArchive("A page of a builder has no id.")
    held = {"parts": {part.type: _held(part, given.get(part.type), archive) for part in parts()}}
    if given.get("shared") is True:
        return {**_shared(page_id), **held}
    found = {**_NEW, **known_values(_ArchivedPage(), given)}
    try:
        paths.check(found["path"], found["path_params"], found["query_params"])
    except ApiError as error:
        raise BadArchive(f"The page {found['name']!r} has a wrong address. {error.detail}") from None
    route = paths.route(found["path"])
    return {"id": page_id, "shared": False, **found, "route": route, **held}


def _held(part: PagePart, given: Any, archive: ArchiveReader) -> list[Item]:
    found = [part.readable(one, archive) for one in given] if isinstance(given, list) else []
    return [one for one in found if one is not None]
