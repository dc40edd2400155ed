"""Events are read once, as a whole: they are neither taken apart nor compressed on the way."""

from alembic import op

revision = "core_0004"
down_revision = "core_0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.execute("ALTER TABLE core.outbox ALTER COLUMN payload TYPE json, ALTER COLUMN payload SET STORAGE EXTERNAL")
