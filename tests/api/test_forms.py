"""Forms over HTTP: settings, what visitors are told, what becomes of what they fill in."""

from __future__ import annotations

import io
from typing import Any

import pytest

from tests.conftest import Api
from tests.sessions import DONE, Session
from tests.tables import recorded, run_job

VIEWS = "/api/database/views"


class Form(Session):
    """A shared form over a table of people; `visitor` is nobody who is signed in."""

    def __init__(self, api: Any) -> None:
        super().__init__(api)
        self.sheet = self.table("People", [["Name", "City"]])
        self.ids = {field["name"]: field["id"] for field in self.fields(self.sheet)}
        body = {"name": "Survey", "type": "form", "public": True}
        self.view = self.ok(*api.post(f"{VIEWS}/table/{self.sheet}/", body))
        self.id = self.view["id"]
        self.path = f"{VIEWS}/{self.id}/"
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
        return self.api.patch(f"{self.path}field-options/", body)  # type: ignore[no-any-return]

    def options(self, name: str) -> dict[str, Any]:
        """The settings of a field."""
        return dict(self.ok(*self.api.get(f"{self.path}field-options/"))["field_options"][str(self.ids[name])])

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


@pytest.fixture
def form(api: Any) -> Form:
    """A form that asks for a name and a city."""
    return Form(api)


def test_a_visitor_fills_in_a_row(form: Form) -> None:
    status, answer = form.submit(Name="Ann", City="Rome")
    assert (status, answer["row_id"], answer["submit_action"]) == (200, 1, "MESSAGE")
    assert form.values(form.sheet) == [["Ann", "Rome"]]


def test_the_contract_of_settings(form: Form) -> None:
    assert form.api.patch(form.path, {"mode": "quiz"})[1]["detail"]["mode"][0]["code"] == "invalid_choice"
    for bad in ("not a url", "javascript:alert(1)"):
        detail = form.api.patch(form.path, {"submit_action_redirect_url": bad})[1]["detail"]
        assert detail["submit_action_redirect_url"][0]["code"] == "invalid"
    changed = form.ok(*form.api.patch(form.path, {"title": "T", "submit_action_redirect_url": ""}))
    assert (changed["title"], changed["submit_text"]) == ("T", "Submit")
