"""The notifications' revisions."""

from plugins.notifications.models import Base

metadata = Base.metadata
