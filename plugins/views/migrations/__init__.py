"""The views' revisions."""

from plugins.views.models import Base

metadata = Base.metadata
