"""The query parameters of row operations: names or ids, pages, chosen fields, order, search, filters."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import orjson
import sqlalchemy as sa
from flask import request

from plugin_api.errors import ApiError, problem, query_invalid
from plugin_api.fields import Field
from plugin_api.names import split_names
from plugin_api.schemas import MAX_INT, as_int
from plugins.database.engine.filtering import Condition, Group, compile_group, is_constant, where
from plugins.database.engine.ordering import order_by
from plugins.database.engine.read import RowQuery
from plugins.database.engine.searching import MODES, search, sort
from plugins.database.engine.searching import searched as searched_for
from plugins.database.rows.joins import is_join, joins_of
from plugins.database.shape import TableShape
from plugins.database.views import SavedRows, saved_rows

_ON = {"", "1", "t", "true", "y", "yes", "on"}
_OFF = {"0", "f", "false", "n", "no", "off"}
PAGE_SIZE = 100
MAX_PAGE_SIZE = 200
_MAX_DEPTH = 20
_OF_FIELD = re.compile(r"field_([0-9]+|id|created_on|updated_on)")


def parameter(name: str) -> str | None:
    """A parameter of the request, None when it is not there: for that, Flask's own makes an exception."""
    values = request.args.getlist(name)
    return values[0] if values else None


def user_names() -> bool:
    """Whether fields are named by their names; anything but the usual words for yes is no."""
    return flag("user_field_names")


def flag(name: str) -> bool:
    """A parameter that switches something on, with or without a value."""
    value = parameter(name)
    return value is not None and value.strip().lower() in _ON


def is_off(name: str) -> bool:
    """Whether a parameter that is on by default is switched off; anything but the usual words for no is not."""
    return request.args.get(name, "").strip().lower() in _OFF


def strict_flag(name: str) -> bool:
    """Like `flag`, but 400 for anything that is neither yes nor no."""
    value = request.args.get(name)
    if value is not None and value.strip().lower() not in _ON | _OFF:
        raise query_invalid({name: [problem("invalid", "Must be true or false.")]})
    return flag(name)


def optional_id(name: str) -> int | None:
    """A parameter that is an id; 400 for anything else."""
    value = request.args.get(name)
    if value is None:
        return None
    found = as_int(value)
    if found is None:
        raise query_invalid({name: [problem("invalid", "A valid whole number is required.")]})
    return max(0, min(found, MAX_INT))  # numbers no column can hold name nothing


def page_and_size() -> tuple[int, int]:
    """The page, from 1, and its size; what cannot be read falls back to the first page and the usual size."""
    page, size = as_int(parameter("page")), as_int(parameter("size"))
    if size is not None and size > MAX_PAGE_SIZE:
        raise ApiError("ERROR_PAGE_SIZE_LIMIT", 400, f"A page has at most {MAX_PAGE_SIZE} rows.")
    return (page if page and 0 < page < 2**31 else 1), (size if size and size > 0 else PAGE_SIZE)


def by_key(fields: tuple[Field, ...], names: bool) -> dict[str, Field]:
    """Fields by the key a request names them with."""
    return {(found.name if names else found.column): found for found in fields}


def chosen_fields(shape: TableShape, names: bool) -> tuple[Field, ...]:
    """The fields `include` and `exclude` leave; all of them when they leave none."""
    included, excluded = _names("include"), _names("exclude")
    keyed = by_key(shape.fields, names)
    chosen = {key: found for key, found in keyed.items() if key in included} or keyed
    return tuple(found for key, found in chosen.items() if key not in excluded) or shape.fields


def _names(parameter: str) -> set[str]:
    text = request.args.get(parameter)
    if text is not None and not text.strip():
        raise query_invalid({parameter: [problem("blank", "This field may not be blank.")]})
    return set(split_names(text)) if text else set()


_OF_PAGES = frozenset({"page", "size", "search"})
_LONGEST = 2_000
"""Characters a query string may have for what it asks for to be kept."""


def known_query(shape: TableShape) -> tuple[RowQuery, Mapping[str, Any]]:
    """The rows a listing asks for, compiled once for all pages and searched words, and the parameters of this request.

    Not kept is what is another one at another time, and joins, which know other tables as they are.
    """
    text = parameter("search") or ""
    asked = tuple(pair for pair in request.args.items(multi=True) if pair[0] not in _OF_PAGES)
    if len(request.query_string) > _LONGEST or any(is_join(key) for key, _ in asked) or not _is_constant(shape):
        return row_query(shape), {}
    return shape.compiled(("rows", sort(shape, text), asked), lambda: row_query(shape)), searched_for(text)


def _is_constant(shape: TableShape) -> bool:
    filtered = any(key.startswith("filter") for key in request.args)
    return not filtered or is_constant(wanted_filters(by_key(shape.fields, user_names()), user_names()))


