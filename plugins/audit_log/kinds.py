"""Kinds of actions the log knows: those clients of the API know by name, and all that plugins of this instance have."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from plugin_api import actions
from plugin_api.actions import ActionType

_OF_THE_API = """
    accept_group_invitation batch_assign_role cancel_user_deletion change_primary_field change_user_password
    create_application create_data_sync_table create_db_token create_decoration create_field create_field_rule
    create_group create_group_invitation create_initial_workspace create_mcp_endpoint create_row create_row_comment
    create_rows create_snapshot create_table create_team create_team_subject create_user create_view
    create_view_filter create_view_filter_group create_view_group create_view_sort create_webhook create_widget
    delete_application delete_db_token_key delete_decoration delete_field delete_field_rule delete_group
    delete_group_invitation delete_mcp_endpoint delete_row delete_row_comment delete_rows delete_snapshot
    delete_table delete_team delete_team_subject delete_view delete_view_filter delete_view_filter_group
    delete_view_group delete_view_sort delete_webhook delete_widget duplicate_application duplicate_field
    duplicate_table duplicate_view empty_trash export_applications export_table generate_formula_with_ai
    import_applications import_database_from_airtable import_rows install_template leave_group move_row
    order_applications order_groups order_tables order_views reject_group_invitation reset_user_password
    restore_from_trash restore_snapshot rotate_calendar_ical_view_slug rotate_db_token_key rotate_view_slug
    schedule_user_deletion send_reset_user_password send_verify_email sign_in_user submit_form sync_data_sync_table
    update_application update_dashboard_data_source update_data_sync_table update_db_token_name
    update_db_token_permissions update_decoration update_field update_field_permissions update_field_rule
    update_group update_group_invitation_permissions update_mcp_endpoint update_periodic_data_sync_interval
    update_row update_row_comment update_rows update_table update_team update_user update_view
    update_view_field_options update_view_filter update_view_filter_group update_view_group update_view_sort
    update_webhook update_widget verify_email
"""

_NOT_IN_WORKSPACES = ("delete_group", "order_groups")
"""Who deletes a workspace sees its log no more, and an order is of a user's workspaces, not of one."""

_TITLES = {
    "create_mcp_endpoint": "Create MCP endpoint",
    "delete_mcp_endpoint": "Delete MCP endpoint",
    "import_database_from_airtable": "Import database from Airtable",
    "update_mcp_endpoint": "Update MCP endpoint",
}
"""Words for kinds of the API that no plugin may be there for, where their names do not say it."""

_COMMANDS = {"UNDO": " (undone)", "REDO": " (redone)"}


def known() -> frozenset[str]:
    """What entries can be filtered by: the kinds of the API, and those of all plugins."""
    return frozenset(_OF_THE_API.split()) | frozenset(actions.types())


def words(action_type: str, command: str = "DO") -> str:
    """What people call it, also when its plugin is gone."""
    kind = actions.types().get(action_type) or _absent(action_type)
    return kind.words + _COMMANDS.get(command, "")


@cache
def _absent(action_type: str) -> ActionType:
    return ActionType(action_type, "", title=_TITLES.get(action_type, ""))


def of_the_api(search: str, in_workspace: bool) -> list[tuple[str, str]]:
    """The kinds of the API whose words have a text in them, with their words, ordered by those.

    Clients check the names they get against those the API has, so that kinds of plugins are not among them.
    """
    left_out = _NOT_IN_WORKSPACES if in_workspace else ()
    return _listed((name for name in _OF_THE_API.split() if name not in left_out), search)


def everything() -> list[tuple[str, str]]:
    """All kinds with their words, ordered by those."""
    return _listed(known(), "")


def _listed(names: Iterable[str], search: str) -> list[tuple[str, str]]:
    found = ((name, words(name)) for name in names)
    return sorted((pair for pair in found if search.lower() in pair[1].lower()), key=lambda pair: (pair[1], pair[0]))
