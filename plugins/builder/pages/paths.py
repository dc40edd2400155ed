"""The addresses of pages: which parameters they have, and which are the same."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from itertools import count
from typing import Any

from plugin_api.errors import ApiError

MAX_LENGTH = 255
_PARAM = re.compile(r":([A-Za-z0-9_]+)")

Params = Sequence[Mapping[str, Any]]


def route(path: str) -> str:
    """The path without the names of its parameters; pages whose routes are equal answer the same addresses."""
    return _PARAM.sub(" ", path)


def check(path: str, path_params: Params, query_params: Params) -> None:
    """400 unless the parameters of a page fit its path and each other."""
    in_path, defined = _PARAM.findall(path), {param["name"] for param in path_params}
    if len(set(in_path)) < len(in_path):
        raise ApiError("ERROR_DUPLICATE_PATH_PARAMS_IN_PATH", 400, "A parameter is twice in the path.")
    if strangers := defined - set(in_path):
        raise ApiError("ERROR_PATH_PARAM_NOT_IN_PATH", 400, f"The path has no parameter :{min(strangers)}.")
    if missing := set(in_path) - defined:
        raise ApiError("ERROR_PATH_PARAM_NOT_DEFINED", 400, f"The parameter :{min(missing)} of the path has no type.")
    asked = [param["name"] for param in query_params]
    if len(set(asked)) < len(asked) or defined & set(asked):
        raise ApiError("ERROR_DUPLICATE_QUERY_PARAMS", 400, "Two parameters of the page have the same name.")


def unused(path: str, taken: Collection[str]) -> str:
    """The path with the first number from 2 on at its end that is like none of the routes."""
    numbered = (f"{path.rstrip('/')[: MAX_LENGTH - len(f'/{n}')]}/{n}" for n in count(2))
    return next(found for found in numbered if route(found) not in taken)
