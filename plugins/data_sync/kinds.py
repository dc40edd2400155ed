"""Types of data syncs: what a plugin says about a place that rows come from."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, BinaryIO, ClassVar

import sqlalchemy as sa

from plugin_api.fields import Field
from plugin_api.schemas import Schema
from plugin_api.tables import TableCopy

Settings = Mapping[str, Any]
"""What a user gave, secrets included, as `settings_schema` loaded it."""
SchemaClass = type[Schema]
Progress = Callable[[float], None]
"""Told how much was read, 0 to 1, as far as that is known. It may raise, to end the sync; let that pass."""


class SyncError(Exception):
    """The source cannot be read; the text tells people why and what they can do."""


@dataclass(frozen=True)
class Property:
    """Something each row of the source has, which becomes a field.

    key: its name in the source, for good. name: that of the field at first; users may rename it.
    type, options, select_options: those of the field.
    unique: it tells the rows apart. There must be one such property; all of them are always synced.
    initially_selected: whether clients propose to sync it.
    immutable_options: whether users cannot change the field's options.
    """

    key: str
    name: str
    type: str
    options: Mapping[str, Any] = field(default_factory=dict)
    select_options: Sequence[Mapping[str, str]] = ()
    unique: bool = False
    initially_selected: bool = True
    immutable_options: bool = True


class DataSyncType(ABC):
    """A kind of place rows come from. Add exactly one of ReadsMixin, CopiesMixin and SelectsMixin.

    settings_schema: what users give; fields of it that are `load_only` are secrets: kept encrypted, never shown.
    secrets: for each of them, the settings that say where it is sent: when one of those changes and the secret is
        not given again, it is forgotten.
    """

    type: ClassVar[str]
    settings_schema: ClassVar[SchemaClass]
    secrets: ClassVar[Mapping[str, Sequence[str]]] = {}

    @abstractmethod
    def properties(self, settings: Settings) -> list[Property]:
        """What can be synced, in the order clients show it. It may ask the source; SyncError when that fails.

        Called as the acting user, outside of a transaction.
        """

    def copied(self, settings: Settings, copies: Sequence[TableCopy]) -> tuple[Settings, Mapping[str, str]]:
        """The settings of a data sync copied with its table and others, and keys of properties that are new.

        A source that is among the copied tables is the copy; sources elsewhere stay what they are.
        """
        return settings, {}


class ReadsMixin:
    """For sources that are read row by row, over HTTP for example."""

    @abstractmethod
    def rows(self, settings: Settings, keys: Sequence[str], progress: Progress) -> Iterable[Sequence[Any]]:
        """All rows, each the values of these properties in this order: what the API takes for such fields.

        Outside of a transaction, to be read while they come: never hold all of them. A value the field cannot take
        is left empty.
        """


class CopiesMixin:
    """For sources that write PostgreSQL's COPY text themselves, which costs nothing a row."""

    @abstractmethod
    def copy(self, settings: Settings, keys: Sequence[str], target: BinaryIO, progress: Progress) -> None:
        """Write all rows, with the values of these properties, which the fields' columns must take as they are."""


class SelectsMixin:
    """For rows that are in this database."""

    @abstractmethod
    def select(self, settings: Settings, fields: Mapping[str, Field]) -> sa.Select[Any]:
        """All rows with the values to store in these fields, by property key, in this order.

        Called in the transaction that stores them; check again what the acting user may read.
        """
