"""Keeping computed fields true: which follow from a change, in which order, and the statements that compute them.

Every change of rows names what it changed (the seeds). From there it goes level by level: at each level one table
after the other gets one UPDATE of all its fields of that level, in the rows that can have changed. What really
changed is the seed of the next level.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from graphlib import TopologicalSorter

import sqlalchemy as sa

from plugin_api.computed import ComputedMixin, Dependency
from plugin_api.db import connection
from plugin_api.fields import Field
from plugins.database.engine.component import Component, load_component
from plugins.database.engine.links import quoted
from plugins.database.shape import TableShape, compile_columns, schema_name

Seeds = dict[int, set[int]]
"""By field id: the rows in which the field's value, or what it shows, may have changed."""

_LOCKS = 0x7463
"""The class of the advisory locks that serialize writers whose computed values meet; the object is a table."""


@dataclass(frozen=True)
class Node:
    """A computed field in the graph."""

    field: Field
    kind: ComputedMixin
    dependencies: tuple[Dependency, ...]
    level: int


@dataclass(frozen=True)
class Graph:
    """The computed fields of tables that are joined by links."""

    component: Component
    nodes: Mapping[int, Node]
    _sql: dict[tuple[int, frozenset[int], str], str] = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def users(self) -> dict[int, list[int]]:
        """By field id: the computed fields that use it, directly or over the link they reach it by."""
        found: dict[int, list[int]] = {}
        for node_id, node in self.nodes.items():
            for dependency in node.dependencies:
                for used in {dependency.field_id, dependency.via, self.component.name_of_linked(dependency)} - {None}:
                    found.setdefault(int(used or 0), []).append(node_id)
        return found

    @cached_property
    def naming(self) -> dict[int, list[Field]]:
        """By primary field: the link fields whose names it gives, of those that are looked up over other links."""
        found: dict[int, dict[int, Field]] = {}
        for dependency in (used for node in self.nodes.values() for used in node.dependencies):
            primary = self.component.name_of_linked(dependency)
            if primary is not None:
                found.setdefault(primary, {})[dependency.field_id] = self.component.by_id[dependency.field_id]
        return {primary: list(links.values()) for primary, links in found.items()}

    def following(self, field_ids: Iterable[int]) -> list[Node]:
        """The computed fields that may change when these fields do, in the order to compute them."""
        found: dict[int, Node] = {}
        waiting = list(field_ids)
        while waiting:
            for user in self.users.get(waiting.pop(), ()):
                if user not in found:
                    found[user] = self.nodes[user]
                    waiting.append(user)
        return sorted(found.values(), key=lambda node: (node.level, node.field.table_id, node.field.id))

    def to_compute(self, field_ids: Iterable[int]) -> list[Node]:
        """Those that follow, and the computed ones among the fields themselves: in new rows they have no value yet."""
        ids = set(field_ids)
        found = {node.field.id: node for node in self.following(ids)}
        found.update({own: self.nodes[own] for own in ids & self.nodes.keys()})
        return sorted(found.values(), key=lambda node: (node.level, node.field.table_id, node.field.id))

    def update(self, table_id: int, field_ids: Collection[int], rows: str = "") -> str:
        """SQL that computes the fields of a table anew, and answers the rows that changed.

        `rows`: SQL for the ids of the rows to compute; empty for all of them.
        """
        key = (table_id, frozenset(field_ids), rows)
        if key not in self._sql:
            self._sql[key] = self._update([self.nodes[found] for found in sorted(field_ids)], rows)
        return self._sql[key]

    def _update(self, nodes: Sequence[Node], chosen: str) -> str:
        rows = self.component.rows(nodes[0].field.table_id)
        row, full = rows.alias("t"), f'"{rows.schema}"."{rows.name}"'
        values = [self._value(node, row, f"v{n}") for n, node in enumerate(nodes)]
        columns = [f'"{node.field.column}"' for node in nodes]
        sets = ", ".join(f"{column} = n.v{n}" for n, column in enumerate(columns))
        differs = " OR ".join(f"u.{column} IS DISTINCT FROM n.v{n}" for n, column in enumerate(columns))
        where = f"WHERE t.id IN ({chosen}) ORDER BY t.id" if chosen else ""
        # OFFSET 0 keeps the values apart: they would be computed once to compare them and once more to set them.
        return (
            f"UPDATE {full} u SET {sets} FROM (SELECT t.id, {', '.join(values)} FROM {full} t {where} OFFSET 0) n"
            f" WHERE u.id = n.id AND ({differs}) RETURNING u.id"
        )

    def fill(self, table_id: int, field_ids: Collection[int]) -> str:
        """SQL that computes fields whose columns are new in all rows of a table."""
        nodes = [self.nodes[found] for found in sorted(field_ids)]
        rows = self.component.rows(table_id)
        row = rows.alias("t")
        values = {node.field.column: self._value(node, row, "v").removesuffix(" AS v") for node in nodes}
        sets = ", ".join(f'"{column}" = ({value})' for column, value in values.items())
        return f'UPDATE "{rows.schema}"."{rows.name}" t SET {sets}'

    def _value(self, node: Node, row: sa.FromClause, name: str) -> str:
        column = self.component.type_of(node.field).column(node.field)
        assert column is not None
        value = sa.cast(node.kind.expression(node.field, row, self.component), column.type)
        return compile_columns([value.label(name)], row)


