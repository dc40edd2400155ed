"""Where a request about a view happens: the view, its table, the user's access and the view's parts, by one query."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import aggregate_order_by

from plugin_api import context
from plugin_api.applications import Applications
from plugin_api.db import connection, session
from plugin_api.errors import ApiError, does_not_exist
from plugin_api.permissions import require
from plugin_api.platform import service
from plugin_api.views import ViewType
from plugins.database.context import TableContext
from plugins.database.models import Table
from plugins.database.shape import DIALECT
from plugins.views import models
from plugins.views.kinds import view_type
from plugins.views.ownership import ViewAccess
from plugins.views.parts import PARTS, Part


@dataclass(frozen=True)
class ViewContext:
    """A view that exists, its table, and what the acting user is there.

    parts: by the API's key, as it shows them; `field_options` are those that are stored, by the field's id as text.
    state: another one as soon as anything of the view, its parts or its table's shape is another; "" when not known.
    """

    view: models.View
    table: TableContext
    access: ViewAccess
    parts: dict[str, Any]
    state: str = ""

    @property
    def kind(self) -> ViewType:
        """The view's type."""
        return view_type(self.view.type)

    def as_role(self, role: str | None) -> ViewContext:
        """The same for somebody with another role in the workspace."""
        access = replace(self.access, role=role)
        return replace(self, table=replace(self.table, access=access), access=access)


_SLUG = re.compile(r"[A-Za-z0-9_-]{1,255}")
FIELD_OPTIONS = "field_options"
"""Asked for among the parts: what is stored of the settings of fields."""


def _stored_options() -> sa.ScalarSelect[Any]:
    row = models.FieldOptions
    gathered = sa.func.json_object_agg(row.field_id, aggregate_order_by(row.options, row.field_id))
    query = sa.select(sa.func.coalesce(gathered, sa.literal_column("'{}'::json")))
    return query.where(row.view_id == models.View.id).correlate(models.View).scalar_subquery()


@cache
def _query(keys: frozenset[str], by: str) -> sa.Select[Any]:
    """A view by its id, its slug, or the id of one of its parts."""
    return _from(models.View, keys, by)


_ROLE = "role"


@cache
def _sql(keys: frozenset[str], by: str) -> str:
    """The same as text that answers the view's columns and the state: it runs whenever rows are read."""
    text, state = _text_and_state(keys, by)
    return f"SELECT c.*, {state} AS state FROM ({text} OFFSET 0) c"


@cache
def state_sql(keys: frozenset[str], by: str) -> str:
    """The role and the state alone, for statements that answer more beside them; parameters as `given` has them."""
    text, state = _text_and_state(keys, by)
    return f"SELECT c.{_ROLE}, {state} AS state FROM ({text} OFFSET 0) c"


def _text_and_state(keys: frozenset[str], by: str) -> tuple[str, str]:
    """The query, and the SQL of a digest of all it answers but the role of who asks."""
    own = [column.label(f"view_{column.key}") for column in sa.inspect(models.View).columns]
    query = _from(own, keys, by)
    names = [column.key for column in query.selected_columns if column.key != _ROLE]
    whole = ", ".join(f'c."{name}"' for name in names)
    return str(query.compile(dialect=DIALECT)), f"encode(sha256(convert_to(ROW({whole})::text, 'UTF8')), 'hex')"


def given(wanted: int | str) -> dict[str, Any]:
    """The parameters of these queries: what is looked for, and who asks."""
    return {"wanted": wanted, "acting_user_id": context.actor().user_id}


