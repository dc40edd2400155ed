"""The columns of a kanban a request asks for: which, and which of their cards."""

from __future__ import annotations

from collections.abc import Iterator

from flask import request

from plugin_api.errors import ApiError
from plugin_api.fields import Field
from plugin_api.schemas import MAX_INT, as_int
from plugins.database.engine.buckets import NULL, Bucket
from plugins.views.listing import MAX_PAGE_SIZE, bucket_window


def wanted_columns(field: Field) -> list[Bucket]:
    """The columns of `select_option`, each with a limit and an offset of its own if it gives them, else all columns.

    The options come in their order, the rows without one last. When nothing asked for is an option of the field, all
    columns are shown as if nothing had been asked, but not counted: clients count the columns they name.
    """
    limit, offset = bucket_window()
    there = [*(str(option.id) for option in field.select_options), NULL]
    asked = {bucket.key: bucket for bucket in _asked(limit, offset)}
    chosen = [asked[key] for key in there if key in asked]
    return chosen or [Bucket(key, limit, offset, counted=not asked) for key in there]


def _asked(limit: int, offset: int) -> Iterator[Bucket]:
    for text in request.args.getlist("select_option"):
        key, *numbers = (part.strip() for part in text.split(","))
        given = [as_int(number) for number in numbers]
        good = [number for number in given if number is not None and 0 <= number <= MAX_INT]
        if len(given) > 2 or len(good) < len(given):
            message = "Give select_option as <option>, <option>,<limit> or <option>,<limit>,<offset>."
            raise ApiError("ERROR_INVALID_SELECT_OPTION_PARAMETER", 400, message)
        size, skipped = [*good, *(limit, offset)[len(good) :]]
        yield Bucket(key, min(size, MAX_PAGE_SIZE), skipped)
