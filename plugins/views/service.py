"""Views of a table: listing, making, changing, ordering and deleting them, with permission, action and event."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import marshmallow as ma
import sqlalchemy as sa

from plugin_api import actions, context, events, trash
from plugin_api.db import connection, session
from plugin_api.errors import ApiError, body_invalid, problem
from plugin_api.orders import reordered
from plugin_api.permissions import require
from plugin_api.secrets import hash_password
from plugin_api.trash import TrashItem
from plugin_api.views import ViewType
from plugins.database.context import TableContext, table_context
from plugins.views import models, store
from plugins.views.context import ViewContext, require_signed_in, view_context
from plugins.views.field_options import settle_sharing
from plugins.views.kinds import require_usable, view_type
from plugins.views.operations import (
    CREATE,
    CREATE_PUBLIC,
    DELETE,
    LIST,
    ORDER,
    PERSONAL,
    PUBLISH,
    READ,
    ROTATE,
    UPDATE,
)
from plugins.views.ownership import PERSONAL_VIEW
from plugins.views.parts import BY_KEY
from plugins.views.schemas import OWNERSHIP, loaded
from plugins.views.settings import checked_settings

_COMMON = ("name", "filter_type", "filters_disabled", "public", "ownership_type")
_ATTRIBUTES = ("show_logo", "allow_public_export")
_PUBLIC = "public"


def wanted_parts(include: str | None) -> tuple[str, ...]:
    """The parts `include` names; unknown words are ignored. Filters come with their groups."""
    words = {word.strip() for word in (include or "").split(",")}
    found = [key for key in BY_KEY if key in words]
    return (*found, "filter_groups") if "filters" in found else tuple(found)


def list_views(table_id: int, query: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The views of a table the acting user may see: two queries, and one for settings that name fields."""
    require_signed_in()
    where = table_context(table_id, LIST)
    user_id = context.actor().user_id
    found = [one for one in store.of_table(where.id, wanted_parts(query.get("include"))) if _sees(one[0], user_id)]
    chosen = [one for one in found if query.get("type") in (None, one[0].type)]
    return store.views_json(chosen[: query.get("limit")], where)


def _sees(view: models.View, user_id: int | None) -> bool:
    return view.ownership_type != PERSONAL_VIEW or view.owned_by_id == user_id


def read_view(view_id: int, include: str | None) -> dict[str, Any]:
    """A view as the API shows it."""
    found = view_context(view_id, READ, wanted_parts(include))
    return store.view_json(found.view, found.table, found.parts)


def create_view(table_id: int, body: Mapping[str, Any], include: str | None) -> dict[str, Any]:
    """Add a view to a table; `body` is a checked one with its type's settings as `options`."""
    where = table_context(table_id)
    personal = body["ownership_type"] == PERSONAL_VIEW
    require(PERSONAL if personal else CREATE, where.access)
    kind = view_type(body["type"])
    shared = body.get(_PUBLIC) or _shares(kind, body["options"])
    if shared:
        require(CREATE_PUBLIC, where.access)
    require_usable(body["type"])
    if body.get(_PUBLIC) and not kind.can_share:
        raise cannot_share(kind)
    values = {"name": "", **{name: body[name] for name in _COMMON if name in body}}
    settings = checked_settings(kind, body["options"], {}, where)
    view = store.insert(where.id, kind, {**values, "owned_by_id": context.user_id()}, settings)
    if shared:
        settle_sharing(view, kind)
    return announce("create_view", "view_created", where, view, {}, wanted_parts(include))


def not_in_table(field_id: int, where: TableContext) -> ApiError:
    """400 for a field of another table."""
    return ApiError("ERROR_FIELD_NOT_IN_TABLE", 400, f"The field {field_id} is not in the table {where.id}.")


def cannot_share(kind: ViewType) -> ApiError:
    """400 for a type that has no public page."""
    return ApiError("ERROR_CANNOT_SHARE_VIEW_TYPE", 400, f"Views of the type {kind.type} cannot be shared.")


