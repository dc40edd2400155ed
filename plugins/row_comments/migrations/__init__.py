"""The row comments' revisions."""

from plugins.row_comments.models import Base

metadata = Base.metadata