def _from(view: Any, keys: frozenset[str], by: str) -> sa.Select[Any]:
    reachable = service(Applications).reachable().subquery()
    named = ("id", "name", "order", "version", "application_id", "workspace_id")
    columns = [getattr(Table, name).label(f"table_{name}") for name in named]
    parts: list[Any] = [part.shown.label(part.key) for part in PARTS.values() if part.key in keys]
    if FIELD_OPTIONS in keys:
        parts.append(_stored_options().label(FIELD_OPTIONS))
    shown = view if isinstance(view, list) else [view]
    query = (
        sa.select(*shown, *columns, reachable.c.role, *parts)
        .select_from(models.View)
        .join(Table, Table.id == models.View.table_id)
        .join(reachable, reachable.c.id == Table.application_id)
        .where(models.View.trashed_on.is_(None), Table.trashed_on.is_(None))
    )
    wanted: Any = sa.bindparam("wanted")
    if by in PARTS:
        model = PARTS[by].model
        return query.join(model, model.view_id == models.View.id).where(model.id == wanted, PARTS[by].alive)
    return query.where(getattr(models.View, by) == wanted)


def view_context(
    view_id: int,
    operation: str | None = None,
    parts: Collection[str] = (),
    lock: bool = False,
    missing: str = "view",
    of_type: str | None = None,
) -> ViewContext:
    """The view, 404 when it is not there; with `operation`, refused unless the acting user may do it.

    lock: nobody else changes the view until this transaction ends; only such a view may be changed.
    of_type: 404 (as `missing`) for other types.
    """
    return _found("id", view_id, operation, parts, lock, missing, of_type)


def view_of_slug(slug: str, parts: Collection[str] = ()) -> ViewContext | None:
    """The view with a slug, without any check of permission; None when there is none."""
    if not _SLUG.fullmatch(slug):
        return None
    try:
        return _found("slug", slug, None, parts, False, "view", None)
    except ApiError:
        return None


def view_of_part(part: Part, part_id: int, operation: str, lock: bool = False) -> ViewContext:
    """The view a part belongs to, with all parts of that kind."""
    return _found(part.name, part_id, operation, (part.key,), lock, part.missing, None)


def _found(
    by: str,
    wanted: int | str,
    operation: str | None,
    parts: Collection[str],
    lock: bool,
    missing: str,
    of_type: str | None,
) -> ViewContext:
    row = _locked(by, parts, wanted) if lock else _read(by, parts, wanted)
    if row is None or (of_type is not None and row[0].type != of_type):
        raise does_not_exist(missing)
    found = _context(*row, parts)
    if operation is not None:
        require_on(operation, found)
    return found


Found = tuple[models.View, Any]


def _locked(by: str, parts: Collection[str], wanted: int | str) -> Found | None:
    query = _query(frozenset(parts), by).with_for_update(of=models.View, key_share=True)
    row = session().execute(query.execution_options(populate_existing=True), given(wanted)).first()
    return None if row is None else (row.View, row)


def _read(by: str, parts: Collection[str], wanted: int | str) -> Found | None:
    """The view as it is now, as an object of its own that belongs to no session."""
    row = connection().exec_driver_sql(_sql(frozenset(parts), by), given(wanted)).first()
    if row is None:
        return None
    own = {name.removeprefix("view_"): value for name, value in row._mapping.items() if name.startswith("view_")}
    return models.View(**own), row


def _context(view: models.View, row: Any, parts: Collection[str]) -> ViewContext:
    scopes = (("database_view", view.id), ("database_table", row.table_id), ("application", row.table_application_id))
    access = ViewAccess(row.table_workspace_id, row.role, scopes, view.ownership_type, view.owned_by_id)
    table = TableContext(
        row.table_id,
        row.table_name,
        row.table_order,
        row.table_version,
        row.table_application_id,
        row.table_workspace_id,
        access,
    )
    found = {key: getattr(row, key) for key in parts}
    return ViewContext(view, table, access, found, getattr(row, "state", ""))


def require_on(operation: str, found: ViewContext) -> None:
    """Refuse an operation on a view; nobody signed in is told so, not that they are an outsider."""
    require_signed_in()
    require(operation, found.access)


def require_signed_in() -> None:
    """401 PERMISSION_DENIED for visitors and for database tokens, where credentials are optional."""
    if context.actor().kind in ("anonymous", "token"):
        raise ApiError("PERMISSION_DENIED", 401, "Sign in to see the views of this table.")