def announce(
    action: str,
    event: str,
    where: TableContext,
    view: models.View,
    params: Mapping[str, Any],
    parts: Collection[str] = (),
    scope: str = "",
) -> dict[str, Any]:
    """Record the action, tell the listeners, and answer the view as it is now."""
    named = {"table_id": where.id, "table_name": where.name, "view_id": view.id, "view_name": view.name}
    scope = scope or f"table{where.id}"
    actions.record(action, scope=scope, workspace_id=where.workspace_id, params={**named, **params})
    found = next((one for one in store.of_table(where.id, parts) if one[0].id == view.id), (view, {}))
    shown = store.view_json(found[0], where, found[1])
    payload = {"table_id": where.id, "view_id": view.id, "view": shown}
    events.emit(event, payload, where.workspace_id)
    return shown


def update_view(view_id: int, body: Mapping[str, Any], include: str | None) -> dict[str, Any]:
    """Change a view; keys of the body that no view of its type has are ignored."""
    found = view_context(view_id, UPDATE, lock=True)
    view, before = found.view, state_of(found.view)
    _check_sharing(found, body)
    changes = {name: body[name] for name in _COMMON if name in body} | _password(found, body)
    if "ownership_type" in changes:
        changes.update(_owned(changes["ownership_type"], view))
    try:
        own = loaded(found.kind.options_schema(), body["raw"], partial=True)
    except ma.ValidationError as error:
        raise body_invalid(error.messages) from None
    _check_shared_settings(found, own)
    if (changes.get(_PUBLIC) and not view.public) or _shares(found.kind, own):
        settle_sharing(view, found.kind)
    _apply(view, changes)
    if own:
        view.options = checked_settings(found.kind, own, {**store.defaults(found.kind), **view.options}, found.table)
    return _updated(found, before, wanted_parts(include))


def set_attributes(view_id: int, values: Mapping[str, Any]) -> dict[str, Any]:
    """Change what visitors of a shared view see and may do; the keys are those of the view's JSON."""
    found = view_context(view_id, UPDATE, lock=True)
    before = state_of(found.view)
    _apply(found.view, {name: value for name, value in values.items() if name in _ATTRIBUTES})
    return _updated(found, before, ())


def _updated(found: ViewContext, before: Mapping[str, Any], parts: Collection[str]) -> dict[str, Any]:
    """Store, record and announce the changes made to a view."""
    session().flush()
    view = found.view
    params = {"before": before, "after": state_of(view), "original_view_name": before["name"]}
    return announce("update_view", "view_updated", found.table, view, params, parts, f"view{view.id}")


def _check_sharing(found: ViewContext, body: Mapping[str, Any]) -> None:
    if body.get(_PUBLIC, found.view.public) == found.view.public:
        return
    require(PUBLISH, found.access)
    if not found.kind.can_share:
        raise cannot_share(found.kind)


def _check_shared_settings(found: ViewContext, wanted: Mapping[str, Any]) -> None:
    """Changing what lets strangers read a view needs the right to share it."""
    names = [name for name in found.kind.sharing_settings if name in wanted]
    if any(bool(wanted[name]) != bool(found.view.options.get(name)) for name in names):
        require(PUBLISH, found.access)


def _shares(kind: ViewType, settings: Mapping[str, Any]) -> bool:
    """Whether settings of a type let strangers read the view."""
    return any(settings.get(name) for name in kind.sharing_settings)


def _password(found: ViewContext, body: Mapping[str, Any]) -> dict[str, Any]:
    """The hash of a new password, empty for none; who may share a view sets it."""
    if "public_view_password" not in body:
        return {}
    require(PUBLISH, found.access)
    password = body["public_view_password"]
    return {"password": hash_password(password) if password else ""}


def _owned(wanted: str, view: models.View) -> dict[str, Any]:
    """Whose a view becomes: a personal one is that of who asks."""
    if wanted not in OWNERSHIP:
        raise body_invalid({"ownership_type": [problem("invalid", f"Use one of {', '.join(OWNERSHIP)}.")]})
    if wanted == view.ownership_type:
        return {}
    owner = context.user_id() if wanted == PERSONAL_VIEW else view.owned_by_id
    return {"ownership_type": wanted, "owned_by_id": owner}


