"""The roles' revisions."""

from plugins.roles.models import Base

metadata = Base.metadata
