"""Value kinds: what a field's values are to filters, aggregations and formulas, whatever the field type."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """The kinds of values. A new field type gets the filters of its kind for nothing.

    The comments say what `FieldType.value` is for a field of the kind, where it must be something particular; filters
    that compare texts look at `FieldType.text`.
    """

    TEXT = "text"
    CODE = "code"  # a text that is not made of words, such as a phone number
    NUMBER = "number"  # any PostgreSQL type of numbers
    BOOLEAN = "boolean"  # a boolean
    DATE = "date"  # a date
    DATETIME = "datetime"  # a timestamptz
    DURATION = "duration"  # an interval
    UUID = "uuid"  # a uuid
    SINGLE_SELECT = "single_select"  # the id of a select option, bigint
    MULTIPLE_SELECT = "multiple_select"  # the ids of select options, bigint[]
    LINKS = "links"  # the ids of rows, bigint[]; inherit ReferringMixin
    FILE = "file"  # a jsonb object with visible_name and is_image
    FILES = "files"  # a jsonb list of such objects
    PERSON = "person"  # the id of a user, bigint
    COLLABORATORS = "collaborators"  # the ids of users, bigint[]
    ARRAY = "array"  # a list; inherit ItemsMixin for filters on its items
    SECRET = "secret"  # a boolean: whether there is something, which nobody sees
    ROW_ID = "row_id"  # the id every row has; no field's values
    OTHER = "other"
