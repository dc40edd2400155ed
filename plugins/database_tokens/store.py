"""Stored tokens: finding, making and changing them, and the tables and databases their rights name."""

from __future__ import annotations

import secrets
import string
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import aggregate_order_by

from plugin_api import context, workspaces
from plugin_api.applications import Applications
from plugin_api.db import connection, session
from plugin_api.platform import service
from plugin_api.secrets import SecretLost, decrypt, digest, encrypt
from plugins.database.models import Table
from plugins.database_tokens.grant import Grant
from plugins.database_tokens.models import Right, Token
from plugins.database_tokens.rights import OPERATIONS, Rights, Scope

PURPOSE = "database_tokens.key"
KEY_LENGTH = 32
_LETTERS = string.ascii_letters + string.digits


def new_key() -> str:
    """A random key."""
    return "".join(secrets.choice(_LETTERS) for _ in range(KEY_LENGTH))


@dataclass(frozen=True)
class Found:
    """A token of the acting user, and their role in its workspace."""

    id: int
    name: str
    workspace_id: int
    key: str
    role: str
    rights: Rights


def _rights_column() -> sa.ScalarSelect[Any]:
    """A token's rights as a JSON list of (operation, database, table).

    Those in a table or database that is in the trash sleep until it is restored.
    """
    reachable = service(Applications).reachable().subquery()
    database = sa.func.coalesce(Right.database_id, Table.application_id)
    everywhere = sa.and_(Right.database_id.is_(None), Right.table_id.is_(None))
    there = sa.and_(reachable.c.id.is_not(None), Table.trashed_on.is_(None))
    one = sa.func.json_build_array(Right.operation, Right.database_id, Right.table_id)
    return (
        sa.select(sa.func.json_agg(aggregate_order_by(one, Right.id)))
        .select_from(Right)
        .outerjoin(Table, Table.id == Right.table_id)
        .outerjoin(reachable, reachable.c.id == database)
        .where(Right.token_id == Token.id, sa.or_(everywhere, there))
        .correlate(Token)
        .scalar_subquery()
    )


def _rights(listed: Iterable[Sequence[Any]] | None) -> Rights:
    found: dict[str, list[Scope]] = {operation: [] for operation in OPERATIONS}
    for operation, database_id, table_id in listed or ():
        found[operation].append(Scope(database_id, table_id))
    return found


@cache
def _by_key() -> sa.Select[Any]:
    member = workspaces.members().subquery()
    joined = sa.and_(member.c.workspace_id == Token.workspace_id, member.c.user_id == Token.user_id)
    return (
        sa.select(Token.id, Token.user_id, Token.workspace_id, member.c.role, _rights_column())
        .outerjoin(member, joined)
        .where(Token.key_digest == sa.bindparam("digest"))
    )


def by_key(key: str) -> tuple[int, Grant] | None:
    """The owner's id and the grant of the token with this key: one query."""
    parameters = {"digest": digest(key, PURPOSE), "acting_user_id": None}
    row = connection().execute(_by_key(), parameters).first()
    if row is None:
        return None
    return row.user_id, Grant(row.id, key, row.workspace_id, row.role, _rights(row[4]))


@cache
def _own() -> sa.Select[Any]:
    member = workspaces.members().subquery()
    joined = sa.and_(member.c.workspace_id == Token.workspace_id, member.c.user_id == Token.user_id)
    return (
        sa.select(Token.id, Token.name, Token.workspace_id, Token.key, member.c.role, _rights_column())
        .join(member, joined)
        .where(Token.user_id == sa.bindparam("acting_user_id"))
        .order_by(Token.id)
    )


def own() -> list[Found]:
    """The acting user's tokens in the workspaces they are a member of: one query."""
    rows = connection().execute(_own(), {"acting_user_id": context.user_id()})
    return [_found(row) for row in rows]


def find(token_id: int) -> Found | None:
    """A token of the acting user."""
    row = connection().execute(_own().where(Token.id == token_id), {"acting_user_id": context.user_id()}).first()
    return _found(row) if row else None


def _found(row: Any) -> Found:
    return Found(row.id, row.name, row.workspace_id, _readable(row.key), row.role, _rights(row[5]))


def _readable(encrypted: str) -> str:
    """The key; empty when the instance's secret key changed since: the token works no more and needs a new key."""
    try:
        return decrypt(encrypted, PURPOSE)
    except SecretLost:
        return ""


def insert(workspace_id: int, name: str, key: str, rights: Rights) -> int:
    """Store a token of the acting user; answers its id."""
    row = Token(user_id=context.user_id(), workspace_id=workspace_id, name=name, **_sealed(key))
    session().add(row)
    session().flush()
    _insert_rights(row.id, rights)
    return row.id


def _sealed(key: str) -> dict[str, str]:
    return {"key": encrypt(key, PURPOSE), "key_digest": digest(key, PURPOSE)}


def rename(token_id: int, name: str) -> None:
    """Give a token another name."""
    session().execute(sa.update(Token).where(Token.id == token_id).values(name=name))


def set_key(token_id: int, key: str) -> None:
    """Give a token another key; the one before is dead."""
    session().execute(sa.update(Token).where(Token.id == token_id).values(**_sealed(key)))


def set_rights(token_id: int, rights: Rights) -> None:
    """Replace a token's rights. Of two that do so at a time, one waits: rights must not add up."""
    session().execute(sa.select(Token.id).where(Token.id == token_id).with_for_update())
    session().execute(sa.delete(Right).where(Right.token_id == token_id))
    _insert_rights(token_id, rights)


def _insert_rights(token_id: int, rights: Rights) -> None:
    rows = [
        {"token_id": token_id, "operation": operation, "database_id": scope.database_id, "table_id": scope.table_id}
        for operation, scopes in rights.items()
        for scope in scopes
    ]
    if rows:
        session().execute(sa.insert(Right), rows)


def delete(token_id: int) -> None:
    """Delete a token."""
    session().execute(sa.delete(Token).where(Token.id == token_id))


def workspaces_of_databases(database_ids: Collection[int]) -> Mapping[int, int]:
    """The workspace of each of the databases that is there."""
    reachable = service(Applications).reachable().subquery()
    query = sa.select(reachable.c.id, reachable.c.workspace_id).where(
        reachable.c.id.in_(database_ids), reachable.c.type == "database"
    )
    rows = connection().execute(query, {"acting_user_id": context.user_id()})
    return {row.id: row.workspace_id for row in rows}


def places_of_tables(table_ids: Collection[int]) -> Mapping[int, tuple[int, int]]:
    """The database and the workspace of each of the tables that is there."""
    query = _tables().where(Table.id.in_(table_ids))
    rows = connection().execute(query, {"acting_user_id": context.user_id()})
    return {row.id: (row.application_id, row.workspace_id) for row in rows}


def tables_of_workspace(workspace_id: int) -> list[Any]:
    """The tables of a workspace in the order of their databases: id, name, order, application_id, role."""
    query = _tables().where(_tables().selected_columns.workspace_id == workspace_id)
    return list(connection().execute(query, {"acting_user_id": context.user_id()}))


@cache
def _tables() -> sa.Select[Any]:
    reachable = service(Applications).reachable().subquery()
    return (
        sa.select(Table.id, Table.name, Table.order, Table.application_id, reachable.c.workspace_id, reachable.c.role)
        .join(reachable, reachable.c.id == Table.application_id)
        .where(Table.trashed_on.is_(None))
        .order_by(reachable.c.order, reachable.c.id, Table.order, Table.id)
    )
