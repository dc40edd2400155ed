"""After a change of fields: computed fields look again at what they are made of, and are computed anew."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from plugin_api.computed import ComputedMixin
from plugin_api.db import connection, session
from plugin_api.errors import ApiError
from plugin_api.fields import Column, Field
from plugins.database import models
from plugins.database.context import TableContext
from plugins.database.engine import ddl
from plugins.database.engine.component import Component, load_component
from plugins.database.engine.computed import CircularReference, Graph, graph_of
from plugins.database.fields import store
from plugins.database.fields.locks import change_shape
from plugins.database.fields.recalculation import compute
from plugins.database.shape import field_type


def settle(
    where: TableContext,
    touched: Collection[int],
    column_of: dict[int, Column | None],
    values: bool = True,
    copies: bool = False,
) -> list[int]:
    """Bring all computed fields in line after fields were changed; answers those that follow from them.

    touched: the fields a user made, changed or removed. column_of: the columns that computed fields among them have
    at the moment, None for those without one yet. values: whether to compute the values too. copies: the touched fields
    are copies, which may be as broken as their originals.
    """
    before = load_component(where.id, where.workspace_id)
    if not before.computed:
        return []
    after = _resolved(before)
    changed = [found for found, (field, _) in after.computed.items() if field.options != before.by_id[found].options]
    _store(after, changed)
    graph = _graph(after, touched)
    for found in () if copies else touched:
        if found in after.computed:
            after.computed[found][1].refuse(after.by_id[found])
    new = change_shape(lambda: _fit_columns(before, after, column_of))
    if values:
        compute(where, graph, {*changed, *new, *touched}, new)
    followers = {*changed, *(node.field.id for node in graph.following(touched))}
    return sorted(followers - set(touched))


def _resolved(component: Component) -> Component:
    """The component with the options its computed fields must have; those made of others see them changed."""
    for _ in range(len(component.computed) + 1):
        fresh = {found: kind.resolved(field, component) for found, (field, kind) in component.computed.items()}
        if all(component.by_id[found].options == options for found, options in fresh.items()):
            break
        component = _with_options(component, fresh)
    return component


def _with_options(component: Component, fresh: dict[int, dict[str, Any]]) -> Component:
    changed = {
        table_id: tuple(replace(f, options=fresh[f.id]) if f.id in fresh else f for f in fields)
        for table_id, fields in component.by_table.items()
    }
    return Component(component.workspace_id, changed)


def _store(component: Component, changed: Collection[int]) -> None:
    for found in changed:
        change = sa.update(models.Field).where(models.Field.id == found)
        session().execute(change.values(options=dict(component.by_id[found].options)))


def _graph(component: Component, touched: Collection[int]) -> Graph:
    try:
        return graph_of(component)
    except CircularReference as error:
        if len(set(error.field_ids)) == 1:
            raise ApiError("ERROR_FIELD_SELF_REFERENCE", 400, "The field refers to itself.") from None
        names = " -> ".join(component.by_id[found].name[:50] for found in error.field_ids)
        raise ApiError("ERROR_FIELD_CIRCULAR_REFERENCE", 400, f"The fields refer to each other: {names}.") from None


def _fit_columns(before: Component, after: Component, column_of: dict[int, Column | None]) -> list[int]:
    """Give computed fields columns of the type they now have; answers those whose column is new."""
    new = []
    for found, (field, _) in after.computed.items():
        had = column_of[found] if found in column_of else _column(before.by_id[found])
        has = _column(field)
        if had is not None and has is not None and ddl.type_sql(had) == ddl.type_sql(has):
            continue
        if had is not None:
            _drop(after, field)
        if has is not None:
            ddl.add_column(connection(), after.workspace_id, field, after.fields(field.table_id))
            new.append(found)
    return new


def _column(field: Field) -> Column | None:
    return field_type(field.type).column(field)


def _drop(component: Component, field: Field) -> None:
    rows = component.rows(field.table_id)
    connection().exec_driver_sql(f'ALTER TABLE "{rows.schema}"."{rows.name}" DROP COLUMN IF EXISTS "{field.column}"')


def rename_references(where: TableContext, old: str, new: str) -> list[int]:
    """Let the computed fields of the table follow a field's new name; answers those that did."""
    renamed = []
    for row, options in store.table_fields(where.id):
        kind = field_type(row.type)
        if isinstance(kind, ComputedMixin):
            changed = kind.renamed(store.shape(row, options), old, new)
            if changed != row.options:
                row.options = changed
                renamed.append(row.id)
    session().flush()
    return renamed
