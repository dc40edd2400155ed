"""licences and their seats"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "licenses_0001"
down_revision = None
branch_labels = ("licenses",)
depends_on = ("core_0001",)


def upgrade() -> None:
    op.execute("CREATE SCHEMA IF NOT EXISTS licenses")
    op.create_table(
        "license",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("license_id", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("last_check", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_on", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_license")),
        sa.UniqueConstraint("license_id", name=op.f("uq_license_license_id")),
        schema="licenses",
    )
    op.create_table(
        "seat",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("license_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["license_id"], ["licenses.license.id"], name=op.f("fk_seat_license_id_license"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seat")),
        sa.UniqueConstraint("license_id", "user_id", name=op.f("uq_seat_license_id_user_id")),
        schema="licenses",
    )
    op.create_index("ix_seat_user_id", "seat", ["user_id"], unique=False, schema="licenses")
    op.create_foreign_key(
        "fk_seat_user_id",
        "seat",
        "user",
        ["user_id"],
        ["id"],
        source_schema="licenses",
        referent_schema="core",
        ondelete="CASCADE",
    )
