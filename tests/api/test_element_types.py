"""Every element type keeps the promises of plugin_api.testing; one that breaks them is found out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from plugin_api.elements import ElementType, NewId
from plugin_api.platform import registry
from plugin_api.schemas import Int, Schema
from plugin_api.testing import check_element_declaration, check_element_type
from tests.sites import Site

CHOICE, INVALID, LEAST, MOST = "invalid_choice", "invalid", "min_value", "max_value"
TO_URL = {"navigation_type": "custom", "navigate_to_url": "'https://example.com'", "target": "blank"}
ITEM = {"uid": "a", "type": "link", "variant": "link", "name": "A", **TO_URL}
SETTINGS: dict[str, Sequence[Mapping[str, Any]]] = {
    "heading": [{"value": "concat('a', get('page_parameter.id'))", "level": 6}],
    "text": [{"value": "'**a**'", "format": "markdown"}, {"value": ""}],
    "link": [{**TO_URL, "variant": "button", "query_parameters": [{"name": "a", "value": "'b'"}]}],
    "image": [{"image_source_type": "url", "image_url": "'https://example.com/a.png'", "alt_text": "'a'"}],
    "button": [{"value": "'Go'", "styles": {"button": {"button_font_size": 20}}}],
    "iframe": [{"source_type": "embed", "embed": "'<b>a</b>'", "height": 2000}],
    "input_text": [{"label": "'a'", "rows": 100, "is_multiline": True, "validation_type": "email"}],
    "checkbox": [{"label": "'a'", "required": True}],
    "choice": [{"options": [{"name": "A", "value": "a"}, {"name": "B", "value": "b"}]}, {"option_type": "formulas"}],
    "datetime_picker": [{"date_format": "ISO", "include_time": True, "time_format": "12"}],
    "column": [{"column_amount": 6, "column_gap": 0, "alignment": "bottom"}],
    "form_container": [{"submit_button_label": "'Send'", "reset_initial_values_post_submission": True}],
    "rating": [{"max_value": 10, "color": "#112233ff", "rating_style": "heart", "value": "3"}],
    "rating_input": [{"label": "'a'", "required": True}],
    "header": [{"share_type": "only"}],
    "footer": [{"share_type": "except"}],
    "menu": [{"orientation": "vertical", "menu_items": [{**ITEM, "children": [{**ITEM, "uid": "b"}]}]}],
    "input_file": [{"multiple": True, "max_filesize": 100, "allowed_filetypes": ["pdf", "image/*"]}],
}
REFUSED: dict[str, Sequence[tuple[Mapping[str, Any], str]]] = {
    "heading": [({"level": 7}, MOST), ({"value": "'open"}, INVALID), ({"value": None}, "null")],
    "text": [({"format": "html"}, CHOICE)],
    "link": [({"navigate_to_page_id": 2**40}, "ERROR_PAGE_DOES_NOT_EXIST"), ({"target": "top"}, CHOICE)],
    "image": [({"image_file": {"name": "nothing.png"}}, INVALID)],
    "iframe": [({"height": 0}, LEAST)],
    "input_text": [({"rows": 101}, MOST)],
    "choice": [({"options": "x"}, "not_a_list")],
    "column": [({"column_amount": 7}, MOST)],
    "rating": [({"max_value": 11}, MOST)],
    "header": [({"pages": [2**40]}, "does_not_exist")],
    "menu": [({"menu_items": [{**ITEM, "type": "page"}]}, CHOICE), ({"menu_items": [{"type": "link"}]}, "required")],
    "input_file": [({"max_filesize": 0}, LEAST)],
}
OWN = {"simple_container"}
"""Types without settings."""


def test_every_type_is_tried(app: Any) -> None:
    assert set(SETTINGS) | OWN == set(registry("element_types"))


@pytest.mark.parametrize("name", sorted({*SETTINGS, *OWN}))
def test_a_type_keeps_its_promises(api: Any, anonymous: Any, name: str) -> None:
    site, kind = Site(api), registry("element_types")[name]
    settings, refused = SETTINGS.get(name, ()), REFUSED.get(name, ())
    check_element_type(kind, _client(api), _client(anonymous), site.id, settings, refused)


def _client(api: Any) -> Any:
    def send(method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None) -> tuple[int, Any]:
        status, answer = api.call(method, path, body, headers=dict(headers or {}))
        return status, answer

    return send


class _Options(Schema):
    page = Int(load_default=5, allow_none=True)


class _Good(ElementType):
    type = "good"
    options_schema = _Options


class _Renames(_Good):
    def renamed(self, options: dict[str, Any], new_id: NewId) -> dict[str, Any]:
        return {**options, "page": 7}


class _Nowhere(_Good):
    def places(self, options: Mapping[str, Any]) -> list[str]:
        return ["0"]


class _Pictures(_Good):
    images = ("photo",)


def test_what_a_declaration_gets_wrong_is_said() -> None:
    check_element_declaration(_Good())
    for broken, message in ((_Renames(), "renamed"), (_Nowhere(), "places"), (_Pictures(), "photo")):
        with pytest.raises(AssertionError, match=message):
            check_element_declaration(broken)


class _Forgetful(_Good):
    """Says that it keeps what the product does not know it keeps."""

    type = "heading"


def test_a_broken_promise_is_found_out(api: Any, anonymous: Any) -> None:
    with pytest.raises(AssertionError, match="usual settings"):
        check_element_type(_Forgetful(), _client(api), _client(anonymous), Site(api).id)
