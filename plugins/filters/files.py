"""Filter types for files: their names, whether they are images, how many there are."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from plugin_api.fields import Items
from plugin_api.filters import Condition, Filtered, FilterType, UnusableValue
from plugin_api.kinds import Kind
from plugin_api.sql import contains
from plugins.filters import operands

_IS_IMAGE = {"image": "true", "document": "false"}


class FileFilter(FilterType):
    """A base for types that look at the files of a field or of a list."""

    constant = True
    kinds = frozenset({Kind.FILES})
    item_kinds = frozenset({Kind.FILE})


def _files(subject: Filtered) -> Items:
    """The files, whose values are JSON objects."""
    if subject.items is not None:
        return subject.items
    item = sa.column("file", pg.JSONB())
    listed = sa.func.jsonb_array_elements(subject.value).table_valued(item, name="listed").render_derived()
    return Items(Kind.FILE, listed, listed.c.file, _key(listed.c.file, "visible_name"))


def _key(file: sa.ColumnElement[Any], key: str) -> sa.ColumnElement[str]:
    return sa.type_coerce(file, pg.JSONB()).op("->>", return_type=sa.Text())(sa.literal_column(f"'{key}'"))


class FilenameContains(FileFilter):
    """The name people see of one of the files contains the text."""

    type = "filename_contains"

    def condition(self, subject: Filtered, value: str) -> Condition:
        """without regard to case."""
        files = _files(subject)
        return files.exists(subject.row, contains(_key(files.value, "visible_name"), value.strip()))


class HasFileType(FileFilter):
    """One of the files is an image, or a document: any other file. Other words mean no filter."""

    type = "has_file_type"

    def condition(self, subject: Filtered, value: str) -> Condition | None:
        """`image` or `document`."""
        wanted = _IS_IMAGE.get(value.strip().lower())
        if wanted is None:
            return None
        files = _files(subject)
        return files.exists(subject.row, _key(files.value, "is_image") == wanted)


class FilesLowerThan(FileFilter):
    """There are fewer files than the number. A value that is no number means no filter."""

    type = "files_lower_than"

    def condition(self, subject: Filtered, value: str) -> Condition | None:
        """Both lists of files and lists of items are JSON lists."""
        try:
            most = operands.whole(value)
        except UnusableValue:
            return None
        found: Condition = sa.func.coalesce(sa.func.jsonb_array_length(subject.value), 0) < sa.literal(
            most, sa.BigInteger()
        )
        return found


FILTER_TYPES: list[FilterType] = [FilenameContains(), HasFileType(), FilesLowerThan()]
