"""For the tests of plugins: a database to try things on, and the promises types of fields, views and elements keep.

Use it as a pytest plugin (`-p plugin_api.testing`) to get the fixtures `field_connection`, `instance`, `administrator`,
`visitor`, `new_user`, `admin_page`, `deliver`, `mails` and `listen`.
"""

from __future__ import annotations

from plugin_api.testing.behaviour import FieldCase, check_field_behaviour
from plugin_api.testing.bench import Bench, Instance
from plugin_api.testing.database import connection_to, field_connection
from plugin_api.testing.elements import check_element_declaration, check_element_type
from plugin_api.testing.fields import Sample, check_field_type
from plugin_api.testing.running import (
    AdminPage,
    Listening,
    Running,
    SentMail,
    admin_page,
    administrator,
    deliver,
    instance,
    listen,
    mails,
    new_user,
    running_instance,
    visitor,
)
from plugin_api.testing.talking import Client, Talk
from plugin_api.testing.views import check_declaration, check_view_type

__all__ = [
    "AdminPage",
    "Bench",
    "Client",
    "FieldCase",
    "Instance",
    "Listening",
    "Running",
    "Sample",
    "SentMail",
    "Talk",
    "admin_page",
    "administrator",
    "check_declaration",
    "check_element_declaration",
    "check_element_type",
    "check_field_behaviour",
    "check_field_type",
    "check_view_type",
    "connection_to",
    "deliver",
    "field_connection",
    "instance",
    "listen",
    "mails",
    "new_user",
    "running_instance",
    "visitor",
]