class CircularReference(ValueError):
    """Computed fields that follow from themselves. `field_ids` are those of the circle."""

    def __init__(self, field_ids: Sequence[int]) -> None:
        super().__init__("the fields follow from themselves")
        self.field_ids = field_ids


def graph_of(component: Component) -> Graph:
    """The graph of a component. Raises CircularReference."""
    dependencies = {found_id: tuple(kind.dependencies(found)) for found_id, (found, kind) in component.computed.items()}
    levels = _levels(
        {
            found_id: {
                used
                for dependency in uses
                for used in (dependency.field_id, component.name_of_linked(dependency))
                if used in dependencies
            }
            for found_id, uses in dependencies.items()
        }
    )
    nodes = {
        found_id: Node(found, kind, dependencies[found_id], levels[found_id])
        for found_id, (found, kind) in component.computed.items()
    }
    return Graph(component, nodes)


def _levels(uses: Mapping[int, set[int]]) -> dict[int, int]:
    sorter = TopologicalSorter(uses)
    levels: dict[int, int] = {}
    try:
        for found in sorter.static_order():
            levels[found] = 1 + max((levels[used] for used in uses[found]), default=0)
    except ValueError as error:  # graphlib.CycleError
        raise CircularReference(error.args[1]) from None
    return levels


def graph_for(shape: TableShape) -> Graph:
    """The graph of the tables joined to a table, kept with its shape."""
    return shape.compiled("graph", lambda: graph_of(load_component(shape.id, shape.workspace_id)))


def lock_followers(graph: Graph, field_ids: Iterable[int]) -> None:
    """Let no other writer compute the same values of linked rows at the same time, until the commit.

    Of two such writers each would compute from what it sees, and neither sees the other's rows. To be called before
    the first row is locked; the order of the locks is the same for all.
    """
    _lock(graph.following(field_ids))


def lock_tables(graph: Graph, field_ids: Iterable[int]) -> None:
    """The same for those who compute just these fields."""
    _lock([graph.nodes[found] for found in field_ids])


def _lock(nodes: Iterable[Node]) -> None:
    tables = {node.field.table_id for node in nodes if any(d.via for d in node.dependencies)}
    if tables:
        connection().exec_driver_sql(
            f"SELECT pg_advisory_xact_lock({_LOCKS}, id) FROM unnest(%(ids)s::int[]) AS id ORDER BY id",
            {"ids": sorted(tables)},
        )


def follow(graph: Graph, seeds: Seeds) -> Seeds:
    """Compute all that follows from changed values; answers the computed fields that changed, with their rows."""
    changed: Seeds = {found: set(rows) for found, rows in seeds.items() if rows}
    _name(graph, changed, list(changed))
    levels: dict[tuple[int, int], list[Node]] = {}
    for node in graph.to_compute(changed):
        levels.setdefault((node.level, node.field.table_id), []).append(node)
    result: Seeds = {}
    for (_, table_id), nodes in levels.items():
        found = _compute(graph, table_id, nodes, changed)
        if found:
            for node in nodes:
                changed[node.field.id] = result[node.field.id] = found
            _name(graph, changed, [node.field.id for node in nodes])
    return result


