"""Words for what the product has names for."""

from __future__ import annotations

from collections.abc import Mapping

_KINDS = {
    "blueprints": "groups of operations",
    "view_types": "view types",
    "trash_item_types": "kinds of things in the trash",
    "user_data": "parts of the sign-in answer",
    "action_types": "recorded changes",
    "operations": "permissions",
    "data_sync_types": "sources of data syncs",
}

_USED = {"field_types": "fields", "view_types": "views", "filter_types": "filters", "application_types": "applications"}

SETTINGS = (
    ("allow_new_signups", "Anybody may sign up", "Otherwise only people who are invited, if that is allowed."),
    ("allow_signups_via_workspace_invitations", "Invited people may sign up", "Even when nobody else may."),
    ("allow_reset_password", "People may ask for a new password", "A link is mailed to them."),
    ("allow_global_workspace_creation", "Everybody may make workspaces", "Otherwise only administrators."),
    ("track_workspace_usage", "Count the storage workspaces use", ""),
    ("verify_import_signature", "Check the signature of imported workspaces", "Changed archives are refused."),
)
"""Settings that are on or off: name, what it means, and more about it."""

VERIFICATION = (
    ("no_verification", "Addresses are not verified"),
    ("recommended", "A link to verify it is mailed"),
    ("enforced", "Nobody signs in without a verified address"),
)


def kind(name: str) -> str:
    """A registry in words."""
    return _KINDS.get(name, name.replace("_", " "))


def uses(found: Mapping[str, Mapping[str, int]]) -> str:
    """What of a plugin is in use, such as "12 fields"; empty when nothing is."""
    parts = []
    for name, numbers in found.items():
        total = sum(numbers.values())
        if total and name in _USED:
            parts.append(_counted(total, _USED[name]))
        elif total:
            parts += [_counted(number, key.replace("_", " ")) for key, number in numbers.items() if number]
    return ", ".join(parts[:3])


def _counted(number: int, many: str) -> str:
    return f"{number:,} {many[:-1] if number == 1 and many.endswith('s') else many}".replace(",", "\u202f")
