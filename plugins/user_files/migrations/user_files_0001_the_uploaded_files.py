"""the uploaded files"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "user_files_0001"
down_revision = None
branch_labels = ("user_files",)
depends_on = ("core_0001",)


def upgrade() -> None:
    op.execute("CREATE SCHEMA IF NOT EXISTS user_files")
    op.create_table(
        "file",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("original_name", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("mime_type", sa.Text(), nullable=False),
        sa.Column("served_type", sa.Text(), nullable=False),
        sa.Column("is_image", sa.Boolean(), nullable=False),
        sa.Column("image_width", sa.BigInteger(), nullable=True),
        sa.Column("image_height", sa.BigInteger(), nullable=True),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("uploaded_by", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_file")),
        sa.UniqueConstraint("name", name=op.f("uq_file_name")),
        sa.UniqueConstraint(
            "sha256", "original_name", "uploaded_by", name=op.f("uq_file_sha256_original_name_uploaded_by")
        ),
        schema="user_files",
    )
    op.create_index(op.f("ix_file_uploaded_by"), "file", ["uploaded_by"], unique=False, schema="user_files")
    op.create_foreign_key(
        "fk_file_uploaded_by",
        "file",
        "user",
        ["uploaded_by"],
        ["id"],
        source_schema="user_files",
        referent_schema="core",
        ondelete="SET NULL",
    )
