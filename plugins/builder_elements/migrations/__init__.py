"""The revisions of elements."""

from plugins.builder_elements.models import Base

metadata = Base.metadata
