"""Checking what clients and files give as the chosen options."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Any

from plugin_api.errors import problem
from plugin_api.fields import Field, InvalidValue
from plugin_api.selects import OptionFinder, no_option


def check_items(field: Field, finder: OptionFinder, value: Any) -> list[int]:
    """The ids of the options given by id or name; InvalidValue for wrong types, 400 for unknown options."""
    if value is None:
        raise InvalidValue("null", "This field may not be null.")
    items: Sequence[Any] | None = split_names(value) if isinstance(value, str) else value
    if items is not None and not isinstance(items, list):
        raise InvalidValue("not_a_list", "Expected a list of options.")
    if items is None:
        raise no_option(field, value)
    _check_types(items)
    found = [(item, finder.find(item)) for item in items]
    for item, option in found:
        if option is None:
            raise no_option(field, item)
    return list(dict.fromkeys(option for _, option in found if option is not None))


def _check_types(items: Sequence[Any]) -> None:
    wrong = {
        str(n): [problem("invalid", "Give the id or the name of an option.")]
        for n, item in enumerate(items)
        if isinstance(item, bool) or not (item is None or isinstance(item, int | str))
    }
    if wrong:
        raise InvalidValue("invalid", "Give ids or names of options.", wrong)


def import_items(finder: OptionFinder, value: Any) -> list[int]:
    """The ids of the options named in an imported value; InvalidValue when one is not there."""
    names = value if isinstance(value, list) else split_names("" if value is None else str(value))
    found: dict[int, None] = {}
    for name in names or ():
        option = finder.find(name if isinstance(name, int) and not isinstance(name, bool) else str(name).strip())
        if option is None:
            raise InvalidValue("invalid", f"There is no option {str(name)[:100]!r}.")
        found[option] = None
    return list(found)


def split_names(text: str) -> list[str] | None:
    """The names in a comma separated text; names with commas stand in double quotes. None when it cannot be read."""
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), skipinitialspace=True, strict=True))
    except csv.Error:
        return None
    return [name.strip() for row in rows for name in row if name.strip()]
