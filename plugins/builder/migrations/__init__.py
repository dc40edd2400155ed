"""The builder's revisions."""

from plugins.builder.models import Base

metadata = Base.metadata
