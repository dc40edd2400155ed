"""The plugin's action types with the texts of their audit entries."""

from __future__ import annotations

from plugin_api.actions import ActionType

ACTION_TYPES = [
    ActionType("create_table", 'Table "%(table_name)s" created'),
    ActionType("update_table", 'Table renamed from "%(original_table_name)s" to "%(table_name)s"'),
    ActionType("delete_table", 'Table "%(table_name)s" deleted'),
    ActionType("order_tables", "Tables ordered"),
    ActionType("duplicate_table", 'Table "%(original_table_name)s" duplicated as "%(table_name)s"'),
    ActionType("create_field", 'Field "%(field_name)s" created'),
    ActionType("update_field", 'Field "%(field_name)s" changed'),
    ActionType("delete_field", 'Field "%(field_name)s" deleted'),
    ActionType("duplicate_field", 'Field "%(original_field_name)s" duplicated as "%(field_name)s"'),
    ActionType("change_primary_field", 'Primary field is now "%(field_name)s"'),
    ActionType("create_row", "Row %(row_id)s created"),
    ActionType("create_rows", "Rows %(row_ids)s created"),
    ActionType("import_rows", "%(row_count)s rows imported"),
    ActionType("update_row", "Row %(row_id)s changed"),
    ActionType("update_rows", "Rows %(row_ids)s changed"),
    ActionType("delete_row", "Row %(row_id)s deleted"),
    ActionType("delete_rows", "Rows %(row_ids)s deleted"),
    ActionType("move_row", "Row %(row_id)s moved"),
]
