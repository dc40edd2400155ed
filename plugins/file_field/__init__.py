"""The field type `file`: uploaded files, each under a name of the row's own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from plugin_api import Plugin, hookimpl, media
from plugin_api.archives import ArchivedFieldMixin, ArchiveReader, ArchiveWriter
from plugin_api.errors import body_invalid
from plugin_api.exporters import ExportsMixin
from plugin_api.fields import Batch, Column, ConvertsMixin, Field, FieldType, InvalidValue, Prepared, Row, kind_of
from plugin_api.kinds import Kind
from plugin_api.sql import quoted_csv
from plugins.file_field.stored import named_in
from plugins.file_field.values import Wanted, archived_files, no_file, wanted_files
from plugins.user_files import files

plugin = Plugin(
    name="file_field",
    version="1.0",
    title="File",
    description="Fields that hold uploaded files.",
    api=(1, 0),
    requires=("database", "user_files"),
)


class FileField(FieldType, ConvertsMixin, ExportsMixin, ArchivedFieldMixin):
    """A list of files. Each keeps what is known of it, which never changes, so that reading needs no other table."""

    type = "file"
    kind = Kind.FILES
    can_sort = False

    def column(self, field: Field) -> Column:
        """Files as objects, an empty list rather than NULL."""
        return Column(pg.JSONB(), default="'[]'", nullable=False)

    def read(self, field: Field, row: Row) -> sa.ColumnElement[Any]:
        """The files with their addresses."""
        file, n = _items(field, row)
        shown = file.op("||")(_object(url=_address(file, files.FILES_PATH), thumbnails=_thumbnails(file)))
        listed = sa.func.json_agg(pg.aggregate_order_by(shown, n))
        return _of_row(sa.func.coalesce(listed, sa.literal_column("'[]'::json")), row)

    def text(self, field: Field, row: Row) -> sa.ColumnElement[str]:
        """The names people see, separated by commas; NULL when there are no files."""
        file, n = _items(field, row)
        name = quoted_csv(_key(file, "visible_name"))
        return _of_row(sa.func.string_agg(name, pg.aggregate_order_by(sa.literal(", "), n)), row)

    def export_text(self, field: Field, row: Row) -> sa.ColumnElement[str]:
        """The names people see, each with the address of its file."""
        file, n = _items(field, row)
        shown = sa.func.concat(_key(file, "visible_name"), " (", _address(file, files.FILES_PATH), ")")
        return _of_row(sa.func.string_agg(quoted_csv(shown), pg.aggregate_order_by(sa.literal(","), n)), row)

    def export_value(self, field: Field, row: Row) -> sa.ColumnElement[Any]:
        """Objects with the name people see, the name the file is kept under, and its address."""
        file, n = _items(field, row)
        pairs: list[Any] = ["visible_name", _key(file, "visible_name"), "name", _key(file, "name")]
        shown = sa.func.json_build_object(*pairs, "url", _address(file, files.FILES_PATH))
        listed = sa.func.json_agg(pg.aggregate_order_by(shown, n))
        return _of_row(sa.func.coalesce(listed, sa.literal_column("'[]'::json")), row)

    def prepare(self, field: Field, values: Sequence[Any], batch: Batch) -> Prepared:
        """Lists of objects or of names, or names in one text; one query for all files."""
        prepared, wanted = _checked(values)
        found = files.find({file.name for listed in wanted.values() for file in listed}, batch.connection)
        for index, listed in wanted.items():
            unknown = next((file.name for file in listed if file.name not in found), None)
            if unknown is None:
                prepared.values[index] = [file.stored(found[file.name]) for file in listed]
            elif batch.importing:
                prepared.errors[index] = no_file(unknown).detail
            else:
                raise body_invalid(no_file(unknown).message)
        return prepared

    def archived(self, field: Field, row: Row) -> sa.ColumnElement[Any]:
        """The names the files are kept under, and those people see."""
        file, n = _items(field, row)
        name, shown = _key(file, "name"), _key(file, "visible_name")
        listed = sa.func.json_agg(pg.aggregate_order_by(_object(name=name, visible_name=shown, original_name=shown), n))
        return _of_row(sa.func.coalesce(listed, sa.literal_column("'[]'::json")), row)

    def unarchived(self, field: Field, values: Sequence[Any], batch: Batch, archive: ArchiveReader) -> Prepared:
        """The files that are in the archive, or here already."""
        wanted = [archived_files(value) for value in values]
        found = files.from_archive({one.name: one.visible_name for listed in wanted for one in listed}, archive)
        return Prepared([[one.stored(found[one.name]) for one in listed if one.name in found] for listed in wanted])

    def add_files(self, field: Field, rows: sa.Table, archive: ArchiveWriter) -> None:
        """Each file that is in a row."""
        file, n = _items(field, rows)
        joined = rows.join(n.table, sa.true())
        named = sa.select(_key(file, "name").label("name")).select_from(joined).where(rows.c.trashed_on.is_(None))
        for found in files.named_by(named):
            files.add_to_archive(found, archive)

    def default(self, field: Field) -> Any:
        """No files."""
        return []

    def converts_from(self, source: FieldType) -> bool:
        """Texts may name files; of everything else nothing can be kept."""
        return True

    def converted(self, field: Field, previous: Field, source: FieldType, row: Row) -> sa.ColumnElement[Any] | None:
        """The files whose names, as they are written to file fields, stand in a text."""
        if source is self:
            return None
        if kind_of(source, previous) not in (Kind.TEXT, Kind.CODE):
            return sa.cast(sa.literal_column("'[]'"), pg.JSONB())
        return named_in(source.text(previous, row)).correlate(row).scalar_subquery()


def _checked(values: Sequence[Any]) -> tuple[Prepared, dict[int, list[Wanted]]]:
    prepared: Prepared = Prepared([[] for _ in values])
    wanted: dict[int, list[Wanted]] = {}
    for index, value in enumerate(values):
        try:
            wanted[index] = wanted_files(value)
        except InvalidValue as error:
            prepared.errors[index] = error.detail
    return prepared, wanted


def _items(field: Field, row: Row) -> tuple[sa.ColumnElement[Any], sa.ColumnElement[int]]:
    """A file of the row, and its place."""
    item = sa.column("file", pg.JSONB())
    found = sa.func.jsonb_array_elements(row.c[field.column]).table_valued(item, with_ordinality="n", name="files")
    derived = found.render_derived()
    return derived.c.file, derived.c.n


def _of_row(shown: sa.ColumnElement[Any], row: Row) -> sa.ColumnElement[Any]:
    return sa.select(shown).correlate(row).scalar_subquery()


def _key(file: sa.ColumnElement[Any], key: str) -> sa.ColumnElement[str]:
    return file.op("->>", return_type=sa.Text())(sa.literal_column(f"'{key}'"))


def _object(**values: Any) -> sa.ColumnElement[Any]:
    pairs: list[Any] = []
    for key, value in values.items():
        pairs += [sa.literal_column(f"'{key}'"), value]
    return sa.func.jsonb_build_object(*pairs, type_=pg.JSONB())


def _address(file: sa.ColumnElement[Any], path: str) -> sa.ColumnElement[str]:
    return sa.literal(media.fixed_url() + path).concat(_key(file, "name"))


def _thumbnails(file: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    sizes = {
        size: _object(
            url=_address(file, f"{files.THUMBNAILS_PATH}{size}/"),
            width=sa.null() if width is None else sa.literal(width),
            height=sa.literal(height),
        )
        for size, (width, height) in files.THUMBNAILS.items()
    }
    return sa.case((_key(file, "is_image") == "true", _object(**sizes)))


@hookimpl
def register_field_types() -> list[FieldType]:
    """Provide `file`."""
    return [FileField()]
