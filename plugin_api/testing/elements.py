"""The promises every element type keeps, checked over HTTP on a product that has it: settings, places, undo, copies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid4

from plugin_api.elements import ElementType
from plugin_api.testing.fields import ODD_VALUES
from plugin_api.testing.json_values import as_json, codes_of
from plugin_api.testing.talking import Client, Talk

BUILDER = "/api/builder"
_PLACED = ("id", "order")
"""What a copy has of its own."""
_LOOKS = {"style_padding_top": 1, "style_background": "color", "css_classes": "a b", "visibility": "logged-in"}


def check_element_type(
    kind: ElementType,
    member: Client,
    visitor: Client,
    builder_id: int,
    settings: Sequence[Mapping[str, Any]] = (),
    refused: Sequence[tuple[Mapping[str, Any], str]] = (),
) -> None:
    """Check all promises of `kind`; AssertionError says which one is broken.

    member: sends as an admin of the builder's workspace; visitor: sends without credentials.
    settings: changes an element takes and shows as they were sent, apart from ids it adds.
    refused: changes it must refuse, each with its code.
    """
    check_element_declaration(kind)
    check = _Check(kind, member, visitor, builder_id)
    check.creation()
    check.settings(settings)
    check.refusals(refused)
    check.moves()
    check.copies()
    check.places()
    check.removal()
    check.strangers()


def check_element_declaration(kind: ElementType) -> None:
    """The part that needs no product: what the type says about its settings holds together."""
    assert isinstance(kind.type, str) and kind.type, "an element type needs a `type`"
    usual = kind.options_schema().load({})
    as_json(usual, "the defaults of the settings")
    strangers = set(kind.images) - set(usual)
    assert not strangers, f"{sorted(strangers)} are named as images, but have no default in options_schema"
    assert kind.renamed(dict(usual), lambda _, old: old) == usual, "renamed() changes settings whose ids stay"
    as_json(kind.renamed(dict(usual), lambda _, old: None), "settings whose ids lead nowhere")
    places = kind.places(usual)
    assert places is None or (places and kind.is_container), "places() is for containers, and names one at least"


class _Check(Talk):
    """The checks of one type on two pages."""

    def __init__(self, kind: ElementType, member: Client, visitor: Client, builder_id: int) -> None:
        super().__init__(member)
        self.kind, self.visitor = kind, visitor
        self.page = self._shared(builder_id) if kind.on_shared_page else self._page(builder_id)
        self.path = f"{BUILDER}/page/{self.page}/elements/"
        self.element = self.made()

    def _page(self, builder_id: int) -> int:
        name = uuid4().hex
        return int(self.done("POST", f"{BUILDER}/{builder_id}/pages/", {"name": name, "path": f"/{name}"})["id"])

    def _shared(self, builder_id: int) -> int:
        pages = self.done("GET", f"/api/applications/{builder_id}/")["pages"]
        return next(int(page["id"]) for page in pages if page["shared"])

    def made(self, **values: Any) -> int:
        """A new element of the type."""
        return int(self.done("POST", self.path, {"type": self.kind.type, **values})["id"])

    def listed(self) -> list[dict[str, Any]]:
        """The elements of the page."""
        return list(self.done("GET", self.path))

    def read(self, element_id: int | None = None) -> dict[str, Any]:
        """An element as it is."""
        return next(one for one in self.listed() if one["id"] == (element_id or self.element))

    def change(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Change the element."""
        return dict(self.done("PATCH", f"{BUILDER}/element/{self.element}/", dict(values)))

    def undone_and_redone(self, before: list[dict[str, Any]], what: str) -> None:
        """The latest change can be taken back, and made again."""
        after = self.listed()
        for way, expected in (("undo", before), ("redo", after)):
            self.replay(way, what)
            assert self.listed() == expected, f"{way} of {what} is not complete"

    def creation(self) -> None:
        """A new element has the usual settings, also in lists."""
        usual, shown = self.kind.options_schema().load({}), self.read()
        wrong = {name: shown.get(name) for name, value in usual.items() if _plain(shown.get(name)) != _plain(value)}
        assert not wrong, f"a new element does not show its usual settings: {wrong}"
        before = self.listed()
        self.made()
        self.undone_and_redone(before, "making an element")

    def settings(self, settings: Sequence[Mapping[str, Any]]) -> None:
        """Good settings, and how it looks."""
        for values in (_LOOKS, *settings):
            before = self.listed()
            after = self.change(values)
            wrong = {name: after.get(name) for name in values if _plain(after.get(name)) != _plain(values[name])}
            assert not wrong, f"after the change {dict(values)} an element shows {wrong}"
            assert self.read() == after, "a changed element is shown in another way than the change was answered"
            self.undone_and_redone(before, f"the change {dict(values)}")

    def refusals(self, refused: Sequence[tuple[Mapping[str, Any], str]]) -> None:
        """Bad settings are refused with their code, and nothing is stored; nothing odd fails."""
        before, path = self.read(), f"{BUILDER}/element/{self.element}/"
        for values, code in refused:
            status, answer = self.ask("PATCH", path, dict(values))
            assert 400 <= status < 500, f"{dict(values)} must be refused; it was taken: {answer!r:.200}"
            assert code in codes_of(answer), f"{dict(values)} must be refused with {code}: {answer!r:.200}"
        assert self.read() == before, "a refused change left something behind"
        for name in self.kind.options_schema().fields:
            for value in ODD_VALUES:
                status, answer = self.ask("PATCH", path, {name: value})
                before = answer if status < 300 else before
            assert self.read() == before, f"an odd value of {name} was refused and left something behind"

    def moves(self) -> None:
        """It can be put before others, and to the end."""
        other, before = self.made(), self.listed()
        self.done("PATCH", f"{BUILDER}/element/{other}/move/", {"before_id": self.element})
        order = [one["id"] for one in self.listed()]
        assert order.index(other) < order.index(self.element), "an element was not moved before another one"
        self.undone_and_redone(before, "moving an element")

    def copies(self) -> None:
        """A copy has the same settings, right behind."""
        before = self.listed()
        copy = self.done("POST", f"{BUILDER}/element/{self.element}/duplicate/")["elements"][0]
        original = self.read()
        for name in (*self.kind.options_schema().fields, "styles", *_LOOKS):
            same = _plain(copy[name]) == _plain(original[name])
            assert same, f"a copy has another {name}: {copy[name]!r:.100}, not {original[name]!r:.100}"
        assert copy["id"] != original["id"] and float(copy["order"]) > float(original["order"])
        self.undone_and_redone(before, "copying an element")

    def places(self) -> None:
        """It holds others when it is a container, in the places it names; else it holds none."""
        places = self.kind.places(self.kind.options_schema().load({}))
        into = self.made()
        body = {"type": "heading", "parent_element_id": into, "place_in_container": places[0] if places else None}
        if not self.kind.is_container:
            assert self.ask("POST", self.path, body)[0] == 400, "an element that is no container holds another one"
            return
        child = self.done("POST", self.path, body)["id"]
        before = self.listed()
        copies = self.done("POST", f"{BUILDER}/element/{into}/duplicate/")["elements"]
        assert copies[1]["parent_element_id"] == copies[0]["id"], "what is in an element is not copied into its copy"
        self.undone_and_redone(before, "copying a container")
        if places:
            assert self.ask("POST", self.path, {**body, "place_in_container": "nowhere"})[0] == 400
        before = self.listed()
        self.done("DELETE", f"{BUILDER}/element/{into}/")
        assert child not in [one["id"] for one in self.listed()], "what was in an element outlives it"
        self.undone_and_redone(before, "deleting a container")

    def removal(self) -> None:
        """It can be deleted, and comes back as it was."""
        before = self.listed()
        self.done("DELETE", f"{BUILDER}/element/{self.element}/")
        assert self.ask("DELETE", f"{BUILDER}/element/{self.element}/")[0] == 404
        self.undone_and_redone(before, "deleting an element")
        self.undo()

    def strangers(self) -> None:
        """Those without credentials neither read nor change it."""
        for method, path in (("GET", self.path), ("PATCH", f"{BUILDER}/element/{self.element}/")):
            status, answer = self.visitor(method, path, {} if method == "PATCH" else None, None)
            assert status == 401, f"a visitor's {method} {path} is answered: {answer!r:.200}"


def _plain(value: Any) -> Any:
    """A value without the ids and parents that things in it get, and without what an image shows."""
    if isinstance(value, Mapping):
        own = {"id", "parent_menu_item", "menu_item_order", "uid"}
        return (
            value.get("name")
            if "thumbnails" in value
            else {name: _plain(one) for name, one in value.items() if name not in own and one not in ([], None, "")}
        )
    return [_plain(one) for one in value] if isinstance(value, list) else value
