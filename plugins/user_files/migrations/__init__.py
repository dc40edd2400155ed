"""The user files' revisions."""

from plugins.user_files.models import Base

metadata = Base.metadata
