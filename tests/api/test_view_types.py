"""Every view type keeps the promises of plugin_api.testing, also one of a third party; broken ones are found out."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import pytest

from plugin_api.fields import Field
from plugin_api.platform import registry
from plugin_api.schemas import Bool, Int, Schema
from plugin_api.testing import check_declaration, check_view_type
from plugin_api.views import CardFieldOptions, ViewType, first_visible
from tests.tables import Database

CHOICE, INVALID = "invalid_choice", "invalid"
SETTINGS: dict[str, Sequence[Mapping[str, Any]]] = {
    "grid": [{"row_height_size": "large"}, {"row_identifier_type": "count"}],
    "timeline": [{"timescale": "day"}],
    "calendar": [{"ical_public": True}, {"ical_public": False}],
    "lab": [{"rows_a_line": 3}],
}
REFUSED: dict[str, Sequence[tuple[Mapping[str, Any], str]]] = {
    "grid": [({"row_height_size": "huge"}, CHOICE), ({"row_identifier_type": 1}, CHOICE)],
    "gallery": [({"card_cover_image_field": "x"}, INVALID)],
    "kanban": [({"single_select_field": [1]}, INVALID), ({"single_select_field": 2**40}, "does_not_exist")],
    "calendar": [({"ical_public": "maybe"}, INVALID), ({"date_field": 2**40}, "does_not_exist")],
    "timeline": [({"timescale": "century"}, CHOICE), ({"end_date_field": -1}, "does_not_exist")],
    "lab": [({"rows_a_line": 0}, "min_value")],
}


def test_the_types_are_there(app: Any) -> None:
    assert set(SETTINGS) | set(REFUSED) <= set(registry("view_types"))


@pytest.mark.parametrize("name", ["grid", "gallery", "kanban", "calendar", "timeline", "form", "lab"])
def test_a_type_keeps_its_promises(api: Any, anonymous: Any, name: str) -> None:
    kind = registry("view_types").get(name)
    if kind is None:
        pytest.skip(f"there is no view type {name}")
    members, visitors = _client(api), _client(anonymous)
    check_view_type(kind, members, visitors, Database(api).id, SETTINGS.get(name, ()), REFUSED.get(name, ()))


def _client(api: Any) -> Any:
    def send(method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None) -> tuple[int, Any]:
        status, answer = api.call(method, path, body, headers=dict(headers or {}))
        return status, answer

    return send


class _Options(Schema):
    shown_field = Int(load_default=None, allow_none=True)
    open = Bool(load_default=False)


class _Good(ViewType):
    type = "good"
    options_schema = _Options
    field_options_schema = CardFieldOptions
    field_settings = ("shown_field",)
    sharing_settings = ("open",)

    def unshared(self, options: Mapping[str, Any]) -> dict[str, Any]:
        return {**options, "open": False}

    def new_field_options(
        self, fields: Sequence[Field], others: Collection[Mapping[str, Any]], public: bool
    ) -> dict[int, dict[str, Any]]:
        return first_visible(fields, 2, bool(others))


class _StillShared(_Good):
    def unshared(self, options: Mapping[str, Any]) -> dict[str, Any]:
        return dict(options)


class _Unmapped(_Good):
    def copied(self, options: Mapping[str, Any], field_ids: Mapping[int, int]) -> dict[str, Any]:
        return dict(options)


class _Secretive(_Good):
    def options_json(self, options: Mapping[str, Any]) -> dict[str, Any]:
        return {"open": options["open"]}


class _NotJson(_Good):
    def options_json(self, options: Mapping[str, Any]) -> dict[str, Any]:
        return {**options, "shown_field": {1, 2}}


class _Nameless(_Good):
    field_settings = ("shown_field", "other_field")


class _Open(_Good):
    def new_field_options(
        self, fields: Sequence[Field], others: Collection[Mapping[str, Any]], public: bool
    ) -> dict[int, dict[str, Any]]:
        return {field.id: {"hidden": False} for field in fields}


def test_a_good_declaration_is_taken() -> None:
    check_declaration(_Good())


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (_StillShared, "copies of a view are still shared"),
        (_Unmapped, "does not give"),
        (_Secretive, "leaves out the settings"),
        (_NotJson, "must be JSON values"),
        (_Nameless, "have no default"),
        (_Open, "strangers would see"),
    ],
)
def test_broken_declarations_are_found_out(kind: type[ViewType], words: str) -> None:
    with pytest.raises(AssertionError, match=words):
        check_declaration(kind())


class _Spoiled:
    """A member's requests, with one kind of answer spoiled: what the suite must find out."""

    def __init__(self, api: Any, part: str, spoil: Any) -> None:
        self.send, self.part, self.spoil = _client(api), part, spoil

    def __call__(self, method: str, path: str, body: Any = None, headers: Any = None) -> tuple[int, Any]:
        status, answer = self.send(method, path, body, headers)
        return (
            self.spoil(status, answer)
            if self.part == f"{method} {path.strip('/').split('/')[-1]}"
            else (status, answer)
        )


@pytest.mark.parametrize(
    ("part", "spoil", "words"),
    [
        (
            "PATCH undo",
            lambda status, answer: (status, {"result_code": "NOTHING_TO_DO"}),
            "undo of the last change does not succeed",
        ),
        ("PATCH field-options", lambda status, answer: (500, {}), "fails"),
        ("POST duplicate", lambda status, answer: (status, {**answer, "public": True}), "a copy is shared"),
        ("GET field-options", lambda status, answer: (status, {"field_options": {}}), "not every field has settings"),
    ],
)
def test_broken_products_are_found_out(api: Any, anonymous: Any, part: str, spoil: Any, words: str) -> None:
    member, kind = _Spoiled(api, part, spoil), registry("view_types")["gallery"]
    with pytest.raises(AssertionError, match=words):
        check_view_type(kind, member, _client(anonymous), Database(api).id)


def test_a_leak_is_found_out(api: Any, anonymous: Any) -> None:
    visitor, kind = _client(anonymous), registry("view_types")["gallery"]

    def leaking(method: str, path: str, body: Any = None, headers: Any = None) -> tuple[int, Any]:
        status, answer = visitor(method, path, body, headers)
        return status, {**answer, "more": "a secret that never leaves"}

    with pytest.raises(AssertionError, match="tells a secret"):
        check_view_type(kind, _client(api), leaking, Database(api).id)
