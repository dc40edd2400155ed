"""The plugin's operations with the lowest role that may do each."""

from __future__ import annotations

from plugin_api.permissions import Operation

CREATE = "database.table.create_view"
PERSONAL = "database.table.create_and_use_personal_view"
LIST = "database.table.list_views"
ORDER = "database.table.order_views"
READ = "database.table.view.read"
UPDATE = "database.table.view.update"
DELETE = "database.table.view.delete"
RESTORE = "database.table.view.restore"
DUPLICATE = "database.table.view.duplicate"
CREATE_PUBLIC = "database.table.create_public_view"
PUBLISH = "database.table.view.update_public"
ROTATE = "database.table.view.update_slug"
READ_FIELD_OPTIONS = "database.table.view.read_field_options"
UPDATE_FIELD_OPTIONS = "database.table.view.update_field_options"
LIST_AGGREGATIONS = "database.table.view.list_aggregations"
READ_AGGREGATION = "database.table.view.read_aggregation"
LIST_ROWS = "database.table.list_rows"

_VIEWER = [
    PERSONAL,
    LIST,
    READ,
    READ_FIELD_OPTIONS,
    "database.table.read_view_order",
    "database.table.view.list_filter",
    "database.table.view.filter.read",
    "database.table.view.filter_group.read",
    "database.table.view.list_sort",
    "database.table.view.sort.read",
    "database.table.view.list_group_bys",
    "database.table.view.group_by.read",
    "database.table.view.list_decoration",
    "database.table.view.decoration.read",
    LIST_AGGREGATIONS,
    READ_AGGREGATION,
]
_EDITOR = ["database.table.view.can_receive_notification_on_submit_form_view"]
_BUILDER = [
    CREATE,
    ORDER,
    UPDATE,
    DELETE,
    RESTORE,
    DUPLICATE,
    CREATE_PUBLIC,
    PUBLISH,
    ROTATE,
    UPDATE_FIELD_OPTIONS,
    *(f"database.table.view.create_{part}" for part in ("filter", "filter_group", "sort", "group_by", "decoration")),
    *(f"database.table.view.{part}.update" for part in ("filter", "filter_group", "sort", "group_by", "decoration")),
    *(f"database.table.view.{part}.delete" for part in ("filter", "filter_group", "sort", "group_by", "decoration")),
]

OPERATIONS = [
    *(Operation(name, "VIEWER") for name in _VIEWER),
    *(Operation(name, "EDITOR") for name in _EDITOR),
    *(Operation(name, "BUILDER") for name in _BUILDER),
]
