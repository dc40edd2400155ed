"""The core's revisions."""

from core.db.models import Base

metadata = Base.metadata
