"""The plugin's operations and the lowest role that may do each."""

from __future__ import annotations

from plugin_api.permissions import Operation

OPERATIONS = [
    Operation("database.create_table", "BUILDER"),
    Operation("database.list_tables", "VIEWER"),
    Operation("database.order_tables", "BUILDER"),
    Operation("database.table.read", "VIEWER"),
    Operation("database.table.update", "BUILDER"),
    Operation("database.table.delete", "BUILDER"),
    Operation("database.table.duplicate", "BUILDER"),
    Operation("database.table.restore", "BUILDER"),
    Operation("database.table.import_rows", "EDITOR"),
    Operation("database.table.list_fields", "VIEWER"),
    Operation("database.table.create_field", "BUILDER"),
    Operation("database.table.field.read", "VIEWER"),
    Operation("database.table.field.update", "BUILDER"),
    Operation("database.table.field.delete", "BUILDER"),
    Operation("database.table.field.duplicate", "BUILDER"),
    Operation("database.table.field.restore", "BUILDER"),
    Operation("database.table.list_rows", "VIEWER"),
    Operation("database.table.listen_to_all", "VIEWER"),
    Operation("database.table.list_row_names", "VIEWER"),
    Operation("database.table.read_row", "VIEWER"),
    Operation("database.table.read_adjacent_row", "VIEWER"),
    Operation("database.table.create_row", "EDITOR"),
    Operation("database.table.update_row", "EDITOR"),
    Operation("database.table.delete_row", "EDITOR"),
    Operation("database.table.restore_row", "EDITOR"),
    Operation("database.table.move_row", "EDITOR"),
    Operation("database.table.read_row_history", "COMMENTER"),
    Operation("database.table.read_role", "ADMIN"),
    Operation("database.table.update_role", "ADMIN"),
]
