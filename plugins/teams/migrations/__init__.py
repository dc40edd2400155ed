"""The teams' revisions."""

from plugins.teams.models import Base

metadata = Base.metadata
