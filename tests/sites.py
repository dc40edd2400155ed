"""Builders and dashboards for tests: made over HTTP, and good input for the operations on them."""

from __future__ import annotations

from typing import Any

from tests.tables import new_workspace, run_job

APPLICATIONS = "/api/applications/"


def ok(answer: tuple[int, Any]) -> Any:
    """The body of an answer that must be good."""
    assert answer[0] in (200, 202, 204), answer
    return answer[1]


class Application:
    """An application in a workspace of its own whose admin is `api`, unless a workspace is given."""

    def __init__(
        self, api: Any, type_name: str, workspace_id: int | None = None, name: str = "Site", **more: Any
    ) -> None:
        self.api = api
        self.workspace_id = workspace_id or new_workspace(api.user["id"])
        body = {"name": name, "type": type_name, **more}
        self.id = int(ok(api.post(f"{APPLICATIONS}workspace/{self.workspace_id}/", body))["id"])
        self.path = f"{APPLICATIONS}{self.id}/"

    def shown(self, api: Any = None) -> dict[str, Any]:
        """The application as the API shows it."""
        return dict(ok((api or self.api).get(self.path)))

    def set(self, **values: Any) -> dict[str, Any]:
        """Change it."""
        return dict(ok(self.api.patch(self.path, values)))

    def all(self) -> list[dict[str, Any]]:
        """All applications of its workspace."""
        return list(ok(self.api.get(f"{APPLICATIONS}workspace/{self.workspace_id}/")))

    def run(self, answer: tuple[int, Any]) -> dict[str, Any]:
        """Run the job a request started; answers how it ended."""
        job = ok(answer)["id"]
        run_job(job)
        return dict(ok(self.api.get(f"/api/jobs/{job}/")))

    def duplicate(self) -> dict[str, Any]:
        """A copy of it, as the API shows it."""
        return dict(self.run(self.api.post(f"{self.path}duplicate/async/"))["duplicated_application"])

    def do(self, command: str, **scopes: Any) -> str:
        """Undo or redo in the session `HEADERS` names; answers the result."""
        answer = self.api.patch(f"/api/user/{command}/", {"scopes": scopes}, headers=HEADERS)
        return str(ok(answer)["result_code"])


HEADERS = {"ClientSessionId": "one"}


class Site(Application):
    """A builder."""

    def __init__(self, api: Any, workspace_id: int | None = None, name: str = "Site", **more: Any) -> None:
        super().__init__(api, "builder", workspace_id, name, **more)
        self.pages_path = f"/api/builder/{self.id}/pages/"

    def page(self, name: str = "Shop", path: str = "/shop", **more: Any) -> int:
        """Make a page; answers its id."""
        return int(ok(self.api.post(self.pages_path, {"name": name, "path": path, **more}, headers=HEADERS))["id"])

    def pages(self) -> dict[str, dict[str, Any]]:
        """The pages as the API shows them, by name and in their order."""
        return {page["name"]: page for page in self.shown()["pages"]}


def bodies(page_ids: list[int]) -> dict[str, list[Any]]:
    """Good bodies of the operations on builders, by operation id."""
    text, number = {"name": "id", "type": "text"}, {"name": "nr", "type": "numeric"}
    page = {"name": "P", "path": "/p/:id", "path_params": [text], "query_params": [number]}
    who = {"visibility": "logged-in", "role_type": "allow_all_except", "roles": ["a"]}
    colors = [{"name": "Sky", "color": "#00ccffff", "value": "abcde"}]
    theme = {"primary_color": "#112233ff", "custom_colors": colors, "heading_1_font_size": 40, "button_width": "full"}
    decoration = {"link_hover_text_decoration": [True, False, False, False], "image_max_height": 9}
    looks = {"css_classes": "a", **who, "style_padding_top": 1, "style_background": "color", "style_width": "full"}
    choice = {"label": "'a'", "required": True, "options": [{"name": "A", "value": "a"}], "option_type": "manual"}
    link = {"type": "link", "value": "'a'", "navigation_type": "page", "navigate_to_page_id": page_ids[0]}
    item = {"uid": "a", "type": "link", "name": "A", "navigation_type": "custom", "navigate_to_url": "'b'"}
    return {
        "create_builder_page_element": [
            {**link, **looks, "styles": {"link": {"link_font_size": 9}}},
            {"type": "menu", "menu_items": [{**item, "children": [item]}]},
            {"type": "input_file", "allowed_filetypes": ["pdf"], "place_in_container": None},
        ],
        "update_builder_page_element": [{**choice, **looks}],
        "move_builder_page_element": [{"before_id": None, "parent_element_id": None, "place_in_container": None}],
        "create_builder_page": [page],
        "update_builder_page": [{**page, **who, "name": "Q", "path": "/q/:id"}],
        "order_builder_pages": [{"page_ids": page_ids}],
        "update_builder_theme": [{**theme, **decoration, "page_background_file": None}],
    }
