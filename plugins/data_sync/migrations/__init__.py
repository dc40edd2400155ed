"""The revisions of the plugin's tables."""

from plugins.data_sync.models import Base

metadata = Base.metadata
