"""The csv_import' revisions."""

from plugins.csv_import.models import Base

metadata = Base.metadata
