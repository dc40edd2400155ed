"""What needs permission in builders, with the lowest role that may do it."""

from __future__ import annotations

from plugin_api.permissions import Operation

CREATE_PAGE = "builder.create_page"
LIST_PAGES = "builder.list_pages"
ORDER_PAGES = "builder.order_pages"
READ_PAGE = "builder.page.read"
UPDATE_PAGE = "builder.page.update"
DELETE_PAGE = "builder.page.delete"
DUPLICATE_PAGE = "builder.page.duplicate"
UPDATE_THEME = "builder.theme.update"

OPERATIONS = [
    Operation(name, "BUILDER")
    for name in (
        CREATE_PAGE,
        LIST_PAGES,
        ORDER_PAGES,
        READ_PAGE,
        UPDATE_PAGE,
        DELETE_PAGE,
        DUPLICATE_PAGE,
        UPDATE_THEME,
    )
]
"""Those who only use what was built see it where it is published."""
