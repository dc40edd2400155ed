"""Functions that read values from texts people wrote. They are replaced as a whole: a change runs them once more."""

from alembic import op

from plugin_api.reading import FUNCTIONS

revision = "core_0003"
down_revision = "core_0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    for function in FUNCTIONS:
        op.get_bind().exec_driver_sql(function.replace("%", "%%"))
