"""A world for sweeps: one of everything the API knows, and for each operation a body and parameters it takes."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa

from plugin_api.db import UnitsOfWork, begin
from plugin_api.platform import service
from plugins.notifications.notify import notify
from plugins.notifications.types import Notice
from tests import sites
from tests.tables import SMALL_MODEL, Database, run_job

OPTIONS = [{"value": "x", "color": "red"}, {"value": "y", "color": "blue"}]
TYPES: dict[str, tuple[dict[str, Any], Any]] = {
    "long_text": ({"long_text_enable_rich_text": True}, "text"),
    "number": ({"number_decimal_places": 2, "number_negative": True, "number_default": 1, "number_prefix": "€"}, 1.5),
    "rating": ({"max_value": 5, "color": "dark-orange", "style": "star"}, 3),
    "boolean": ({"boolean_default": True}, True),
    "date": ({"date_format": "EU", "date_include_time": True, "date_force_timezone": "Europe/Rome"}, "2024-02-29"),
    "url": ({}, "https://example.com/"),
    "email": ({}, "a@example.com"),
    "phone_number": ({}, "+31 10 123"),
    "single_select": ({"select_options": OPTIONS}, "x"),
    "multiple_select": ({"select_options": OPTIONS}, ["x", "y"]),
    "uuid": ({}, None),
    "autonumber": ({}, None),
    "created_on": ({"date_format": "ISO", "date_show_tzinfo": True}, None),
    "last_modified": ({}, None),
    "duration": ({"duration_format": "h:mm:ss"}, 90),
    "file": ({}, []),
    "multiple_collaborators": ({"notify_user_when_added": True}, []),
    "created_by": ({}, None),
    "last_modified_by": ({}, None),
    "password": ({"allow_endpoint_authentication": True}, "secret"),
    "formula": ({"formula": "field('number') * 2"}, None),
    "ai": ({**SMALL_MODEL, "ai_temperature": 0.5, "ai_prompt": "concat('x')", "ai_output_type": "text"}, "text"),
}
"""The field types that stand alone, each with options and a value it takes; None where nothing can be written."""

TRASHED_ROW = 4

COMMENT = {
    "type": "doc",
    "content": [
        {"type": "paragraph", "content": [{"type": "text", "text": "Look!", "marks": [{"type": "bold"}]}]},
        {"type": "paragraph", "content": [{"type": "mention", "attrs": {"id": 1, "label": "Ada"}}]},
    ],
}

_WRITES = re.compile(r"\b(INSERT|DELETE|CREATE|ALTER|DROP|TRUNCATE)\b|(?<!KEY )(?<!FOR )\bUPDATE\b", re.IGNORECASE)


class World:
    """Things of one user, by the names of path parameters, and good input for the operations on them."""

    def __init__(self, api: Any) -> None:
        self.api = api
        self.base = Database(api)
        self.base.allow_ai()
        self.other_id = self.base.table("Other", [["Name"], ["p"], ["q"]])
        self.table_id = self.base.table("Table", [["Name"], ["a"], ["b"], ["c"], ["d"]])
        self.fields = {name: self.base.add_field(self.table_id, name, name, **TYPES[name][0]) for name in TYPES}
        link = self.base.add_field(self.table_id, "link_row", "link_row", link_row_table_id=self.other_id)
        self.fields["link_row"] = link
        self.primary_id = self.base.fields(self.table_id)[0]["id"]
        self.target_id = self.base.fields(self.other_id)[0]["id"]
        views = "/api/database/views"
        self.view_id = self.api.get(f"{views}/table/{self.table_id}/")[1][0]["id"]
        of_view, name = f"{views}/{self.view_id}", {"field": self.primary_id}
        self.parts = {
            "view_filter_group_id": self._made(f"{of_view}/filter-groups/", {})["id"],
            "view_filter_id": self._made(f"{of_view}/filters/", {**name, "type": "equal", "value": "a"})["id"],
            "view_sort_id": self._made(f"{of_view}/sortings/", name)["id"],
            "view_group_by_id": self._made(f"{of_view}/group_bys/", name)["id"],
            "view_decoration_id": self._made(f"{of_view}/decorations/", {"type": "left_border_color"})["id"],
        }
        self.api.get(f"{of_view}/field-options/")
        slug = self.api.patch(f"{of_view}/", {"public": True})[1]["slug"]
        exported = self.api.patch(f"/api/database/view/{self.view_id}/premium", {"allow_public_export": True})
        assert exported[0] == 200, exported
        synced = self._made(f"/api/database/data-sync/database/{self.base.id}/", self._synced(table_name="Synced"))
        self.parts["data_sync_id"] = synced["data_sync"]["id"]
        calendar = {"name": "C", "type": "calendar", "date_field": self.fields["date"], "ical_public": True}
        feed = self._made(f"{views}/table/{self.table_id}/", calendar)["ical_feed_url"]
        slugs = {"slug": slug, "ical_slug": feed.rpartition("/")[2].removesuffix(".ics")}
        self.ids: dict[str, Any] = {**self._ids(), "view_id": self.view_id, **slugs, **self.parts}
        self.form_slug = self._form(f"{views}/table/{self.table_id}/")
        self.ids["snapshot_id"] = self.snapshot("Monday")
        self.site = sites.Site(api)
        page = self.site.page()
        element = self._made(f"/api/builder/page/{page}/elements/", {"type": "choice"})
        self.ids.update(builder_id=self.site.id, page_id=page, element_id=element["id"])

    def _form(self, path: str) -> str:
        """A shared form that asks for all it can; its address."""
        form = self._made(path, {"name": "Form", "type": "form", "public": True})
        asked = {str(self.fields[name]): {"enabled": True, "required": False} for name in ("number", "file", "date")}
        changed = self.api.patch(f"/api/database/views/{form['id']}/field-options/", {"field_options": asked})
        assert changed[0] == 200, changed
        return str(form["slug"])

    def snapshot(self, name: str) -> int:
        """Take a snapshot of the database; its id."""
        path = f"/api/snapshots/application/{self.base.id}/"
        run_job(self._made(path, {"name": name})["id"])
        return int(self.api.get(path)[1][0]["id"])

    def path(self, operation: str, template: str) -> str:
        """The path of an operation with ids of things it is about."""
        ids = {**self.ids, "slug": self.form_slug} if operation.endswith("_form_view") else self.ids
        return re.sub(r"{(\w+)}", lambda found: str(ids[found[1]]), template)

    def _ids(self) -> dict[str, Any]:
        workspace = self.base.workspace_id
        invitation = {"email": "guest@example.com", "permissions": "MEMBER", "base_url": "http://127.0.0.1:3000/join"}
        invited = self._made(f"/api/workspaces/invitations/workspace/{workspace}/", invitation)
        assert self.api.delete(f"/api/database/rows/table/{self.table_id}/{TRASHED_ROW}/")[0] == 204
        job = self._made(f"/api/database/tables/{self.other_id}/duplicate/async/", {})
        data = {"invited_to_workspace_name": "Workspace"}
        told = Notice("workspace_invitation_accepted", f"w{workspace}", data, [self.api.user["id"]], None, workspace)
        with begin():
            notify([told])
        self.api.post(f"/api/jobs/{job['id']}/cancel/")
        crew = {"name": "Crew", "subjects": [{"subject_id": self.api.user["id"], "subject_type": "auth.User"}]}
        team = self._made(f"/api/teams/workspace/{workspace}/", crew)
        upload = {"file": (io.BytesIO(b"text"), "a.txt")}
        return {
            "workspace_id": workspace,
            "user_id": self.api.user["id"],
            "announcement_id": 1,
            "upload_id": "0" * 32,
            "application_id": self.base.id,
            "database_id": self.base.id,
            "table_id": self.table_id,
            "field_id": self.fields["number"],
            "row_id": 1,
            "webhook_id": self._made(
                f"/api/database/webhooks/table/{self.table_id}/", {"name": "W", "url": "http://127.0.0.1:9/"}
            )["id"],
            "token_id": self._made("/api/database/tokens/", {"name": "T", "workspace": workspace})["id"],
            "workspace_invitation_id": invited["id"],
            "workspace_user_id": self.api.get(f"/api/workspaces/users/workspace/{workspace}/")[1][0]["id"],
            "job_id": job["id"],
            "comment_id": self._made(f"/api/row_comments/{self.table_id}/1/", {"message": COMMENT})["id"],
            "notification_id": self.api.get(f"/api/notifications/{workspace}/")[1]["results"][0]["id"],
            "name": self.api.call("POST", "/api/user-files/upload-file/", data=upload)[1]["name"],
            "team_id": team["id"],
            "subject_id": team["subject_sample"][0]["team_subject_id"],
            "size": "tiny",
            "token": "x",
            "auth_provider_id": 1,
        }

    def _made(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        status, answer = self.api.post(path, body)
        assert status in (200, 202), answer
        return dict(answer)

    def _synced(self, **more: Any) -> dict[str, Any]:
        source = {"type": "local_baserow_table", "source_table_id": self.other_id, "source_table_view_id": None}
        return {**source, "synced_properties": ["id", f"field_{self.target_id}"], **more} if more else source

    def _export_of_log(self) -> dict[str, Any]:
        filters = {
            "filter_workspace_id": self.base.workspace_id,
            "filter_user_id": 1,
            "filter_action_type": "create_row",
        }
        moments = {"filter_from_timestamp": "2020-01-01", "filter_to_timestamp": "2090-01-01T00:00:00Z"}
        written = {"csv_column_separator": ";", "csv_first_row_header": False, "export_charset": "utf-8"}
        return {**filters, **moments, **written, "exclude_columns": "type,ip_address"}

    def _of_data_syncs(self) -> dict[str, list[Any]]:
        return {
            "get_table_data_sync_type_properties": [self._synced()],
            "create_database_data_sync_table": [self._synced(table_name="N", auto_add_new_properties=True)],
            "update_table_data_sync": [{"synced_properties": ["id"], "auto_add_new_properties": True}],
            "update_periodic_data_sync_interval": [{"interval": "DAILY", "when": "12:30:00"}],
        }

    def row(self) -> dict[str, Any]:
        """Values for all fields that can be written."""
        values = {f"field_{self.fields[name]}": value for name, (_, value) in TYPES.items() if value is not None}
        return {f"field_{self.primary_id}": "a", **values, f"field_{self.fields['link_row']}": [1, 2]}

    def bodies(self) -> dict[str, list[Any]]:
        """Bodies by operation id; each is taken, but for those in NEVER_TAKEN."""
        ids, row = self.ids, self.row()
        return {
            **NEVER_TAKEN,
            **self._of_workspaces(),
            "undo": [{"scopes": {"root": True, "workspace": ids["workspace_id"]}}],
            "redo": [{"scopes": {"root": True, "workspace": ids["workspace_id"]}}],
            "restore": [
                {"trash_item_type": "row", "trash_item_id": TRASHED_ROW, "parent_trash_item_id": self.table_id}
            ],
            "create_database_table": [{"name": "N", "data": [["h", "i"], ["a", 1]], "first_row_header": True}],
            "create_database_table_async": [{"name": "N", "data": [["h"], ["a"]], "first_row_header": True}],
            "order_database_tables": [{"table_ids": [self.other_id, self.table_id]}],
            "update_database_table": [{"name": "Renamed"}],
            "import_data_database_table_async": [{"data": [["a", "b"]], "configuration": self._configuration()}],
            "create_database_table_field": [self._new(name) for name in TYPES] + self._new_links(),
            "update_database_table_field": [{**self._new("number"), "name": "Changed", "db_index": True}],
            "export_workspace_applications_async": [{"application_ids": [self.base.id], "only_structure": True}],
            "duplicate_table_field": [{"duplicate_data": True}],
            "change_primary_field": [{"new_primary_field_id": self.fields["long_text"]}],
            "create_database_table_row": [row],
            "update_database_table_row": [row],
            "batch_create_database_table_rows": [{"items": [row]}],
            "batch_update_database_table_rows": [{"items": [{"id": 1, **row}]}],
            "batch_delete_database_table_rows": [{"items": [3]}],
            **self._of_views(),
            **self._of_data_syncs(),
            "update_field_permissions": [{"role": "BUILDER", "allow_in_forms": True}],
            "async_audit_log_export_2": [self._export_of_log()],
            "create_row_comment": [{"message": COMMENT}],
            "update_row_comment": [{"message": COMMENT}],
            "update_row_comment_notification_mode": [{"mode": "all"}],
            "export_publicly_shared_view": [
                {"exporter_type": "csv", "csv_column_separator": ";", "export_charset": "utf-8", **self._filters()},
            ],
            "export_table": [
                {"exporter_type": "csv", "view_id": self.view_id, "fields": [self.primary_id], **self._filters()},
                {"exporter_type": "excel", "excel_include_header": False, "export_charset": "utf-8"},
            ],
            **self._of_webhooks(),
            **self._of_teams(),
            **self._of_roles(),
            **sites.bodies([self.ids["page_id"]]),
            "create_database_token": [{"name": "T", "workspace": ids["workspace_id"]}],
            "update_database_token": [{"name": "T", "permissions": self._permissions(), "rotate_key": True}],
            "type_formula_field": [{"formula": "1 + 1", "name": "F"}],
            "password_field_authentication": [
                {"field_id": self.fields["password"], "row_id": 1, "password": "secret"},
            ],
        }

    def _filters(self) -> dict[str, Any]:
        condition = {"field": self.primary_id, "type": "equal", "value": "a"}
        tree = {"filter_type": "OR", "filters": [condition], "groups": [{"filter_type": "AND", "filters": [condition]}]}
        return {"filters": tree, "order_by": f"-field_{self.primary_id}"}

    def _of_webhooks(self) -> dict[str, list[Any]]:
        limits = [
            {"event_type": "rows.updated", "fields": [self.primary_id]},
            {"event_type": "view.rows_entered", "views": [self.view_id]},
        ]
        hook = {
            "name": "W",
            "url": "http://127.0.0.1:9/hook",
            "include_all_events": False,
            "events": ["rows.updated", "view.rows_entered"],
            "event_config": limits,
            "request_method": "PUT",
            "headers": {"X-Key": "k"},
            "use_user_field_names": False,
            "signing_secret": "whsec_c2VjcmV0IHNlY3JldCBzZWNyZXQgc2VjcmV0",
        }
        example = {name: hook[name] for name in ("url", "request_method", "headers", "use_user_field_names")}
        return {
            "create_database_table_webhook": [hook],
            "update_database_table_webhook": [{**hook, "active": False}],
            "test_call_database_table_webhook": [{**example, "event_type": "view.rows_entered"}],
        }

    def _of_teams(self) -> dict[str, list[Any]]:
        me = {"subject_id": self.api.user["id"], "subject_type": "auth.User"}
        return {
            "workspace_create_team": [{"name": "Other crew", "default_role": "VIEWER", "subjects": [me]}],
            "update_team": [{"name": "Crew", "default_role": "EDITOR", "subjects": [me]}],
            "create_subject": [{"subject_user_email": self.api.user["username"], "subject_type": "auth.User"}],
        }

    def _of_roles(self) -> dict[str, list[Any]]:
        crew = {"subject_id": self.ids["team_id"], "subject_type": "baserow_enterprise.Team", "role": "EDITOR"}
        at_table = {**crew, "scope_id": self.table_id, "scope_type": "database_table"}
        at_database = {**crew, "scope_id": self.base.id, "scope_type": "application", "role": None}
        return {"assign_role": [at_table, at_database], "batch_assign_role": [{"items": [at_table, at_database]}]}

    def _of_views(self) -> dict[str, list[Any]]:
        number, name = self.fields["number"], self.primary_id
        options = {"width": 100, "hidden": True, "order": 1, "aggregation_type": "", "aggregation_raw_type": ""}
        return {
            "create_database_table_view": [
                {"name": "V", "type": "grid", "filter_type": "OR", "row_height_size": "large", "public": True},
                {"name": "V", "type": "gallery", "card_cover_image_field": self.fields["file"]},
                {"name": "V", "type": "kanban", "single_select_field": self.fields["single_select"]},
                {"name": "V", "type": "calendar", "date_field": self.fields["date"], "ical_public": True},
                {"name": "V", "type": "timeline", "start_date_field": self.fields["date"], "timescale": "week"},
            ],
            "update_database_table_view": [{"name": "V", "row_identifier_type": "count", "ownership_type": "personal"}],
            "order_database_table_views": [{"view_ids": [self.view_id]}],
            "premium_view_attributes_update": [{"show_logo": False, "allow_public_export": True}],
            "create_database_table_view_decoration": self._decorations(),
            "update_database_table_view_decoration": [{"order": 3, **found} for found in self._decorations()],
            "public_view_token_auth": [{"password": "anything"}],
            "filter_database_table_grid_view_rows": [{"row_ids": [1, 2], "field_ids": [number]}],
            "submit_database_table_form_view": [{f"field_{number}": 1.5, f"field_{self.fields['date']}": "2024-02-29"}],
            "update_database_table_view_field_options": [{"field_options": {str(number): options}}],
            "create_database_table_view_filter": [
                {"field": name, "type": "contains", "value": "a", "group": self.parts["view_filter_group_id"]}
            ],
            "update_database_table_view_filter": [{"field": number, "type": "equal", "value": "1"}],
            "create_database_table_view_filter_group": [
                {"filter_type": "OR", "parent_group": self.parts["view_filter_group_id"]}
            ],
            "update_database_table_view_filter_group": [{"filter_type": "OR"}],
            "create_database_table_view_sort": [{"field": number, "order": "DESC", "type": "default"}],
            "update_database_table_view_sort": [{"field": name, "order": "DESC", "type": "default"}],
            "create_database_table_view_group": [{"field": number, "order": "DESC", "type": "default", "width": 9}],
            "update_database_table_view_group": [{"field": name, "order": "DESC", "type": "default", "width": 9}],
        }

    def _decorations(self) -> list[dict[str, Any]]:
        """Decorations by a select and by a condition."""
        select = {"field_id": self.fields["single_select"]}
        condition = {"id": "b", "field": self.primary_id, "type": "contains", "value": "a", "group": "g"}
        color = {"id": "a", "color": "red", "operator": "OR", "filters": [condition], "filter_groups": [{"id": "g"}]}
        made = [("single_select_color", select), ("conditional_color", {"colors": [color]})]
        kinds = ("left_border_color", "background_color")
        return [
            {"type": kind, "value_provider_type": name, "value_provider_conf": conf}
            for kind, (name, conf) in zip(kinds, made, strict=True)
        ]

    @staticmethod
    def _redirect() -> dict[str, Any]:
        address = "https://example.com/{row_id}"
        return {"submit_action": "REDIRECT", "submit_action_redirect_url": address, "cover_image": None}

    def _of_workspaces(self) -> dict[str, list[Any]]:
        ids = self.ids
        return {
            "update_account": [{"first_name": "Ada", "language": "en", "completed_onboarding": True}],
            "send_password_reset_email": [{"email": "nobody@example.com", "base_url": "http://127.0.0.1:3000/reset"}],
            "send_verify_email": [{"email": "nobody@example.com"}],
            "create_workspace": [{"name": "W"}],
            "order_workspaces": [{"workspaces": [ids["workspace_id"]]}],
            "update_workspace": [{"name": "W"}],
            "update_workspace_generative_ai_models_settings": [
                {
                    "openai": {"api_key": "k", "models": ["m"]},
                    "ollama": {"host": "http://127.0.0.1:9", "models": ["small"]},
                }
            ],
            "create_workspace_invitation": [
                {"email": "other@example.com", "permissions": "MEMBER", "base_url": "http://127.0.0.1:3000/join"}
            ],
            "update_workspace_invitation": [{"permissions": "ADMIN"}],
            "workspace_create_application": [{"name": "A", "type": "database", "init_with_data": True}],
            "workspace_order_applications": [{"application_ids": [ids["application_id"]]}],
            "workspace_update_application": [{"name": "A"}],
            "mark_notification_as_read": [{"read": True}],
            "create_snapshot": [{"name": "Tuesday"}],
            "create_job": [
                {"type": "duplicate_application", "application_id": ids["application_id"]},
                {"type": "duplicate_table", "table_id": self.other_id},
            ],
        }

    def _configuration(self) -> dict[str, Any]:
        return {"upsert_fields": [self.primary_id], "upsert_values": [["a"]], "skipped_fields": [self.fields["number"]]}

    def _permissions(self) -> dict[str, Any]:
        places = [["database", self.base.id], ["table", self.table_id]]
        return {"create": True, "read": places, "update": False, "delete": places}

    def _new(self, name: str) -> dict[str, Any]:
        common = {"name": f"New {name}", "description": "d", "db_index": False, "field_constraints": []}
        return {**common, "type": name, **TYPES[name][0]}

    def _new_links(self) -> list[dict[str, Any]]:
        through = {"through_field_id": self.fields["link_row"], "target_field_id": self.target_id}
        return [
            {"name": "New link", "type": "link_row", "link_row_table_id": self.other_id, "has_related_field": True},
            {"name": "New lookup", "type": "lookup", **through},
            {"name": "New count", "type": "count", "through_field_id": self.fields["link_row"]},
            {"name": "New rollup", "type": "rollup", "rollup_function": "count", **through},
        ]


NEVER_TAKEN: dict[str, list[Any]] = {  # good in form, refused for what they ask
    "create_csv_upload": [{"name": "a.csv", "size": 2**62}],
    "start_csv_import": [{"table_id": 1, "first_row_header": True, "separator": "comma", "columns": [1, None]}],
    "create_user": [{"name": "Ada", "email": "a@example.com", "password": "short", "language": "en"}],
    "update_workspace_user": [{"permissions": "MEMBER"}],
    "change_password": [{"old_password": "wrong", "new_password": "Sup3rSecret!pw"}],
    "token_auth": [{"email": "a@example.com", "password": "wrong"}],
    "token_refresh": [{"refresh_token": "x"}],
    "token_verify": [{"refresh_token": "x"}],
    "token_blacklist": [{"refresh_token": "x"}],
    "reset_password": [{"token": "x", "password": "Sup3rSecret!pw"}],
    "verify_email": [{"token": "x"}],
    "update_settings": [{"allow_new_signups": True, "email_verification": "no_verification"}],
    "email_tester": [{"target_email": "a@example.com"}],
    "admin_update_plugin": [{"enabled": True}],
    "admin_create_user": [{"username": "new@example.com", "name": "New", "password": "Sup3rSecret!pw"}],
    "create_auth_provider": [{"type": "google", "name": "N", "client_id": "c", "secret": "s"}],
    "update_auth_provider": [{"name": "N", "enabled": True}],
    "auth_provider_saml_acs_url": [{"SAMLResponse": "PGEvPg==", "RelayState": "http://127.0.0.1:3000/dashboard"}],
    "admin_edit_user": [{"username": "a@example.com", "name": "A", "is_active": True, "is_staff": True}],
    "admin_create_announcement": [{"title": "T", "text": "x", "url": "http://a.example/", "mail": True}],
    "admin_impersonate_user": [{"user": 1}],
    "async_audit_log_export": [{"filter_workspace_id": 2**40}],
    "admin_register_license": [{"license": "e30=.e30="}],
    "import_workspace_applications_async": [{"resource_id": 2**40, "application_ids": [1]}],
    "upload_via_url": [{"url": "http://127.0.0.1:1/x"}],
    "generate_table_ai_field_value": [{"row_ids": [1, 2]}],
    "generate_formula_with_ai": [
        {"ai_type": "ollama", "ai_model": "small", "ai_prompt": "add one", "ai_temperature": 0.5},
    ],
}


class Written:
    """How many transactions wrote something and were committed."""

    def __init__(self) -> None:
        self.count = 0

    def statement(self, connection: sa.Connection, cursor: Any, statement: str, *rest: Any) -> None:
        """Note a statement that writes."""
        if _WRITES.search(statement):
            connection.info["wrote"] = True

    def commit(self, connection: sa.Connection) -> None:
        """Count what is committed."""
        self.count += connection.info.pop("wrote", False)

    def rollback(self, connection: sa.Connection) -> None:
        """Forget what is undone."""
        connection.info.pop("wrote", None)


@contextmanager
def watching_writes() -> Iterator[Written]:
    """Counts the transactions of the block that wrote."""
    engine, written = service(UnitsOfWork).engine, Written()  # type: ignore[attr-defined]
    listeners = {"before_cursor_execute": written.statement, "commit": written.commit, "rollback": written.rollback}
    for name, listener in listeners.items():
        sa.event.listen(engine, name, listener)
    try:
        yield written
    finally:
        for name, listener in listeners.items():
            sa.event.remove(engine, name, listener)
