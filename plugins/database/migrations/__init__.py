"""The database plugin's revisions."""

from plugins.database.models import Base

metadata = Base.metadata
