"""The dashboard's revisions."""

from plugins.dashboard.models import Base

metadata = Base.metadata
