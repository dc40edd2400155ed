"""Value kinds: what a field's values are to filters, aggregations and formulas, whatever the field type."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """The kinds of values. A new field type gets the filters of its kind for nothing."""

    TEXT = "text"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"
    DATETIME = "datetime"
    DURATION = "duration"
    UUID = "uuid"
    SINGLE_SELECT = "single_select"
    MULTIPLE_SELECT = "multiple_select"
    LINKS = "links"
    FILES = "files"
    COLLABORATORS = "collaborators"
    ARRAY = "array"
    OTHER = "other"
