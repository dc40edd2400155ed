"""The licences' revisions."""

from plugins.licenses.models import Base

metadata = Base.metadata
