"""Forms for tests: made, set up and filled in over HTTP."""

from __future__ import annotations

import io
from typing import Any

from PIL import Image

from plugin_api.db import begin, connection
from tests.conftest import Api
from tests.sessions import Session

VIEWS = "/api/database/views"


def picture() -> io.BytesIO:
    """A small PNG."""
    file = io.BytesIO()
    Image.new("RGB", (2, 1)).save(file, "PNG")
    file.seek(0)
    return file


class Form(Session):
    """A shared form over a table of people; `visitor` is nobody who is signed in."""

    def __init__(self, api: Any) -> None:
        super().__init__(api)
        self.sheet = self.table("People", [["Name", "City"]])
        self.ids = {field["name"]: field["id"] for field in self.fields(self.sheet)}
        body = {"name": "Survey", "type": "form", "public": True}
        self.view = self.ok(*api.post(f"{VIEWS}/table/{self.sheet}/", body))
        self.view_id = self.view["id"]
        self.view_path = f"{VIEWS}/{self.view_id}/"
        self.address = f"{VIEWS}/form/{self.view['slug']}/"
        self.visitor = Api(api.client)
        self.set(Name={"enabled": True, "required": False}, City={"enabled": True, "required": False})

    def add(self, name: str, type_name: str, **settings: Any) -> int:
        """Add a field and ask for it."""
        options = settings.pop("options", {})
        self.ids[name] = self.add_field(self.sheet, name, type_name, **settings)
        self.set(**{name: {"enabled": True, "required": False, **options}})
        return self.ids[name]

    def set(self, **options: dict[str, Any]) -> dict[str, Any]:
        """Change settings of fields; answers those of all fields by name."""
        return self.ok(*self.try_set(**options))["field_options"]  # type: ignore[no-any-return]

    def try_set(self, **options: dict[str, Any]) -> tuple[int, Any]:
        """The same, answering whatever comes."""
        body = {"field_options": {str(self.ids[name]): value for name, value in options.items()}}
        return self.api.patch(f"{self.view_path}field-options/", body)  # type: ignore[no-any-return]

    def options(self, name: str) -> dict[str, Any]:
        """The settings of a field."""
        return dict(self.ok(*self.api.get(f"{self.view_path}field-options/"))["field_options"][str(self.ids[name])])

    def shown(self) -> dict[str, Any]:
        """What visitors are told."""
        return dict(self.ok(*self.visitor.get(f"{self.address}submit/")))

    def submit(self, **values: Any) -> tuple[int, Any]:
        """Fill in values by names of fields."""
        body = {f"field_{self.ids[name]}": value for name, value in values.items()}
        return self.visitor.post(f"{self.address}submit/", body)

    def problems(self, **values: Any) -> dict[str, list[str]]:
        """The codes of what is wrong with values, by names of fields."""
        status, answer = self.submit(**values)
        assert (status, answer["error"]) == (400, "ERROR_REQUEST_BODY_VALIDATION"), answer
        names = {f"field_{field_id}": name for name, field_id in self.ids.items()}
        return {names[key]: [one["code"] for one in found] for key, found in answer["detail"].items()}

    def condition(self, name: str, type_name: str, value: str, **more: Any) -> dict[str, Any]:
        """A condition on a field."""
        return {"id": 0, "field": self.ids[name], "type": type_name, "value": value, **more}

    def upload(self, content: bytes = b"hello", name: str = "note.txt", who: Any = None) -> tuple[int, Any]:
        """Upload a file for the form."""
        data = {"file": (io.BytesIO(content), name)}
        return (who or self.visitor).call("POST", f"{self.address}upload-file/", data=data)  # type: ignore[no-any-return]

    def upload_as_member(self, content: bytes, name: str) -> tuple[int, Any]:
        """Upload a file as users do."""
        data = {"file": (io.BytesIO(content), name)}
        return self.api.call("POST", "/api/user-files/upload-file/", data=data)  # type: ignore[no-any-return]

    def events(self, wanted: str = "") -> list[dict[str, Any]]:
        """The events of the workspace that nobody was told of yet, oldest first: payloads with their type."""
        with begin():
            sql = "SELECT type, payload FROM core.outbox WHERE workspace_id = %(workspace)s ORDER BY id"
            rows = connection().exec_driver_sql(sql, {"workspace": self.workspace_id}).all()
        return [{"type": kind, **payload} for kind, payload in rows if wanted in ("", kind)]
