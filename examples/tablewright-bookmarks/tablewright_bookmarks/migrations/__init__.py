"""The revisions of the plugin's tables; `tablewright plugin revision bookmarks "..."` writes the next one."""

from tablewright_bookmarks.models import Base

metadata = Base.metadata
