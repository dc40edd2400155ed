"""The webhooks' revisions."""

from plugins.webhooks.models import Base

metadata = Base.metadata
