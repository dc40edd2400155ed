"""elements of pages"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "builder_elements_0001"
down_revision = None
branch_labels = ("builder_elements",)
depends_on = ("builder_0001",)

_SCHEMA = "builder_elements"


def _json(name: str, default: str) -> sa.Column[object]:
    return sa.Column(name, postgresql.JSONB(astext_type=sa.Text()), server_default=default, nullable=False)


def _text(name: str, default: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), server_default=default, nullable=False)


def upgrade() -> None:
    """Apply."""
    op.execute("CREATE SCHEMA IF NOT EXISTS builder_elements")
    op.execute("CREATE SEQUENCE builder_elements.item_id_seq")
    op.create_table(
        "element",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("page_id", sa.BigInteger(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("order", sa.Numeric(40, 20), nullable=False),
        sa.Column("parent_element_id", sa.BigInteger(), nullable=True),
        sa.Column("place_in_container", sa.Text(), nullable=True),
        _text("css_classes", ""),
        _text("visibility", "all"),
        _text("role_type", "allow_all"),
        _json("roles", "[]"),
        _json("style", "{}"),
        _json("styles", "{}"),
        _json("options", "{}"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_element")),
        sa.ForeignKeyConstraint(
            ["parent_element_id"],
            ["builder_elements.element.id"],
            name=op.f("fk_element_parent_element_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["page_id"], ["builder.page.id"], name="fk_element_page", ondelete="CASCADE"),
        schema=_SCHEMA,
    )
    for column in ("page_id", "parent_element_id"):
        op.create_index(op.f(f"ix_element_{column}"), "element", [column], unique=False, schema=_SCHEMA)
