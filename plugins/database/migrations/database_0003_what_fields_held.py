"""What fields held before they were changed, and the trash's entries of what was deleted before there was one."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "database_0003"
down_revision = "database_0002"
branch_labels = None
depends_on = "core_0002"

_TABLES = (
    "INSERT INTO core.trash (type, item_id, workspace_id, application_id, name, parent_name, trashed_on)"
    " SELECT 'table', t.id, t.workspace_id, t.application_id, t.name, a.name, t.trashed_on"
    ' FROM database."table" t JOIN core.application a ON a.id = t.application_id WHERE t.trashed_on IS NOT NULL'
)
_FIELDS = (
    "INSERT INTO core.trash (type, item_id, workspace_id, application_id, name, parent_name, trashed_on)"
    " SELECT 'field', f.id, t.workspace_id, t.application_id, f.name, t.name, f.trashed_on"
    ' FROM database.field f JOIN database."table" t ON t.id = f.table_id WHERE f.trashed_on IS NOT NULL'
)


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "field_backup",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("field_id", sa.BigInteger(), nullable=False),
        sa.Column("table_id", sa.BigInteger(), nullable=False),
        sa.Column("workspace_id", sa.BigInteger(), nullable=False),
        sa.Column("previous", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("has_values", sa.Boolean(), nullable=False),
        sa.Column("created_on", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_field_backup")),
        schema="database",
    )
    op.create_index(op.f("ix_field_backup_field_id"), "field_backup", ["field_id"], unique=False, schema="database")
    op.execute(_TABLES)
    op.execute(_FIELDS)
