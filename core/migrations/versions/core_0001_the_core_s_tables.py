"""The core's tables, and the functions that order texts the same way on every PostgreSQL."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "core_0001"
down_revision = None
branch_labels = ("core",)
depends_on = None


def upgrade() -> None:
    _text_functions()
    op.create_table(
        "action",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=True),
        sa.Column("session_id", sa.Text(), nullable=True),
        sa.Column("group_id", sa.Text(), nullable=True),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("workspace_id", sa.BigInteger(), nullable=True),
        sa.Column("params", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("ip_address", sa.Text(), nullable=True),
        sa.Column("created_on", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("undone_on", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action")),
        schema="core",
    )
    op.create_index("ix_action_undo", "action", ["user_id", "session_id", "id"], unique=False, schema="core")
    op.create_index("ix_action_workspace", "action", ["workspace_id", "created_on"], unique=False, schema="core")
    op.create_table(
        "instance_settings",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("instance_id", sa.Text(), nullable=False),
        sa.Column("values", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_instance_settings")),
        schema="core",
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("workspace_id", sa.BigInteger(), nullable=True),
        sa.Column("user_id", sa.BigInteger(), nullable=True),
        sa.Column("websocket_id", sa.Text(), nullable=True),
        sa.Column("payload", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("attempts", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("handler", sa.Text(), nullable=True),
        sa.Column("due_on", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("created_on", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        schema="core",
    )
    op.create_table(
        "plugin_state",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("changed_on", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_plugin_state")),
        schema="core",
    )
    op.create_table(
        "revoked_token",
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("expires_on", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_revoked_token")),
        schema="core",
    )
    op.create_index(op.f("ix_revoked_token_expires_on"), "revoked_token", ["expires_on"], unique=False, schema="core")
    op.create_table(
        "user",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("password", sa.Text(), server_default="", nullable=False),
        sa.Column("is_staff", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("is_active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("language", sa.Text(), server_default="en", nullable=False),
        sa.Column("email_notification_frequency", sa.Text(), server_default="instant", nullable=False),
        sa.Column("email_verified", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("completed_onboarding", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column(
            "completed_guided_tours", postgresql.JSONB(astext_type=sa.Text()), server_default="[]", nullable=False
        ),
        sa.Column("to_be_deleted", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("delete_requested_on", sa.DateTime(timezone=True), nullable=True),
        sa.Column("auth_version", sa.BigInteger(), server_default="1", nullable=False),
        sa.Column("refresh_version", sa.BigInteger(), server_default="1", nullable=False),
        sa.Column("date_joined", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("last_login", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user")),
        sa.UniqueConstraint("email", name=op.f("uq_user_email")),
        schema="core",
    )
    op.create_table(
        "workspace",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("created_on", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_on", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("trashed_on", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "generative_ai_models_settings",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default="{}",
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workspace")),
        schema="core",
    )
    op.create_table(
        "application",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("workspace_id", sa.BigInteger(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("order", sa.BigInteger(), server_default="1", nullable=False),
        sa.Column("created_on", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_on", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("trashed_on", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["core.workspace.id"], name=op.f("fk_application_workspace_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application")),
        schema="core",
    )
    op.create_index(op.f("ix_application_workspace_id"), "application", ["workspace_id"], unique=False, schema="core")
    op.create_table(
        "invitation",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("workspace_id", sa.BigInteger(), nullable=False),
        sa.Column("invited_by_id", sa.BigInteger(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("permissions", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), server_default="", nullable=False),
        sa.Column("created_on", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_on", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["invited_by_id"], ["core.user.id"], name=op.f("fk_invitation_invited_by_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["core.workspace.id"], name=op.f("fk_invitation_workspace_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("workspace_id", "email", name=op.f("uq_invitation_workspace_id_email")),
        schema="core",
    )
    op.create_index(op.f("ix_invitation_email"), "invitation", ["email"], unique=False, schema="core")
    op.create_table(
        "job",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.Text(), server_default="pending", nullable=False),
        sa.Column("progress_percentage", sa.Numeric(precision=5, scale=2), server_default="0", nullable=False),
        sa.Column("human_readable_error", sa.Text(), server_default="", nullable=False),
        sa.Column("error", sa.Text(), server_default="", nullable=False),
        sa.Column("params", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.Column("result", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.Column("context", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.Column("attempts", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("created_on", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_on", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["core.user.id"], name=op.f("fk_job_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
        schema="core",
    )
    op.create_index(
        "ix_job_open",
        "job",
        ["id"],
        unique=False,
        schema="core",
        postgresql_where=sa.text("state NOT IN ('finished', 'failed', 'cancelled')"),
    )
    op.create_index(op.f("ix_job_user_id"), "job", ["user_id"], unique=False, schema="core")
    op.create_table(
        "membership",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("workspace_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("permissions", sa.Text(), server_default="MEMBER", nullable=False),
        sa.Column("order", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("created_on", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["core.user.id"], name=op.f("fk_membership_user_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["core.workspace.id"], name=op.f("fk_membership_workspace_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership")),
        sa.UniqueConstraint("workspace_id", "user_id", name=op.f("uq_membership_workspace_id_user_id")),
        schema="core",
    )
    op.create_index(op.f("ix_membership_user_id"), "membership", ["user_id"], unique=False, schema="core")


# Spaces, punctuation and symbols come before digits, digits before letters, as people expect.
_SYMBOLS = " _-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$"


def _text_functions() -> None:
    """unaccent may live in any schema and is not immutable by itself: wrap it where it is."""
    connection = op.get_bind()
    connection.exec_driver_sql("CREATE EXTENSION IF NOT EXISTS unaccent")
    connection.exec_driver_sql("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    where = "SELECT quote_ident(nspname) FROM pg_extension e JOIN pg_namespace n ON n.oid = extnamespace"
    schema = connection.exec_driver_sql(where + " WHERE extname = 'unaccent'").scalar_one()
    ranks = "".join(chr(n) for n in range(1, len(_SYMBOLS) + 1))
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    functions = {
        "fold_text": f"lower({schema}.unaccent('{schema}.unaccent', $1))",
        "sort_text": f"translate(core.fold_text($1), {_literal(_SYMBOLS)}, {_literal(ranks)})",
        "sort_case": f"translate($1, '{letters + letters.lower()}', '{letters.lower() + letters}')",
    }
    for name, body in functions.items():
        statement = (
            f"CREATE FUNCTION core.{name}(text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE"
            f" AS $body$ SELECT {body} $body$"
        )
        connection.exec_driver_sql(statement.replace("%", "%%"))


def _literal(text: str) -> str:
    return "E'" + text.replace("\\", "\\\\").replace("'", "''") + "'"
