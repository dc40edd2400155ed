"""The revisions of CSV imports."""

from plugins.csv_import.models import Base

metadata = Base.metadata
