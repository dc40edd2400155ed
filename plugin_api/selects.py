"""Select options for field types: reading them in SQL, finding them by what clients send."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from plugin_api.errors import ApiError, body_invalid
from plugin_api.fields import Field

OPTION = sa.table(
    "select_option",
    sa.column("id", sa.BigInteger),
    sa.column("value", sa.Text),
    sa.column("color", sa.Text),
    sa.column("order", sa.BigInteger),
    schema="database",
)
"""Where the options of all select fields are."""


def option_object(option: Any) -> sa.ColumnElement[Any]:
    """An option (OPTION or an alias of it) as the API shows it."""
    return sa.func.json_build_object(
        sa.literal("id"), option.c.id, sa.literal("value"), option.c.value, sa.literal("color"), option.c.color
    )


def id_pairs(ids: Mapping[int, int]) -> Any:
    """A relation of old and new option ids: columns `old` and `new`."""
    old, new = sa.column("old", sa.BigInteger), sa.column("new", sa.BigInteger)
    return sa.values(old, new, name="ids", literal_binds=True).data(list(ids.items()) or [(0, 0)])


class OptionFinder:
    """The options of one field by id and by name (the first of equal names), for a whole batch of values."""

    def __init__(self, field: Field) -> None:
        self._ids = {option.id for option in field.select_options}
        self._by_name: dict[str, int] = {}
        for option in field.select_options:
            self._by_name.setdefault(option.value, option.id)

    def find(self, value: int | str | None) -> int | None:
        """The id of the option a client names by id or by its name; None when there is none."""
        if isinstance(value, int):
            return value if value in self._ids else None
        return None if value is None else self._by_name.get(value)


def archived_option(value: Any, ids: Mapping[int, int]) -> int | str | None:
    """What an archive says of an option, for an OptionFinder: its new id, or its name."""
    if isinstance(value, Mapping):
        value = value.get("id")
    if isinstance(value, int) and not isinstance(value, bool):
        return ids.get(value)
    return value if isinstance(value, str) else None


def no_option(field: Field, value: Any) -> ApiError:
    """400 for a value that is no option of the field."""
    return body_invalid(f"{str(value)[:100]!r} is not a select option of the field {field.name!r}.")


def linked(value: int, ids: Mapping[int, int]) -> int:
    """The id of an option from what a client calls it; 400 when it is not one of the field's."""
    if value not in ids:
        raise ApiError(
            "ERROR_SELECT_OPTION_DOES_NOT_BELONG_TO_FIELD",
            400,
            f"The select option {value} does not belong to this field.",
        )
    return ids[value]