def _name(graph: Graph, changed: Seeds, field_ids: Collection[int]) -> None:
    """Links to rows whose names changed show something else, where they are looked up over other links."""
    for field_id in field_ids:
        for link in graph.naming.get(field_id, ()):
            changed.setdefault(link.id, set()).update(_linking(graph, link, changed[field_id]))


def _linking(graph: Graph, link: Field, row_ids: Collection[int]) -> Iterable[int]:
    relation = graph.component.relation(link)
    sql = f"SELECT DISTINCT {relation.own} FROM {quoted(relation)} WHERE {relation.other} = ANY(%(ids)s)"
    return connection().exec_driver_sql(sql, {"ids": list(row_ids)}).scalars().all() if row_ids else ()


def _compute(graph: Graph, table_id: int, nodes: Sequence[Node], changed: Seeds) -> set[int]:
    """Compute the fields of a table and level in the rows in which they can have changed; answers those that did."""
    direct: set[int] = set()
    linked: dict[int, set[int]] = {}
    for node in nodes:
        direct |= changed.get(node.field.id, set())
        for dependency in node.dependencies:
            rows = changed.get(dependency.field_id, set())
            if dependency.via is None:
                direct |= rows
            else:
                direct |= changed.get(dependency.via, set())
                linked.setdefault(dependency.via, set()).update(rows)
    linked = {link: rows for link, rows in sorted(linked.items()) if rows}
    if not direct and not linked:
        return set()
    parameters = {"direct": sorted(direct), **{f"l{link}": sorted(rows) for link, rows in linked.items()}}
    sql = graph.update(table_id, [node.field.id for node in nodes], _reached(graph, list(linked)))
    return set(connection().exec_driver_sql(sql, parameters).scalars().all())


def _reached(graph: Graph, links: Sequence[int]) -> str:
    """SQL for the rows `direct` and those that link to the rows `l<link>` by these link fields."""
    parts = ["SELECT unnest(%(direct)s::bigint[])"]
    for link in links:
        relation = graph.component.relation(graph.component.by_id[link])
        parts.append(f"SELECT {relation.own} FROM {quoted(relation)} WHERE {relation.other} = ANY(%(l{link})s)")
    return " UNION ".join(parts)


def levels_of(graph: Graph, field_ids: Collection[int]) -> list[tuple[int, list[int]]]:
    """The computed ones among fields and all that follow, by table and level in the order to compute them."""
    levels: dict[tuple[int, int], list[int]] = {}
    for node in graph.to_compute(field_ids):
        levels.setdefault((node.level, node.field.table_id), []).append(node.field.id)
    return [(table_id, ids) for (_, table_id), ids in levels.items()]


def recompute(graph: Graph, field_ids: Collection[int], new: Collection[int] = ()) -> Seeds:
    """Compute fields anew in all rows, and whatever follows from them; a statement a table and level.

    `new` are those whose columns are empty yet. Answers the others that changed, with the rows.
    """
    changed: Seeds = {}
    for table_id, ids in levels_of(graph, field_ids):
        if set(ids) <= set(new):
            connection().exec_driver_sql(graph.fill(table_id, ids))
        else:
            found = set(connection().exec_driver_sql(graph.update(table_id, ids)).scalars().all())
            changed.update(dict.fromkeys(ids, found))
    return changed


def linked_seeds(graph: Graph, table_id: int, row_ids: Sequence[int]) -> Seeds:
    """The links of other rows to rows that came, went, moved or have another name: what shows them changes."""
    seeds: Seeds = {}
    for link in graph.component.links_to(table_id):
        if link.id in graph.users:
            seeds[link.id] = set(_linking(graph, link, row_ids))
    return seeds


def linking_rows(graph: Graph, table_id: int, row_ids: Sequence[int]) -> Seeds:
    """The rows whose links show these rows of a table, by link, whether anything is computed from the links or not."""
    return {link.id: set(_linking(graph, link, row_ids)) for link in graph.component.links_to(table_id)}


def full_name(workspace_id: int, table_id: int) -> str:
    """A table's quoted name for SQL text."""
    return f'"{schema_name(workspace_id)}"."table_{table_id}"'
