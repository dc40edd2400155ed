"""Field types: what a type says about its values, as SQL; the row engine does the rest."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar

import sqlalchemy as sa

from plugin_api.errors import problem
from plugin_api.kinds import Kind
from plugin_api.links import LinkedTable
from plugin_api.schemas import Schema


class InvalidValue(ValueError):
    """A value a field cannot take, with the API's code for it. `detail` replaces the usual list of one problem."""

    def __init__(self, code: str, message: str, detail: Any = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.detail: Any = [problem(code, message)] if detail is None else detail


@dataclass(frozen=True)
class SelectOption:
    """One option of a select field."""

    id: int
    value: str
    color: str


@dataclass(frozen=True)
class Field:
    """A field of a table as the row engine knows it. `options` are the type's own settings (JSON)."""

    id: int
    table_id: int
    name: str
    type: str
    primary: bool = False
    order: int = 0
    options: Mapping[str, Any] = field(default_factory=dict)
    select_options: tuple[SelectOption, ...] = ()
    linked: LinkedTable | None = field(default=None, compare=False, repr=False)
    """Of link fields: the table their rows are in."""
    read_only: bool = False
    """Whether values come from elsewhere, whatever the type: users cannot write them, nor create or delete rows."""

    @property
    def column(self) -> str:
        """Name of the field's column, also its key in the API without `user_field_names`."""
        return f"field_{self.id}"


@dataclass(frozen=True)
class Column:
    """The column a field is stored in. `default` is SQL text for new rows; `unique` adds a constraint."""

    type: sa.types.TypeEngine[Any]
    default: str | None = None
    nullable: bool = True


@dataclass(frozen=True)
class Batch:
    """What a whole batch of values is checked with: one connection, one moment, one user."""

    connection: sa.Connection
    now: datetime
    user_id: int | None
    importing: bool = False


KEEP: Any = object()
"""Among checked values: leave what the row has; new rows get the default."""


@dataclass
class Prepared:
    """Checked values, one per input, as JSON that PostgreSQL casts to the column's type; errors by index."""

    values: list[Any]
    errors: dict[int, Any] = field(default_factory=dict)


SchemaClass = type[Schema]

Row = sa.FromClause
"""The table (or an alias of it) a row is read from: `row.c[field.column]`, `row.c.created_on`, ..."""


class FieldType:
    """A type of field. Third parties subclass this, set `type` and `kind`, and override what differs.

    All SQL is SQLAlchemy Core; expressions are compiled once per table and version, then cached.
    """

    type: ClassVar[str]
    kind: ClassVar[Kind] = Kind.TEXT
    read_only: ClassVar[bool] = False
    options_schema: ClassVar[SchemaClass] = Schema
    can_be_primary: ClassVar[bool] = True
    can_sort: ClassVar[bool] = True
    empty_first: ClassVar[bool] = False
    """Whether rows whose sort expression is NULL come first in descending order too."""
    can_be_in_form: ClassVar[bool] = True
    """Whether visitors may fill it in; not where that would tell them who or what is in the workspace."""

    def column(self, field: Field) -> Column | None:
        """The column values are stored in; None for types that read other columns of the row."""
        return Column(sa.Text())

    def value(self, field: Field, row: Row) -> sa.ColumnElement[Any]:
        """The value as its PostgreSQL type, what filters and formulas compare."""
        return row.c[field.column]

    def read(self, field: Field, row: Row) -> sa.ColumnElement[Any]:
        """The value as the API shows it: anything `row_to_json` turns into the right JSON."""
        return self.value(field, row)

    def text(self, field: Field, row: Row) -> sa.ColumnElement[str]:
        """The value as people read it: names of rows, search, export."""
        return sa.cast(self.value(field, row), sa.Text)

    def search(self, field: Field, row: Row) -> sa.ColumnElement[str] | None:
        """The text a search looks in; None leaves the field out.

        Where the text is in other tables, add ReferringMixin: searches by words then find it even if this is None.
        """
        return self.text(field, row)

    def sort(self, field: Field, row: Row) -> Sequence[sa.ColumnElement[Any]]:
        """What rows are ordered by, most significant first, for ascending order with NULLs first."""
        return [self.value(field, row)]

    def clean(self, field: Field, value: Any, batch: Batch) -> Any:
        """Check one value from the API; answer the JSON to store. Raise InvalidValue with the API's code."""
        return value

    def prepare(self, field: Field, values: Sequence[Any], batch: Batch) -> Prepared:
        """Check a whole batch. Override instead of `clean` when values need a query: one for all of them."""
        prepared = Prepared([None] * len(values))
        for index, value in enumerate(values):
            try:
                prepared.values[index] = self.clean(field, value, batch)
            except InvalidValue as error:
                prepared.errors[index] = error.detail
        return prepared

    def prepare_import(self, field: Field, values: Sequence[Any], batch: Batch) -> Prepared:
        """Check values of an imported file: like `prepare`, but empty texts are no value."""
        return self.prepare(field, [None if value == "" else value for value in values], batch)

    def default(self, field: Field) -> Any:
        """The value (as `clean` answers it) of new rows that give none."""
        return None

    def check_options(self, options: dict[str, Any], previous: Field | None) -> dict[str, Any]:
        """Check the options together (each is checked by `options_schema`); answer those to store."""
        return options

    def options_json(self, field: Field) -> dict[str, Any]:
        """The keys this type adds to a field's JSON."""
        return dict(field.options)


class SelectOptionsMixin:
    """For types with `select_options`: the field service stores them and hands them over in `Field`."""

    def link_options(self, options: dict[str, Any], ids: Mapping[int, int], given: Collection[str]) -> dict[str, Any]:
        """The field's options with the ids of select options in them made real.

        `ids` maps what a client may call an option (its id, or the negative id it gave to a new one) to its id;
        `given` are the names of the options the client just set, the others were there before.
        """
        return options

    def remapped(self, value: sa.ColumnElement[Any], ids: Mapping[int, int]) -> sa.ColumnElement[Any]:
        """Stored values with each option's id replaced, for copies of a field with options of their own."""
        raise NotImplementedError


class CollaboratorsMixin:
    """For types whose fields' JSON has `available_collaborators`, the workspace's members; the platform adds it."""


class ReferringMixin:
    """For types whose text is that of others, such as people or rows: searches find those, then what refers to them."""

    def referred(self, field: Field) -> sa.Select[Any]:
        """All that values may refer to: the columns `key` and `text`."""
        raise NotImplementedError

    def refers(self, field: Field, row: Row, keys: sa.Select[Any]) -> sa.ColumnElement[bool]:
        """Whether the row's value refers to one of the keys that `keys`, a select of one column, answers."""
        raise NotImplementedError


class CreatedMixin:
    """For types that do more than a column default when the field is made."""

    def created(self, field: Field, row: sa.Table, connection: sa.Connection) -> None:
        """Called in the transaction that made the field, after its column was added."""
        raise NotImplementedError

    def filled(self, field: Field, row: sa.Table, connection: sa.Connection) -> None:
        """Called after values were copied into the field's column by SQL (a table or field was duplicated)."""


class EffectsMixin:
    """For types whose fields bring other things along, such as a field in another table. All in one transaction."""

    def added(self, field: Field, given: Mapping[str, Any]) -> None:
        """After the field and its column were made; `given` is what the client sent."""

    def changed(self, previous: Field, field: Field, given: Mapping[str, Any]) -> None:
        """After the field was changed, to this type, from this type, or within it (`previous.type` tells)."""

    def trashed(self, field: Field) -> None:
        """After the field was put into the trash."""

    def restored(self, field: Field) -> None:
        """After the field was taken out of the trash."""

    def removed(self, field: Field, schema: str) -> None:
        """Before the field is removed for good; `schema` is the PostgreSQL schema of the workspace.

        Also called for what a field was before it was changed, once nobody can undo the change any more.
        """

    def brought(self, field: Field) -> Any:
        """A name for what the field brought along: the same as long as it is the same things."""
        return None


class PublicOptionsMixin:
    """For types whose options tell of more than their values, such as other fields."""

    def public_json(self, field: Field) -> dict[str, Any]:
        """The keys of a field's JSON, instead of `options_json`, for strangers who see its values in a shared view."""
        raise NotImplementedError


class EmptyValueMixin:
    """For types with a value that is no answer, so that a required field of a form is not filled in by it."""

    def is_empty(self, value: Any) -> bool:
        """Whether a value (as `clean` answers it) says nothing."""
        raise NotImplementedError


class VariableKindMixin:
    """For types whose value kind depends on the field's options."""

    def kind_of(self, field: Field) -> Kind:
        """The kind of this field's values."""
        raise NotImplementedError


@dataclass(frozen=True)
class Items:
    """The items of a list.

    kind: what they are. source: a relation with a row for each item, made from the list's row. value, text: the item
    as `FieldType.value` and `FieldType.text` would answer it for a field of the kind.
    """

    kind: Kind
    source: sa.FromClause
    value: sa.ColumnElement[Any]
    text: sa.ColumnElement[str]

    def exists(self, row: Row, condition: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
        """Whether the condition is true of an item of the row's list."""
        found: sa.Select[Any] = sa.select(sa.literal_column("1")).select_from(self.source).where(condition)
        return sa.exists(found.correlate(row))


class ItemsMixin:
    """For types whose values are lists, kind `ARRAY`: filters such as has_value_equal look at the items."""

    def item_kind(self, field: Field) -> Kind:
        """The kind of the items; OTHER when nothing can be said about them."""
        raise NotImplementedError

    def items(self, field: Field, row: Row) -> Items | None:
        """The items of the row's list; None when nothing can be said about them."""
        raise NotImplementedError


class SortVariantsMixin:
    """For types that can be ordered in further ways: `order_by=field_1[variant]`."""

    sort_variants: ClassVar[tuple[str, ...]]

    def sort_variant(self, variant: str, field: Field, row: Row) -> Sequence[sa.ColumnElement[Any]]:
        """What rows are ordered by in this way; like `FieldType.sort`."""
        raise NotImplementedError


class ConvertsMixin:
    """For types that keep values when a field is changed to them, or when its options change.

    Most need `from_text` alone: values of other types are read from what people see of them. A field that is changed
    to a type without this has the type's first values: its default, or what it shows of the row.
    """

    def from_text(self, field: Field, text: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
        """The values of texts, NULL where there is none; nothing may fail. `plugin_api.reading` helps."""
        return sa.null()

    def converted(self, field: Field, previous: Field, source: FieldType, row: Row) -> sa.ColumnElement[Any] | None:
        """The values to store in the changed `field`, read from `row`, which still is as `previous` was.

        `source` is the type the field had, possibly this one. None when the stored values can stay as they are;
        allowed only when the column's type stays the same. NULL is taken as the column's default where it has one.
        """
        return None if source.type == field.type else self.from_text(field, source.text(previous, row))

    def converts_from(self, source: FieldType) -> bool:
        """Whether fields of that type may be changed to this one."""
        return True

    def first_options(self, options: dict[str, Any]) -> dict[str, Any]:
        """The options of a field of another type that becomes one of this type."""
        return options


def is_empty(kind: FieldType, value: Any) -> bool:
    """Whether a value (as `clean` answers it) says nothing: no value, no text, no items, or what the type says."""
    nothing = value is None or value == "" or value == []
    return nothing or (isinstance(kind, EmptyValueMixin) and kind.is_empty(value))


def kind_of(kind: FieldType, field: Field) -> Kind:
    """The kind of a field's values."""
    return kind.kind_of(field) if isinstance(kind, VariableKindMixin) else kind.kind


def plain_text(value: Any) -> str | None:
    """A text from the API, trimmed; numbers are taken as their text; None stays None. InvalidValue otherwise."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise InvalidValue("invalid", "Not a valid text.")
    text = str(value).strip()
    if "\0" in text:
        raise InvalidValue("null_characters_not_allowed", "Null characters are not allowed.")
    return text


def plain_texts(values: Sequence[Any]) -> Prepared | None:
    """A batch that holds nothing but texts and None, trimmed; None when each value must be looked at."""
    kinds = set(map(type, values))
    if not kinds <= {str, type(None)}:
        return None
    texts = list(map(str.strip, values)) if kinds == {str} else [value and value.strip() for value in values]
    return None if "\0" in "".join(filter(None, texts)) else Prepared(texts)
