"""Alembic calls this to run or to write migrations on the connection `core.db.migrate` hands over."""

from __future__ import annotations

from typing import Any

from alembic import context

from core.db.branches import VERSION_SCHEMA, VERSION_TABLE
from core.db.revisions import without_ancestors

attributes = context.config.attributes
branch = attributes.get("branch")


def _compares(found: Any, name: str | None, kind: str, reflected: bool, other: Any) -> bool:
    """Leave out Alembic's own table, and foreign keys to other schemas, which models do not declare."""
    if branch and kind == "foreign_key_constraint" and reflected and other is None:
        return bool(found.referred_table.schema == branch.name)
    return name != VERSION_TABLE


context.configure(
    connection=attributes["connection"],
    target_metadata=branch.metadata if branch else None,
    version_table=VERSION_TABLE,
    version_table_schema=VERSION_SCHEMA,
    include_schemas=True,
    include_name=lambda name, kind, parents: kind != "schema" or (branch is not None and name == branch.name),
    include_object=_compares,
    transaction_per_migration=False,
)
if branch:
    # To write a revision Alembic wants none listed that others follow from.
    found = context.get_context()
    current = without_ancestors(context.script, found.get_current_heads())
    found.get_current_heads = lambda: tuple(current)  # type: ignore[method-assign]
with context.begin_transaction():
    context.run_migrations()
