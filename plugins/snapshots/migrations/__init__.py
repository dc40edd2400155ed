"""The snapshots' revisions."""

from plugins.snapshots.models import Base

metadata = Base.metadata
