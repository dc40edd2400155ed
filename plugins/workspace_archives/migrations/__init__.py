"""The archives' revisions."""

from plugins.workspace_archives.models import Base

metadata = Base.metadata
