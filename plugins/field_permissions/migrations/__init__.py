"""The field permissions' revisions."""

from plugins.field_permissions.models import Base

metadata = Base.metadata
