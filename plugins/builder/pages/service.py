"""What users do with pages: permission, change, recorded action and announcement in one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from plugin_api import actions, events, trash
from plugin_api.applications import ApplicationInfo
from plugin_api.errors import ApiError
from plugin_api.orders import reordered
from plugin_api.trash import TrashItem
from plugins.builder import operations
from plugins.builder.context import PageContext, builder_access, lock, page_context
from plugins.builder.pages import paths, store

TRASH_TYPE = "builder_page"
CREATED, CHANGED, DELETED = "create_builder_page", "update_builder_page", "delete_builder_page"
ORDERED, DUPLICATED = "order_builder_pages", "duplicate_builder_page"


def create(builder_id: int, values: Mapping[str, Any]) -> dict[str, Any]:
    """Make a page at the end of a builder."""
    info, _ = builder_access(builder_id, operations.CREATE_PAGE)
    lock(builder_id)
    _check(builder_id, None, values)
    page = store.insert(builder_id, **values)
    announce_created(page, info.workspace_id, CREATED, {})
    return store.page_json(page)


def announce_created(page: Any, workspace_id: int, action: str, params: Mapping[str, Any]) -> None:
    """Record how a page came to be, and tell of it."""
    record(action, page, workspace_id, params)
    emit("page_created", page.application_id, workspace_id, page=store.page_json(page))


def _check(builder_id: int, page_id: int | None, values: Mapping[str, Any]) -> None:
    """400 unless a page may have these values, beside the others of its builder."""
    paths.check(values["path"], values["path_params"], values["query_params"])
    names, routes = store.others(builder_id, page_id)
    if paths.route(values["path"]) in routes:
        raise ApiError("ERROR_PAGE_PATH_NOT_UNIQUE", 400, "Another page of the builder has this path.")
    if values["name"] in names:
        raise ApiError("ERROR_PAGE_NAME_NOT_UNIQUE", 400, "Another page of the builder has this name.")


def update(page_id: int, values: Mapping[str, Any]) -> dict[str, Any]:
    """Change a page."""
    found = page_context(page_id, operations.UPDATE_PAGE)
    refuse_shared(found)
    before = store.page_json(found.page)
    changed = {key: value for key, value in values.items() if before[key] != value}
    if not changed:
        return before
    lock(found.builder_id)
    if changed.keys() & {"name", "path", "path_params", "query_params"}:
        _check(found.builder_id, page_id, {**before, **changed})
    store.change(page_id, **changed)
    shown = {**before, **changed}
    originals = {key: before[key] for key in changed}
    record(CHANGED, found.page, found.workspace_id, {"before": originals, "after": changed, "page_name": shown["name"]})
    emit("page_updated", found.builder_id, found.workspace_id, page=shown)
    return shown


def refuse_shared(found: PageContext) -> None:
    """400 for the shared page: it belongs to the builder, not to people."""
    if found.page.shared:
        raise ApiError("ERROR_SHARED_PAGE_READ_ONLY", 400, "The shared page of a builder cannot be changed or copied.")


def delete(page_id: int) -> None:
    """Put a page into the trash, with all that is on it."""
    found = page_context(page_id, operations.DELETE_PAGE)
    refuse_shared(found)
    lock(found.builder_id)
    store.change(page_id, trashed_on=sa.func.now())
    trash.put(
        TrashItem(
            TRASH_TYPE,
            page_id,
            found.workspace_id,
            found.page.name,
            application_id=found.builder_id,
            parent_name=found.application_name,
        )
    )
    record(DELETED, found.page, found.workspace_id, {})
    emit("page_deleted", found.builder_id, found.workspace_id, page_id=page_id)


def order(builder_id: int, page_ids: Sequence[int]) -> None:
    """Put the given pages into the given order, in the places they have together; the others stay."""
    info, before = _in_order(builder_id)
    if strangers := set(page_ids) - set(before):
        message = f"The page {min(strangers)} is none of the builder's that can be ordered."
        raise ApiError("ERROR_PAGE_NOT_IN_BUILDER", 400, message)
    _order(info, before, list(dict.fromkeys(page_ids)))


def order_again(builder_id: int, page_ids: Sequence[int]) -> None:
    """The same with those of the given pages that are still there."""
    info, before = _in_order(builder_id)
    _order(info, before, [found for found in page_ids if found in before])


def _in_order(builder_id: int) -> tuple[ApplicationInfo, list[int]]:
    info, _ = builder_access(builder_id, operations.ORDER_PAGES)
    lock(builder_id)
    return info, [page["id"] for page in store.pages_of([builder_id]) if not page["shared"]]


def _order(info: ApplicationInfo, before: list[int], wanted: Sequence[int]) -> None:
    after = reordered(before, wanted)
    if after == before:
        return
    store.set_orders(after)
    params = {"builder_id": info.id, "builder_name": info.name, "order": after, "original_order": before}
    actions.record(ORDERED, scope=f"application{info.id}", workspace_id=info.workspace_id, params=params)
    emit("pages_reordered", info.id, info.workspace_id, order=after)


def record(action: str, page: Any, workspace_id: int, params: Mapping[str, Any]) -> None:
    """Record what was done with a page."""
    named = {"page_id": page.id, "page_name": page.name, "builder_id": page.application_id}
    scope = f"application{page.application_id}"
    actions.record(action, scope=scope, workspace_id=workspace_id, params={**named, **params})


def emit(event: str, builder_id: int, workspace_id: int, **payload: Any) -> None:
    """Tell of a change in a builder."""
    events.emit(event, {"builder_id": builder_id, **payload}, workspace_id)
