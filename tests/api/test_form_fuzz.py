"""Whatever a form asks for and whatever is sent to it: the answer is a row that is there, or a reason and no row."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from plugin_api.db import begin
from plugin_api.platform import registry
from plugins.form_view.conditions import known_filter
from plugins.form_view.field_options import FormFieldOptions
from tests.forms import Form
from tests.world import TYPES

ASKED = [name for name, (_, value) in TYPES.items() if value is not None or name == "uuid"]
CHOICES = ["text", "link", *(name for name in ASKED if name not in ("ai", "multiple_collaborators", "uuid"))]
FILTERS = st.deferred(lambda: st.sampled_from([*sorted(registry("filter_types")), "nope", ""]))

texts = st.sampled_from(
    ["", " ", "a", "x", "12", "1e3", "-1", "true", "2024-02-29", "a@b.de", "\u0000", "é" * 300, "1:30"]
)
scalars = st.one_of(
    st.none(), st.booleans(), st.integers(-(2**70), 2**70), st.floats(allow_nan=False), texts, st.text()
)
values = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(["id", "name", "value"]), inner, max_size=2)
    ),
    max_leaves=4,
)
ids = st.integers(-2, 8)
conditions = st.fixed_dictionaries(
    {"id": ids, "field": st.sampled_from(CHOICES), "type": FILTERS, "value": texts},
    optional={"group": st.one_of(st.none(), ids)},
)
groups = st.fixed_dictionaries(
    {"id": ids}, optional={"filter_type": st.sampled_from(["AND", "OR"]), "parent_group": st.one_of(st.none(), ids)}
)
options = st.fixed_dictionaries(
    {
        "enabled": st.sampled_from([True, True, True, False]),
        "required": st.booleans(),
        "show_when_matching_conditions": st.booleans(),
    },
    optional={
        "conditions": st.lists(conditions, max_size=3),
        "condition_groups": st.lists(groups, max_size=3),
        "condition_type": st.sampled_from(["AND", "OR"]),
        "order": st.integers(-5, 5),
        "name": texts,
        "allowed_select_options": st.lists(st.integers(-1, 50), max_size=2),
    },
)

junk = st.tuples(
    st.sampled_from([*CHOICES, "uuid"]),
    st.sampled_from(list(FormFieldOptions().fields)),
    st.one_of(values, st.lists(st.dictionaries(st.sampled_from(["id", "field", "type", "group", "value"]), values))),
)


class Everything(Form):
    """A form whose table has a field of each type."""

    def __init__(self, api: Any) -> None:
        super().__init__(api)
        self.allow_ai()
        self.ids["text"] = self.ids.pop("Name")
        for name in ASKED:
            self.ids[name] = self.add_field(self.sheet, name, name, **TYPES[name][0])
        other = self.table("Other", [["Town"], ["a"], ["x"]])
        self.ids["link"] = self.add_field(self.sheet, "link", "link_row", link_row_table_id=other)
        self.rows_there = 0

    def try_options(self, found: dict[str, Any]) -> None:
        """Change settings; they are taken or refused as a whole."""
        for change in found.values():
            for condition in change.get("conditions", ()):
                condition["field"] = self.ids[condition["field"]]
        status, answer = self.try_set(**found)
        assert status in (200, 400), answer
        shown = self.visitor.get(f"{self.address}submit/")
        assert shown[0] == 200, shown

    def try_values(self, found: dict[str, Any]) -> None:
        """Fill in values; what was answered is so."""
        status, answer = self.submit(**found)
        assert status in (200, 400), answer
        if status == 200:
            self.rows_there += 1
            path = f"/api/database/rows/table/{self.sheet}/{answer['row_id']}/"
            assert self.api.get(path)[0] == 200
        assert self.counted(self.sheet) == self.rows_there


@pytest.fixture
def everything(api: Any) -> Everything:
    """A form over all types."""
    return Everything(api)


@settings(
    max_examples=80,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    st.dictionaries(st.sampled_from(CHOICES), options, min_size=1, max_size=5),
    st.lists(st.dictionaries(st.sampled_from([*CHOICES, "uuid", "ai"]), values, max_size=4), min_size=1, max_size=3),
)
def test_anything_may_be_sent(everything: Everything, asked: dict[str, Any], bodies: list[dict[str, Any]]) -> None:
    note(str(asked))
    everything.try_options(asked)
    for body in bodies:
        note(str(body))
        everything.try_values(body)


@settings(
    max_examples=100,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(junk)
def test_any_setting_may_be_tried(everything: Everything, change: tuple[str, str, Any]) -> None:
    name, key, value = change
    before = everything.options(name)
    status, answer = everything.try_set(**{name: {key: value}})
    assert status in (200, 400), answer
    if status == 400:
        assert everything.options(name) == before
    everything.shown()


def test_good_values_of_all_types_arrive(everything: Everything) -> None:
    everything.set(**{name: {"enabled": True, "required": True} for name in CHOICES})
    good = {name: TYPES[name][1] for name in CHOICES if name in TYPES}
    good |= {"text": "Ann", "link": [2], "file": [{"name": everything.ok(*everything.upload())["name"]}]}
    assert everything.submit(**good)[0] == 200
    row = everything.rows(everything.sheet)[0]
    assert (row["Name"], row["number"], row["rating"], row["boolean"]) == ("Ann", "1.50", 3, True)
    assert [one["value"] for one in row["link"]] == ["x"]
    for name in CHOICES:
        missing = everything.problems(**{key: value for key, value in good.items() if key != name})
        assert missing == {name: ["required"]}
    assert everything.counted(everything.sheet) == 1


@pytest.mark.parametrize(
    "value", ["", "a", "12", "-1", "true", "2024-02-29", "UTC?1?days_ago", "Europe/Rome??today", "é?;"]
)
def test_any_filter_is_a_condition(everything: Everything, value: str) -> None:
    """Every filter type there is, on every field it applies to, asked about a row that comes."""
    filled = {name: TYPES[name][1] for name in CHOICES if name in TYPES} | {"text": "Ann", "link": [2], "City": ""}
    with begin():
        fields = everything.shape(everything.sheet).fields
    found = [
        {"id": 0, "field": field.id, "type": name, "value": value}
        for field in fields
        for name in registry("filter_types")
        if known_filter(name, field)
    ]
    assert len(found) > 150
    enabled: dict[str, dict[str, Any]] = {name: {"enabled": True, "required": False} for name in [*CHOICES, "City"]}
    everything.set(**enabled)
    for start in range(0, len(found), 150):
        conditions = {"required": True, "show_when_matching_conditions": True, "conditions": found[start : start + 150]}
        everything.set(City=conditions)
        everything.try_values(filled)
        everything.set(City={"condition_type": "OR"})
        everything.try_values(filled)
        everything.set(City={"condition_type": "AND"})