def row_query(shape: TableShape) -> RowQuery:
    """The rows a listing asks for: fields, search, filters and order, and those of a view."""
    names = user_names()
    chosen = chosen_fields(shape, names)
    keyed = by_key(chosen, names)
    saved = rows_of_view(shape)
    conditions = where(searched(shape, chosen), filters_of(shape, keyed, names), saved.where)
    order, joins = ordered(shape, keyed, names), joins_of(shape, keyed, names)
    return RowQuery(shape, chosen, names, conditions, order or saved.order_by, joins)


def rows_of_view(shape: TableShape) -> SavedRows:
    """The rows of the view `view_id` names; all rows without it."""
    view_id = optional_id("view_id")
    return SavedRows(None, ()) if view_id is None else saved_rows(view_id, shape)


def ordered(shape: TableShape, keyed: Mapping[str, Field], names: bool) -> list[Any]:
    """The order `order_by` asks for."""
    text = request.args.get("order_by")
    if text is None:
        return []
    if not text.strip():
        raise query_invalid({"order_by": [problem("blank", "This field may not be blank.")]})
    return order_by(shape, keyed, text, names)


def searched(shape: TableShape, chosen: tuple[Field, ...]) -> sa.ColumnElement[bool] | None:
    """The condition that a row has the text of `search`."""
    mode = request.args.get("search_mode", MODES[1])
    if mode not in MODES:
        raise query_invalid({"search_mode": [problem("invalid_choice", f"Use one of {', '.join(MODES)}.")]})
    return search(shape, chosen, request.args.get("search", ""), by_words=mode != MODES[0])


def filters_of(shape: TableShape, keyed: Mapping[str, Field], names: bool) -> sa.ColumnElement[bool] | None:
    """The tree in `filters`, else the simple parameters `filter__<field>__<type>`."""
    return compile_group(shape, keyed, wanted_filters(keyed, names))


def wanted_filters(keyed: Mapping[str, Field], names: bool) -> Group:
    """The filters a request asks for; an empty group without any.

    Simple ones name fields by `field_<id>` too when others go by their names; what is no field's name is ignored.
    """
    tree = request.args.get("filters")
    if tree:
        return parse_tree(tree, names)
    columns = {found.column: key for key, found in keyed.items()}
    conditions = []
    for key, values in request.args.lists():
        parts = key.split("__")
        if parts[0] != "filter" or len(parts) < 3:
            continue
        name, filter_type = "__".join(parts[1:-1]), parts[-1]
        if name in keyed or _OF_FIELD.fullmatch(name):
            named = name if name in keyed else columns.get(name, name)
            conditions += [Condition(named, filter_type, value) for value in values]
    return Group(request.args.get("filter_type", "").upper() == "OR", tuple(conditions))


def parse_tree(text: str, names: bool) -> Group:
    """A tree of filters in JSON; 400 ERROR_FILTERS_PARAM_VALIDATION_ERROR when it is not one."""
    try:
        tree = orjson.loads(text)
    except orjson.JSONDecodeError:
        raise _bad_tree(problem("invalid_json", "The filters are not valid JSON.")) from None
    return _group(tree, names, 0)


def _bad_tree(detail: Any) -> ApiError:
    return ApiError("ERROR_FILTERS_PARAM_VALIDATION_ERROR", 400, detail)


def _group(tree: Any, names: bool, depth: int) -> Group:
    if not isinstance(tree, dict) or depth > _MAX_DEPTH:
        raise _bad_tree({"non_field_errors": [problem("invalid", "Expected an object with filter_type and filters.")]})
    if "filter_type" not in tree:
        raise _bad_tree({"filter_type": [problem("required", "This field is required.")]})
    if tree["filter_type"] not in ("AND", "OR"):
        raise _bad_tree({"filter_type": [problem("invalid_choice", "Use AND or OR.")]})
    conditions = tuple(_tree_condition(found, names) for found in _list(tree, "filters"))
    groups = tuple(_group(found, names, depth + 1) for found in _list(tree, "groups"))
    return Group(tree["filter_type"] == "OR", conditions, groups)


def _list(tree: dict[str, Any], key: str) -> list[Any]:
    found = tree.get(key) or []
    if not isinstance(found, list):
        raise _bad_tree({key: [problem("not_a_list", "Expected a list of items.")]})
    return found


def _tree_condition(found: Any, names: bool) -> Condition:
    if not isinstance(found, dict):
        raise _bad_tree({"filters": [problem("invalid", "Expected an object with field, type and value.")]})
    missing = [key for key in ("field", "type", "value") if key not in found]
    if missing:
        raise _bad_tree({"filters": {key: [problem("required", "This field is required.")] for key in missing}})
    key = str(found["field"])
    value = found["value"]
    text = "" if value is None else value if isinstance(value, str) else orjson.dumps(value).decode()
    if "\0" in text:
        raise _bad_tree({"filters": [problem("null_characters_not_allowed", "Null characters are not allowed.")]})
    return Condition(key if names or key.startswith("field_") else f"field_{key}", str(found["type"]), text)
