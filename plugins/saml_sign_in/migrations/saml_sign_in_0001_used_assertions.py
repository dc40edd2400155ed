"""Which assertions were used already."""

import sqlalchemy as sa
from alembic import op

revision = "saml_sign_in_0001"
down_revision = None
branch_labels = ("saml_sign_in",)
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.execute("CREATE SCHEMA IF NOT EXISTS saml_sign_in")
    op.create_table(
        "used_assertion",
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_used_assertion"),
        schema="saml_sign_in",
    )
    op.create_index("ix_used_assertion_until", "used_assertion", ["until"], schema="saml_sign_in")
