"""Reading a database of an archive: tables first, so that they can name each other, then rows, then what follows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import structlog

from plugin_api.applications import ApplicationInfo
from plugin_api.archives import ArchiveReader, BadArchive, Elements, known_values
from plugin_api.errors import ApiError
from plugin_api.schemas import Int, Schema, Str
from plugin_api.tables import RestoredTable, extensions
from plugins.database.archive.fields import joined_links, originals
from plugins.database.archive.rows import RowsReader, all_are_there, prepare_links, write_links
from plugins.database.context import TableContext
from plugins.database.fields import service
from plugins.database.fields.settle import settle
from plugins.database.shape import latest_shape
from plugins.database.tables.copies import Copied, Original, finish_rows, make_table, refer, relate, table_copy

log = structlog.get_logger(__name__)

MAX_TABLES = 5000


class ArchivedTable(Schema):
    """What an archive says of every table."""

    id = Int(required=True)
    name = Str(required=True, max_length=255)


@dataclass(frozen=True)
class Made:
    """A table of the archive, and the one that was made of it."""

    id: int
    content: Mapping[str, Any]
    where: TableContext
    pairs: list[Copied]


def restore_database(application: ApplicationInfo, content: Mapping[str, Any], archive: ArchiveReader) -> None:
    """Fill a new database."""
    try:
        made = _tables(application, content, archive)
        _rows(made, archive)
        for one in made:
            service.lock_tables(one.where.id)
            settle(one.where, [pair.copy.id for pair in one.pairs], {}, copies=True)
        restored = [RestoredTable(one.content, table_copy(one.id, one.where.id, one.pairs)) for one in made]
        for extension in extensions():
            extension.restored(restored, archive)
        for extension in extensions():
            extension.linked([one.copy for one in restored])
    except ApiError as error:
        raise BadArchive(f"{application.name[:100]}: {error.detail}") from error


def _tables(application: ApplicationInfo, content: Mapping[str, Any], archive: ArchiveReader) -> list[Made]:
    """All tables with their fields, without rows."""
    described = _described(content)
    named = {known_values(ArchivedTable(), one)["id"]: one for one in described}
    if len(named) != len(described):
        raise BadArchive("Two tables in the archive have the same id.")
    fields = joined_links({table_id: originals(table_id, _list(one, "fields")) for table_id, one in named.items()})
    everything = [one.shape for found in fields.values() for one in found]
    _refuse_repeated([one.id for one in everything])
    _refuse_repeated([option.id for one in everything for option in one.select_options])
    made = [_table(application, one, fields[table_id]) for table_id, one in named.items()]
    pairs = [pair for one in made for pair in one.pairs]
    relate(pairs, {one.id: one.where.id for one in made}, None)
    refer(pairs)
    _know(made, archive)
    return made


def _described(content: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    tables = _list(content, "tables")
    if len(tables) > MAX_TABLES or not all(isinstance(one, dict) for one in tables):
        raise BadArchive("The tables of a database in the archive are not described as they should be.")
    return sorted(tables, key=lambda one: one["order"] if isinstance(one.get("order"), int) else 0)


def _list(content: Mapping[str, Any], key: str) -> list[Any]:
    found = content.get(key)
    if not isinstance(found, list):
        raise BadArchive(f"Something in the archive has no {key}.")
    return found


def _refuse_repeated(ids: Sequence[int]) -> None:
    if len(set(ids)) != len(ids):
        raise BadArchive("Two fields or select options in the archive have the same id.")


def _table(application: ApplicationInfo, given: Mapping[str, Any], fields: Sequence[Original]) -> Made:
    own = known_values(ArchivedTable(), given)
    where, pairs = make_table(application.id, application.workspace_id, own["name"], fields, None)
    return Made(own["id"], given, where, pairs)


def _know(made: Sequence[Made], archive: ArchiveReader) -> None:
    """Let everybody who reads the archive know the new ids."""
    archive.ids("database_table").update({one.id: one.where.id for one in made})
    for one in made:
        copy = table_copy(one.id, one.where.id, one.pairs)
        archive.ids("database_field").update(copy.fields)
        archive.ids("database_select_option").update(copy.select_options)


def _rows(made: Sequence[Made], archive: ArchiveReader) -> None:
    prepare_links()
    for one in made:
        reader = RowsReader(one.where, latest_shape(one.where.id), one.pairs, archive)
        rows = one.content.get("rows")
        if isinstance(rows, Elements):
            reader.read(rows)
        elif rows is not None:
            raise BadArchive("The rows of a table in the archive are no list.")
        if reader.lost:
            log.warning("values of an archive could not be kept", table=one.where.id, values=reader.lost)
        finish_rows(one.where, one.pairs, reader.written)
    all_are_there()
    for one in made:
        write_links(latest_shape(one.where.id))
