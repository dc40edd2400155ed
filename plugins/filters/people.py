"""Filter types for values that refer to others: linked rows and people, given by ids or by parts of their names."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from plugin_api.db import connection
from plugin_api.fields import Field, FieldType, ReferringMixin
from plugin_api.filters import Condition, Filtered, FilterType, Negated
from plugin_api.kinds import Kind
from plugin_api.sql import contains
from plugins.filters import operands


def refers(subject: Filtered, test: Callable[[Any], Condition]) -> Condition | None:
    """Whether the value refers to something that passes a test of its columns `key` and `text`; None if unknown.

    What is in the trash is nothing values refer to.
    """
    kind = subject.type
    if not isinstance(kind, ReferringMixin):
        return None
    known = kind.referred(subject.field).subquery(f"known{subject.field.id}")
    return kind.refers(subject.field, subject.row, sa.select(known.c.key).where(test(known.c)))


class Has(FilterType):
    """One of the ids given is among the value's, or is the value. A value without ids means no filter."""

    constant = True

    def __init__(self, type: str, kind: Kind) -> None:
        self.type = type
        self.kinds = frozenset({kind})

    def condition(self, subject: Filtered, value: str) -> Condition | None:
        """By ids."""
        found = operands.ids(value)
        if not found:
            return None
        if subject.kind == Kind.PERSON:
            return operands.is_one_of(subject.value, found)
        if subject.kind == Kind.LINKS:
            referred = refers(subject, lambda known: operands.is_one_of(known.key, found))
            if referred is not None:
                return referred
        return operands.overlaps(_ids_of(subject.value), operands.id_array(found))


def _ids_of(value: Any) -> sa.ColumnElement[Any]:
    """The ids in a value: computed fields keep objects that have them."""
    if not isinstance(value.type, sa.JSON):
        found: sa.ColumnElement[Any] = value
        return found
    item = sa.func.jsonb_array_elements(value).table_valued(sa.column("item", pg.JSONB()), name="ids").render_derived()
    ids = sa.select(sa.cast(item.c.item.op("->>")(sa.literal_column("'id'")), sa.BigInteger()))
    return sa.func.array(ids.scalar_subquery())


class LinkRowHas(Has):
    """One of the rows given is linked; clients show the name of the first of them."""

    has_names = True

    def names(self, kind: FieldType, field: Field, values: Sequence[str]) -> Mapping[str, dict[str, Any]]:
        """`display_name`; nothing for rows that are not there."""
        first = {value: found[0] for value in values if (found := operands.ids(value))}
        if not first or not isinstance(kind, ReferringMixin):
            return {}
        known = kind.referred(field).subquery("known")
        query = sa.select(known.c.key, known.c.text).where(operands.is_one_of(known.c.key, list(first.values())))
        texts = {row.key: row.text for row in connection().execute(query)}
        return {value: {"display_name": texts[key]} for value, key in first.items() if key in texts}


class LinkRowContains(FilterType):
    """The name of a linked row contains the text."""

    constant = True
    type = "link_row_contains"
    kinds = frozenset({Kind.LINKS})

    def condition(self, subject: Filtered, value: str) -> Condition:
        """without regard to case."""
        found = refers(subject, lambda known: contains(known.text, value.strip()))
        return contains(subject.text, value.strip()) if found is None else found


_LINKS, _PEOPLE = LinkRowHas("link_row_has", Kind.LINKS), Has("multiple_collaborators_has", Kind.COLLABORATORS)
_PERSON = Has("user_is", Kind.PERSON)

FILTER_TYPES: list[FilterType] = [
    _LINKS,
    Negated("link_row_has_not", _LINKS),
    LinkRowContains(),
    Negated("link_row_not_contains", LinkRowContains()),
    _PEOPLE,
    Negated("multiple_collaborators_has_not", _PEOPLE),
    _PERSON,
    Negated("user_is_not", _PERSON),
]