def _apply(view: models.View, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        setattr(view, name, value)


def state_of(view: models.View) -> dict[str, Any]:
    """All that an update may change, as JSON."""
    return {name: getattr(view, name) for name in (*_COMMON, *_ATTRIBUTES, "owned_by_id", "password")} | {
        "options": dict(view.options)
    }


def put_back(view_id: int, made: Mapping[str, Any], wanted: Mapping[str, Any]) -> None:
    """Give a view the values of the state `wanted` where it differs from `made`."""
    found = view_context(view_id, UPDATE, lock=True)
    changes = {name: value for name, value in wanted.items() if made.get(name) != value}
    _check_sharing(found, changes)
    if "options" in changes:
        changes["options"] = _turned(found.view.options, made["options"], wanted["options"])
        _check_shared_settings(found, {name: changes["options"].get(name) for name in found.kind.sharing_settings})
    _apply(found.view, changes)
    session().flush()
    announce("update_view", "view_updated", found.table, found.view, {}, scope=f"view{view_id}")


def _turned(now: Mapping[str, Any], made: Mapping[str, Any], wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Settings as they are now, those that differ between `made` and `wanted` as in `wanted`.

    The others may have been changed since, such as an address that was made void.
    """
    differing = {name for name in {*made, *wanted} if made.get(name) != wanted.get(name)}
    kept = {name: value for name, value in now.items() if name not in differing}
    return kept | {name: wanted[name] for name in differing if name in wanted}


def rotate_slug(view_id: int) -> dict[str, Any]:
    """Give a view another public address; the one before is void."""
    found = view_context(view_id, ROTATE, lock=True)
    if not found.kind.can_share:
        raise cannot_share(found.kind)
    before = found.view.slug
    set_slug(found.view, store.new_slug())
    params = {"original_slug": before, "slug": found.view.slug}
    scope = f"view{view_id}"
    return announce("rotate_view_slug", "view_updated", found.table, found.view, params, scope=scope)


def set_slug(view: models.View, slug: str) -> None:
    """Store an address."""
    view.slug = slug
    session().flush()


def delete_view(view_id: int) -> None:
    """Put a view into the trash."""
    found = view_context(view_id, DELETE, lock=True)
    where = found.table
    shown = store.view_json(found.view, where, {})
    session().execute(
        sa.update(models.View).where(models.View.id == view_id).values(trashed_on=sa.func.now()),
        execution_options={"synchronize_session": False},
    )
    inside: dict[str, Any] = {"application_id": where.application_id, "parent_name": where.name}
    item = TrashItem("view", view_id, where.workspace_id, found.view.name, place=("database_table", where.id), **inside)
    trash.put(item)
    named = {"table_id": where.id, "table_name": where.name, "view_id": view_id, "view_name": found.view.name}
    actions.record("delete_view", scope=f"table{where.id}", workspace_id=where.workspace_id, params=named)
    events.emit("view_deleted", {"table_id": where.id, "view_id": view_id, "view": shown}, where.workspace_id)


def order_views(table_id: int, view_ids: Sequence[int]) -> None:
    """Put the given views into the given order, in the places they have together; the others stay."""
    where = table_context(table_id, ORDER)
    before = _in_order(where)
    strangers = set(view_ids) - set(before)
    if strangers:
        message = f"The view {min(strangers)} is not one of this table."
        raise ApiError("ERROR_VIEW_NOT_IN_TABLE", 400, message)
    put_in_order(where, before, list(dict.fromkeys(view_ids)))


def order_again(table_id: int, view_ids: Sequence[int]) -> None:
    """The same with those of the views that are still there."""
    where = table_context(table_id, ORDER)
    before = _in_order(where)
    put_in_order(where, before, [found for found in view_ids if found in before])


def _in_order(where: TableContext) -> list[int]:
    """The views the acting user sees."""
    user_id = context.actor().user_id
    return [view.id for view, _ in store.of_table(where.id) if _sees(view, user_id)]


def put_in_order(where: TableContext, before: Sequence[int], wanted: Sequence[int]) -> None:
    """Store, record and announce an order."""
    after = reordered(before, wanted)
    statement = sa.text(
        'UPDATE views.view AS v SET "order" = o.place'
        " FROM unnest(CAST(:ids AS bigint[])) WITH ORDINALITY AS o(id, place) WHERE v.id = o.id"
    )
    connection().execute(statement, {"ids": after})
    params = {"table_id": where.id, "table_name": where.name, "order": after, "original_order": list(before)}
    actions.record("order_views", scope=f"table{where.id}", workspace_id=where.workspace_id, params=params)
    events.emit("views_reordered", {"table_id": where.id, "order": after}, where.workspace_id)
