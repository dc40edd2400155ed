"""The promises every view type keeps, checked over HTTP on a product that has it: settings, fields, copies, sharing."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from plugin_api.fields import Field
from plugin_api.testing.fields import ODD_VALUES
from plugin_api.testing.json_values import as_json, codes_of
from plugin_api.testing.talking import Client, Talk
from plugin_api.views import ViewType

VIEWS, FIELDS, ROWS = "/api/database/views", "/api/database/fields", "/api/database/rows/table"
SECRET = "a secret that never leaves"
_STATES = [{"value": "x", "color": "red"}, {"value": "y", "color": "blue"}]
_FIELDS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("long_text", {}),
    ("number", {}),
    ("boolean", {}),
    ("date", {}),
    ("date", {"date_include_time": True}),
    ("url", {}),
    ("single_select", {"select_options": _STATES}),
    ("multiple_select", {"select_options": _STATES}),
    ("file", {}),
)
_HIDING: tuple[dict[str, Any], ...] = ({"hidden": True}, {"enabled": False})


def check_view_type(
    kind: ViewType,
    member: Client,
    visitor: Client,
    database_id: int,
    settings: Sequence[Mapping[str, Any]] = (),
    refused: Sequence[tuple[Mapping[str, Any], str]] = (),
) -> None:
    """Check all promises of `kind`; AssertionError says which one is broken.

    member: sends as an admin of the database's workspace; visitor: sends without credentials.
    settings: changes of settings a view takes and shows as they were sent. Those that name fields are tried anyway.
    refused: changes it must refuse, each with its code.
    """
    check_declaration(kind)
    check = _Check(kind, member, visitor, database_id)
    check.creation()
    check.settings(settings)
    check.refusals(refused)
    check.field_settings()
    check.field_options()
    check.copies()
    check.trash()
    check.sharing()


def check_declaration(kind: ViewType) -> None:
    """The part that needs no product: what the type says about its settings holds together."""
    assert isinstance(kind.type, str) and kind.type, "a view type needs a `type`"
    usual = kind.options_schema().load({})
    as_json(usual, "the defaults of the settings")
    strangers = {*kind.field_settings, *kind.sharing_settings} - set(usual)
    assert not strangers, f"{sorted(strangers)} are named as settings, but have no default in options_schema"
    shown, public = kind.options_json(usual), kind.public_json(usual)
    as_json([shown, public], "the JSON of a view")
    hidden = set(usual) - set(shown)
    assert not hidden, f"options_json leaves out the settings {sorted(hidden)}"
    shared = {**usual, **dict.fromkeys(kind.sharing_settings, True)}
    left = [name for name in kind.sharing_settings if kind.unshared(shared).get(name)]
    assert not left, f"copies of a view are still shared: unshared() leaves {left}"
    named = {name: number for number, name in enumerate(kind.field_settings, start=1)}
    copied = kind.copied({**usual, **named}, {number: number + 100 for number in named.values()})
    kept = [name for name in kind.field_settings if copied.get(name) != named[name] + 100]
    assert not kept, f"copied() does not give {kept} the copies of their fields"
    _check_first_options(kind)


def _check_first_options(kind: ViewType) -> None:
    fields = [Field(number, 1, f"F{number}", "text", number == 1, number) for number in range(1, 6)]
    usual = kind.field_options_schema().load({})
    for others, public in (([], False), ([], True), ([usual], False), ([usual], True)):
        first = kind.new_field_options(fields, others, public)
        assert set(first) <= {field.id for field in fields}, "new_field_options answers other fields than it was given"
        for options in first.values():
            as_json(options, "new_field_options")
            kind.field_options_schema().load(options)
            assert isinstance(kind.is_visible({**usual, **options}), bool), "is_visible must answer a bool"
    late = kind.new_field_options(fields[-1:], [usual], True).get(fields[-1].id, {})
    assert not kind.is_visible({**usual, **late}), "strangers would see fields that come after a view was shared"


class _Check(Talk):
    """The checks of one view type on one table."""

    def __init__(self, kind: ViewType, member: Client, visitor: Client, database_id: int) -> None:
        super().__init__(member)
        self.kind, self.visitor = kind, visitor
        rows = {"name": "Checked", "data": [["Name", "Secret"], ["one", SECRET]], "first_row_header": True}
        self.table = self.done("POST", f"/api/database/tables/database/{database_id}/", rows)["id"]
        for number, (type_name, options) in enumerate(_FIELDS):
            body = {"name": f"{type_name} {number}", "type": type_name, **options}
            self.done("POST", f"{FIELDS}/table/{self.table}/", body)
        self.fields = {field["id"]: field for field in self.done("GET", f"{FIELDS}/table/{self.table}/")}
        self.secret = next(number for number, field in self.fields.items() if field["name"] == "Secret")
        self.view = self.done("POST", f"{VIEWS}/table/{self.table}/", {"name": "First", "type": kind.type})["id"]
        self.path = f"{VIEWS}/{self.view}/"

    def read(self) -> dict[str, Any]:
        """The view as it is."""
        return dict(self.done("GET", self.path))

    def again(self, way: str) -> dict[str, Any]:
        """The view after an undo or a redo."""
        self.replay(way)
        return self.read()

    def creation(self) -> None:
        """A new view has the usual settings, also in lists; making it can be undone."""
        usual, shown = self.kind.options_json(self.kind.options_schema().load({})), self.read()
        wrong = {name: shown.get(name) for name, value in usual.items() if shown.get(name) != value}
        assert not wrong, f"a new view does not show its usual settings: {wrong}"
        listed = self.done("GET", f"{VIEWS}/table/{self.table}/?type={self.kind.type}")
        assert shown in listed, "the list of views shows a view in another way than the view itself"
        status, answer = self.ask("POST", f"{VIEWS}/table/{self.table}/", {"type": self.kind.type, "name": ""})
        assert status == 400, f"a view without a name is taken: {answer}"

    def changed(self, change: Mapping[str, Any]) -> None:
        """A change is taken, shown, undone and redone."""
        before = self.read()
        after = self.done("PATCH", self.path, dict(change))
        wrong = {name: after.get(name) for name, value in change.items() if after.get(name) != value}
        assert not wrong, f"after the change {dict(change)} a view shows {wrong}"
        assert self.read() == after, "a changed view is shown in another way than the change was answered"
        if after != before:
            assert self.again("undo") == before, f"undo does not take back {dict(change)}"
            assert self.again("redo") == after, f"redo does not bring back {dict(change)}"

    def settings(self, settings: Sequence[Mapping[str, Any]]) -> None:
        """Good settings, and a change of what all views have."""
        for change in ({"name": "Renamed"}, *settings):
            self.changed(change)

    def refusals(self, refused: Sequence[tuple[Mapping[str, Any], str]]) -> None:
        """Bad settings are refused with their code, and nothing is stored; so is what nobody expects."""
        before = self.read()
        for change, code in refused:
            status, answer = self.ask("PATCH", self.path, dict(change))
            found = codes_of(answer)
            assert status == 400 and code in found, f"{dict(change)} must be refused with {code}; it was: {found}"
        assert self.read() == before, "a refused change left something behind"
        for name in self.kind.options_schema().fields:
            for value in ODD_VALUES:
                self._odd({name: value}, before)

    def _odd(self, change: Mapping[str, Any], before: Mapping[str, Any]) -> None:
        status, answer = self.ask("PATCH", self.path, change)
        if status == 200:
            self.read()
            self.again("undo")
        else:
            assert status == 400, f"{change!r:.200} is refused with {status}: {answer!r:.200}"
        assert self.read() == before, f"{change!r:.200} left something behind"

    def field_settings(self) -> None:
        """Settings that name fields take those that fit, and are empty while theirs is in the trash."""
        for name in self.kind.field_settings:
            field = self._fitting(name)
            self.done("PATCH", self.path, dict.fromkeys(self.kind.field_settings))
            self.changed({name: field})
            shown = self.read()
            self.done("DELETE", f"{FIELDS}/{field}/")
            assert self.read()[name] is None, f"{name} still names a field in the trash"
            assert self.again("undo") == shown, f"{name} does not name its field again when that is back"
            self.changed({name: None})

    def _fitting(self, name: str) -> int:
        """A field of the table that the setting can name; not the secret, which visitors would see then."""
        for field in self.fields.values():
            if field["id"] != self.secret and not field["primary"]:
                status, answer = self.ask("PATCH", self.path, {name: field["id"]})
                assert status in (200, 400), f"{name} refuses a field with {status}: {answer!r:.200}"
                if status == 200:
                    return int(field["id"])
        tried = sorted({field["type"] for field in self.fields.values()})
        raise AssertionError(f"{name} can name no field of the types {tried}")

    def field_options(self) -> None:
        """Every field has settings of the schema; they can be changed, undone and redone, and junk is refused."""
        path, usual = f"{self.path}field-options/", self.kind.field_options_schema().load({})
        before = self.done("GET", path)["field_options"]
        assert set(before) == {str(field) for field in self.fields}, "not every field has settings in the view"
        assert all(set(options) >= set(usual) for options in before.values()), "settings of fields are left out"
        self.done("PATCH", path, {"field_options": {str(self.secret): {"order": 7}}})
        after = self.done("GET", path)["field_options"]
        assert after[str(self.secret)]["order"] == 7, "the order of a field is not kept"
        for way, expected in (("undo", before), ("redo", after)):
            self.again(way)
            assert self.done("GET", path)["field_options"] == expected, f"{way} of settings of fields is not complete"
        for name in usual:
            for value in ODD_VALUES:
                status, _ = self.ask("PATCH", path, {"field_options": {str(self.secret): {name: value}}})
                if status == 200:
                    self.again("undo")
        assert self.done("GET", path)["field_options"] == after, "junk in settings of fields left something behind"

    def copies(self) -> None:
        """A copy has the settings and those of fields, but is shared with nobody."""
        shown = self.read()
        copy = self.done("POST", f"{self.path}duplicate/")
        names = [name for name in self.kind.options_schema().fields if name not in self.kind.sharing_settings]
        wrong = {name: copy.get(name) for name in names if copy.get(name) != shown.get(name)}
        assert not wrong, f"a copy has other settings: {wrong}"
        assert not copy["public"] and not any(copy[name] for name in self.kind.sharing_settings), "a copy is shared"
        options = [self.done("GET", f"{VIEWS}/{view}/field-options/") for view in (self.view, copy["id"])]
        assert options[0] == options[1], "a copy has other settings of fields"
        self.done("DELETE", f"{VIEWS}/{copy['id']}/")

    def trash(self) -> None:
        """A deleted view is gone, and comes back as it was."""
        shown = self.read()
        self.done("DELETE", self.path)
        assert self.ask("GET", self.path)[0] == 404, "a deleted view can still be read"
        self.done("PATCH", "/api/trash/restore/", {"trash_item_type": "view", "trash_item_id": self.view})
        assert self.read() == shown, "a restored view is not as it was"

    def sharing(self) -> None:
        """Visitors see a shared view without its hidden fields; others cannot be shared."""
        status, answer = self.ask("PATCH", self.path, {"public": True})
        if not self.kind.can_share:
            found = codes_of(answer)
            assert status == 400 and "ERROR_CANNOT_SHARE_VIEW_TYPE" in found, f"it can be shared: {answer!r:.200}"
            return
        assert status == 200, f"it cannot be shared: {answer!r:.200}"
        usual = self.kind.field_options_schema().load({})
        hiding = next((found for found in _HIDING if set(found) <= set(usual)), None)
        assert hiding is not None and not self.kind.is_visible({**usual, **hiding}), "no field can be hidden"
        self.done("PATCH", f"{self.path}field-options/", {"field_options": {str(self.secret): hiding}})
        self._nothing_leaves(answer["slug"])
        self.done("PATCH", self.path, {"public": False})
        status, _ = self.visitor("GET", f"{VIEWS}/{answer['slug']}/public/info/")
        assert status == 404, f"a view that is not shared any more answers visitors {status}"

    def _nothing_leaves(self, slug: str) -> None:
        status, info = self.visitor("GET", f"{VIEWS}/{slug}/public/info/")
        assert status == (200 if self.kind.has_public_info else 404), f"public/info/ answers {status}: {info!r:.200}"
        if status == 200:
            assert self.secret not in [field["id"] for field in info["fields"]], "visitors are told of a hidden field"
            assert str(self.view) != str(info["view"]["id"]), "visitors are told the id of the view"
        rows = (f"{VIEWS}/{slug}/row/1/", f"{VIEWS}/{self.kind.type}/{slug}/public/rows/?{_YEAR}")
        for path in (f"{VIEWS}/{slug}/public/info/", *rows, f"{rows[-1]}&filter__field_{self.secret}__equal={SECRET}"):
            status, answer = self.visitor("GET", path)
            text = json.dumps(answer)
            named = status < 400 and f"field_{self.secret}" in text  # a refusal may say what was asked for
            assert status < 500 and SECRET not in text and not named, f"{path} tells a secret"


_YEAR = "from_timestamp=2020-01-01&to_timestamp=2020-12-31&include=field_options,row_metadata"
