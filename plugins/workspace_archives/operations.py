"""What needs permission, and what is recorded.

Whoever may copy an application with all its data may export it, and whoever may make applications may import them.
"""

from __future__ import annotations

from plugin_api.actions import ActionType

EXPORT = "application.duplicate"
IMPORT = "workspace.create_application"

EXPORTED, IMPORTED = "export_applications", "import_applications"

ACTION_TYPES = [
    ActionType(EXPORTED, "%(application_count)s applications exported to an archive"),
    ActionType(IMPORTED, '%(application_count)s applications imported from the archive "%(archive_name)s"'),
]
"""None is undone: imported applications are deleted like any others."""
