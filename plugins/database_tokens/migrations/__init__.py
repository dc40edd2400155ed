"""The database tokens' revisions."""

from plugins.database_tokens.models import Base

metadata = Base.metadata
