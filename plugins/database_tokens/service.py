"""What users do with their tokens, with permission and recorded action; what tokens learn of themselves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from plugin_api import actions, context
from plugin_api.errors import ApiError, body_invalid, does_not_exist, problem
from plugin_api.permissions import Access, Permissions, allows, require
from plugin_api.platform import service
from plugins.database_tokens import operations, rights, store
from plugins.database_tokens.authentication import unknown
from plugins.database_tokens.grant import Grant, acting_token
from plugins.database_tokens.rights import ALL_RIGHTS, Rights
from plugins.database_tokens.store import Found

_READ_TABLE = "database.table.read"


def list_tokens() -> list[dict[str, Any]]:
    """The acting user's tokens."""
    return [_json(found) for found in store.own() if allows(operations.READ, _where(found))]


def read_token(token_id: int) -> dict[str, Any]:
    """One of the acting user's tokens."""
    return _json(_existing(token_id, operations.READ))


def create_token(workspace_id: int, name: str) -> dict[str, Any]:
    """Make a token that may do everything in a workspace."""
    require(operations.CREATE, _workspace(workspace_id))
    token_id = store.insert(workspace_id, name, store.new_key(), ALL_RIGHTS)
    made = _again(token_id)
    _record("create_db_token", made)
    return _json(made)


def _workspace(workspace_id: int) -> Access:
    try:
        return service(Permissions).workspace_access(workspace_id)
    except ApiError as error:
        if error.status != 404:
            raise
        message = "There is no such workspace."
        raise body_invalid({"workspace": [problem("does_not_exist", message)]}) from None


def update_token(token_id: int, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Change the name, the rights or the key of a token, whichever is given."""
    found = _existing(token_id, operations.UPDATE)
    if "name" in changes and changes["name"] != found.name:
        store.rename(token_id, changes["name"])
        named = {"token_name": changes["name"], "original_token_name": found.name}
        _record("update_db_token_name", found, named)
    if "permissions" in changes:
        wanted = rights.from_json(changes["permissions"])
        _check_places(wanted, found.workspace_id)
        store.set_rights(token_id, wanted)
        shown = {"permissions": rights.to_json(wanted), "original_permissions": rights.to_json(found.rights)}
        _record("update_db_token_permissions", found, shown)
    if changes.get("rotate_key"):
        store.set_key(token_id, store.new_key())
        _record("rotate_db_token_key", found)
    return _json(_again(token_id))


def _check_places(wanted: Rights, workspace_id: int) -> None:
    """400 unless all the databases and tables exist; refused unless they are in the token's workspace."""
    places = {scope for scopes in wanted.values() for scope in scopes}
    _check_databases({scope.database_id for scope in places if scope.database_id is not None}, workspace_id)
    _check_tables({scope.table_id for scope in places if scope.table_id is not None}, workspace_id)


def _check_databases(wanted: set[int], workspace_id: int) -> None:
    there = store.workspaces_of_databases(wanted) if wanted else {}
    for database_id in sorted(wanted):
        if database_id not in there:
            raise rights.refusal("invalid_database_id", f"There is no database {database_id}.")
        if there[database_id] != workspace_id:
            message = f"The database {database_id} is not in the token's workspace."
            raise ApiError("ERROR_DATABASE_DOES_NOT_BELONG_TO_GROUP", 400, message)


def _check_tables(wanted: set[int], workspace_id: int) -> None:
    there = store.places_of_tables(wanted) if wanted else {}
    for table_id in sorted(wanted):
        if table_id not in there:
            raise rights.refusal("invalid_table_id", f"There is no table {table_id}.")
        if there[table_id][1] != workspace_id:
            message = f"The table {table_id} is not in the token's workspace."
            raise ApiError("PERMISSION_DENIED", 401, message)


def delete_token(token_id: int) -> None:
    """Delete a token; programs that use it are refused from now on."""
    found = _existing(token_id, operations.UPDATE)
    store.delete(token_id)
    _record("delete_db_token_key", found)


def check_token() -> dict[str, Any]:
    """The key of the token the request came with, when it still gives access."""
    grant = acting_token()
    if grant.role is None:
        raise ApiError("ERROR_TOKEN_DOES_NOT_EXIST", 403, unknown().detail)
    return {"token": grant.key}


def tables_of_token() -> list[dict[str, Any]]:
    """The tables in which the acting token may do anything at all."""
    grant = acting_token()
    if grant.role is None:
        return []
    rows = store.tables_of_workspace(grant.workspace_id)
    reached = [row for row in rows if _reaches(grant, _inside(row))]
    return [{"id": row.id, "name": row.name, "order": row.order, "database_id": row.application_id} for row in reached]


def _reaches(grant: Grant, table: Access) -> bool:
    """Whether the token may do anything in a table, which its owner must see."""
    owner = replace(context.actor(), kind="user")
    allowed = rights.allow(grant.rights, rights.OPERATIONS, table)
    return allowed and service(Permissions).allows(owner, _READ_TABLE, table)


def _inside(row: Any) -> Access:
    return Access(row.workspace_id, row.role, (("database_table", row.id), ("application", row.application_id)))


def _existing(token_id: int, operation: str) -> Found:
    found = store.find(token_id)
    if found is None:
        raise does_not_exist("token")
    require(operation, _where(found))
    return found


def _again(token_id: int) -> Found:
    found = store.find(token_id)
    assert found is not None
    return found


def _where(found: Found) -> Access:
    return Access(found.workspace_id, found.role, (("token", found.id),))


def _json(found: Found) -> dict[str, Any]:
    return {
        "id": found.id,
        "name": found.name,
        "workspace": found.workspace_id,
        "key": found.key,
        "permissions": rights.to_json(found.rights),
    }


def _record(type_name: str, found: Found, more: Mapping[str, Any] | None = None) -> None:
    params = {"token_id": found.id, "token_name": found.name, **(more or {})}
    scope = f"workspace{found.workspace_id}"
    actions.record(type_name, scope=scope, workspace_id=found.workspace_id, params=params)
