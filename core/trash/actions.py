"""The types of actions on the trash, for the audit log: deleting is what is undone, not bringing back."""

from __future__ import annotations

from plugin_api.actions import ActionType

EMPTIED, RESTORED = "empty_trash", "restore_from_trash"

ACTION_TYPES = [
    ActionType(EMPTIED, "Trash of the %(scope)s %(scope_id)s emptied, %(item_count)s things in it"),
    ActionType(RESTORED, '%(item_type)s "%(item_name)s" restored from the trash'),
]
