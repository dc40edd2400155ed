"""Exporters: kinds of files rows are exported to, and what the values of a field are in such files."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

import sqlalchemy as sa

from plugin_api.charsets import CHARSETS
from plugin_api.fields import Field, FieldType, Row, kind_of
from plugin_api.kinds import Kind
from plugin_api.schemas import Choice, Schema


class ExportsMixin:
    """For field types whose values are in exported files another thing than their `text`. None: like other types."""

    def export_text(self, field: Field, row: Row) -> sa.ColumnElement[str] | None:
        """The value in files that hold nothing but texts, such as CSV; NULL when there is none."""
        return None

    def export_value(self, field: Field, row: Row) -> sa.ColumnElement[Any] | None:
        """The value in files that tell texts, numbers, booleans, lists and objects apart, such as JSON.

        Anything PostgreSQL's `to_json` turns into the right JSON.
        """
        return None


def export_text(kind: FieldType, field: Field, row: Row) -> sa.ColumnElement[str]:
    """The value as a text of an exported file; NULL when there is none."""
    own = kind.export_text(field, row) if isinstance(kind, ExportsMixin) else None
    if own is not None:
        return own
    if kind_of(kind, field) is Kind.BOOLEAN:
        return sa.func.initcap(sa.cast(kind.value(field, row), sa.Text), type_=sa.Text())
    return kind.text(field, row)


def export_value(kind: FieldType, field: Field, row: Row) -> sa.ColumnElement[Any]:
    """The value as JSON of an exported file: booleans are booleans, no text is an empty one."""
    own = kind.export_value(field, row) if isinstance(kind, ExportsMixin) else None
    if own is not None:
        return own
    if kind_of(kind, field) is Kind.BOOLEAN:
        return kind.value(field, row)
    return sa.func.coalesce(export_text(kind, field, row), "", type_=sa.Text())


@dataclass(frozen=True)
class ExportColumn:
    """A column of an exported file; the first one, `id`, is no field's."""

    name: str
    field: Field | None = None
    kind: Kind = Kind.NUMBER


class ExportRows(Protocol):
    """The rows to export, as one moment saw them. Read them once, in one of these ways; memory stays constant."""

    @property
    def columns(self) -> Sequence[ExportColumn]:
        """The row's id, then the fields, in the order of the file."""

    def csv(self, separator: str) -> Iterator[bytes]:
        """Lines of CSV in UTF-8 as PostgreSQL makes them, several at a time, each ended by CR and LF."""

    def texts(self) -> Iterator[list[Any]]:
        """Row by row, the id as a number and each value as a text; no value is an empty text."""

    def values(self) -> Iterator[list[Any]]:
        """Row by row, the id and each value as JSON: text, number, boolean, list, object or None."""

    def json(self) -> Iterator[list[bytes]]:
        """Like `values`, but each value as JSON text in UTF-8."""


class ExportOptions(Schema):
    """What every exporter asks for."""

    export_charset = Choice(
        CHARSETS, load_default="utf-8", metadata={"description": "The character set of the file, where it has one."}
    )


OptionsClass = type[ExportOptions]


class ExporterType(ABC):
    """A kind of file rows are exported to. Third parties subclass this and register it.

    type: the name clients give as `exporter_type`. extension: of the files' names.
    options_schema: what clients may choose.
    exports_tables: whether whole tables can be exported, not only views.
    """

    type: ClassVar[str]
    extension: ClassVar[str]
    options_schema: ClassVar[OptionsClass] = ExportOptions
    exports_tables: ClassVar[bool] = True

    @abstractmethod
    def chunks(self, rows: ExportRows, options: Mapping[str, Any]) -> Iterator[bytes]:
        """The content of the file, piece by piece; pieces of some 100 kB are best.

        `options` as `options_schema` loads them. Raise plugin_api.jobs.JobFailed when the rows do not fit.
        """
