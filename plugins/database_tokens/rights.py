"""Rights of a token: their JSON form in the API, and what they allow."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from plugin_api.errors import body_invalid, problem
from plugin_api.permissions import Access
from plugin_api.schemas import MAX_INT

OPERATIONS = ("create", "read", "update", "delete")
DATABASE, TABLE = "database", "table"


@dataclass(frozen=True)
class Scope:
    """Where an operation is allowed: a database, a table, or, without both, the whole workspace."""

    database_id: int | None = None
    table_id: int | None = None


EVERYWHERE = Scope()
Rights = Mapping[str, Sequence[Scope]]
"""For each operation, where it is allowed. No scopes: nowhere."""

ALL_RIGHTS: Rights = dict.fromkeys(OPERATIONS, (EVERYWHERE,))


def to_json(rights: Rights) -> dict[str, Any]:
    """The rights as the API shows them: true, false, or a list of `["database" or "table", id]`."""
    return {operation: _scopes_json(rights.get(operation, ())) for operation in OPERATIONS}


def _scopes_json(scopes: Sequence[Scope]) -> Any:
    if EVERYWHERE in scopes:
        return True
    listed = [[DATABASE, s.database_id] if s.database_id is not None else [TABLE, s.table_id] for s in scopes]
    return listed or False


def from_json(value: Any) -> Rights:
    """The rights a client sent; 400 when they are malformed. Whether what they name exists is not looked at."""
    if not isinstance(value, dict) or set(value) != set(OPERATIONS):
        raise refusal("invalid_key", f"Give each of {', '.join(OPERATIONS)}, and nothing else.")
    return {operation: _scopes(value[operation]) for operation in OPERATIONS}


def _scopes(value: Any) -> Sequence[Scope]:
    if isinstance(value, bool):
        return (EVERYWHERE,) if value else ()
    if not isinstance(value, list):
        raise refusal("invalid_value", "Each operation is true, false or a list of databases and tables.")
    return tuple(dict.fromkeys(_scope(item) for item in value))


def _scope(value: Any) -> Scope:
    if not (isinstance(value, list) and len(value) == 2 and _is_id(value[1])):
        raise refusal("invalid_value", f'A place is written ["{DATABASE}", id] or ["{TABLE}", id].')
    if value[0] == DATABASE:
        return Scope(database_id=value[1])
    if value[0] == TABLE:
        return Scope(table_id=value[1])
    raise refusal("invalid_instance_type", f'A place is a "{DATABASE}" or a "{TABLE}".')


def _is_id(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MAX_INT


def refusal(code: str, message: str) -> Exception:
    """400 for the permissions in a body."""
    return body_invalid({"permissions": [problem(code, message)]})


def allow(rights: Rights, operations: Iterable[str], access: Access) -> bool:
    """Whether one of the operations is allowed where `access` says."""
    places = {EVERYWHERE}
    for kind, number in access.scopes:
        if kind == "database_table":
            places.add(Scope(table_id=number))
        elif kind == "application":
            places.add(Scope(database_id=number))
    return any(not places.isdisjoint(rights.get(operation, ())) for operation in operations)
