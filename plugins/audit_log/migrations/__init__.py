"""The audit log's revisions."""

from plugins.audit_log.models import Base

metadata = Base.metadata
