"""Changing the select options of a field: which are kept, changed, added and removed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from plugin_api.db import session
from plugin_api.errors import ApiError, body_invalid, problem
from plugin_api.fields import SelectOption
from plugins.database import models


def set_options(
    field_id: int, current: Sequence[SelectOption] | None, wanted: Sequence[Mapping[str, Any]]
) -> tuple[tuple[SelectOption, ...], dict[int, int]]:
    """Make the field's options those given, in their order.

    Answers the options, and each one's id by what the client called it. Options that are left out stay stored until
    `remove_options`, since values still refer to them. `current` is None for a new field, where ids are only names.
    """
    known = {option.id for option in current or ()}
    _check(known, wanted, current is None)
    rows = []
    for order, option in enumerate(wanted):
        row_id = option.get("id") if option.get("id") in known else None
        row = models.SelectOption(
            id=row_id, field_id=field_id, value=option["value"], color=option["color"], order=order
        )
        rows.append(session().merge(row) if row_id is not None else row)
    session().add_all(rows)
    session().flush()
    called = {option["id"]: row.id for option, row in zip(wanted, rows, strict=True) if option.get("id") is not None}
    options = tuple(SelectOption(row.id, row.value, row.color) for row in rows)
    return options, {**{option.id: option.id for option in options}, **called}


def _check(known: set[int], wanted: Sequence[Mapping[str, Any]], is_new: bool) -> None:
    ids = [option["id"] for option in wanted if option.get("id") is not None]
    if len(ids) != len(set(ids)):
        raise body_invalid({"select_options": [problem("invalid", "Each select option may be given once.")]})
    strange = next((found for found in ids if found > 0 and found not in known), None)
    if strange is not None and not is_new:
        message = f"The select option {strange} does not belong to this field."
        raise ApiError("ERROR_SELECT_OPTION_DOES_NOT_BELONG_TO_FIELD", 400, message)


def remove_options(current: Sequence[SelectOption], kept: Sequence[SelectOption]) -> None:
    """Delete the options that are no longer among those kept."""
    gone = {option.id for option in current} - {option.id for option in kept}
    if gone:
        session().execute(sa.delete(models.SelectOption).where(models.SelectOption.id.in_(gone)))
