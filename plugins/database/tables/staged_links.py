"""Links of imported rows: staged as pairs while rows are read, written when all rows are there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

from plugin_api.db import connection
from plugin_api.fields import Field
from plugin_api.links import LinkMixin
from plugins.database.engine.bulk import CopyColumn, CopyStream
from plugins.database.engine.links import Staged, relink_sql
from plugins.database.rows.following import Following
from plugins.database.shape import TableShape

_STAGED = "pg_temp.staged_links"
_RELINKED = "pg_temp.relinked_rows"
_COLUMNS = (CopyColumn("field_id"), CopyColumn("place"), CopyColumn("id"))

Columns = list[Sequence[Any]]
Pages = Callable[[str, int], Iterable[list[int]]]
"""The ids a statement answers that are higher than one, some at a time."""


def is_link(shape: TableShape, found: Field) -> bool:
    """Whether the field's values are rows of a table."""
    return isinstance(shape.type_of(found), LinkMixin)


def _is_free() -> None:
    """For connections that nobody uses at the moment."""


@dataclass
class StagedLinks:
    """The links that an import gives for fields: in a temporary table, by the places of their rows."""

    shape: TableShape
    fields: Sequence[Field]
    """All fields that get values."""
    _is_ready: bool = False

    @cached_property
    def links(self) -> list[Field]:
        """Those of them that are links."""
        return [found for found in self.fields if is_link(self.shape, found)]

    @cached_property
    def stored(self) -> list[Field]:
        """Those that have a column."""
        return [found for found in self.fields if not is_link(self.shape, found)]

    def take(self, columns: Columns, places: Sequence[int], make_free: Callable[[], None] = _is_free) -> Columns:
        """Stage the links among the values of `fields`, given for the rows at `places`; answers the other columns.

        make_free: makes the connection free when something has to be staged.
        """
        if not self.links:
            return columns
        given = list(zip(self.fields, columns, strict=True))
        pairs = [
            (target.id, place, row_id)
            for target, values in given
            if is_link(self.shape, target)
            for place, row_ids in zip(places, values, strict=True)
            for row_id in row_ids
        ]
        if pairs:
            make_free()
            self._prepare()
            with CopyStream(_STAGED, _COLUMNS) as stream:
                stream.write(list(zip(*pairs, strict=True)))
        return [values for target, values in given if not is_link(self.shape, target)]

    def _prepare(self) -> None:
        """Make the temporary table, the first time."""
        if not self._is_ready:
            run = connection().exec_driver_sql
            run(f"DROP TABLE IF EXISTS {_STAGED}")
            run("CREATE TEMP TABLE staged_links (field_id integer, place numeric, id bigint) ON COMMIT DROP")
            self._is_ready = True

    def write(self, following: Following, placed: str, before: int, replacing: bool) -> None:
        """Write the staged links, a statement a field, and note which rows show others now.

        placed: SQL for which row (`row_id`) is at which `place`. before: the highest id there was before the import;
        rows after it are new and not noted. replacing: other links of the rows go.
        """
        self._prepare()
        run = connection().exec_driver_sql
        run(f"CREATE INDEX ON {_STAGED} (field_id, place, id)")
        run(f"ANALYZE {_STAGED}")
        run(f"DROP TABLE IF EXISTS {_RELINKED}")
        run("CREATE TEMP TABLE relinked_rows (field_id integer, row_id bigint) ON COMMIT DROP")
        for link in self.links:
            given = f"SELECT place, id FROM {_STAGED} WHERE field_id = {link.id}"
            shown_by = [other.id for other in following.other_sides(link)]
            run(relink_sql(self.shape, link, Staged(given, placed, replacing), _RELINKED, before, shown_by))
        run(f"CREATE INDEX ON {_RELINKED} (field_id, row_id)")

    def follow(self, following: Following, pages: Pages) -> None:
        """Compute what follows from the links that were written, on either side."""
        for link in self.links:
            for field_id in (link.id, *(other.id for other in following.other_sides(link))):
                changed = pages(f"SELECT row_id AS id FROM {_RELINKED} WHERE field_id = {field_id}", 0)
                following.finish_in_steps(changed, partial(following.relinked, field_id))
