"""Prompts of AI fields, what is taken from a model's answer, and the settings of providers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugin_api.fields import SelectOption
from plugins.ai_field import prompts
from plugins.ai_field.answers import chosen, json_object, with_choices
from plugins.formulas.parser import quoted

OPTIONS = [SelectOption(1, "Red", "red"), SelectOption(2, "Dark blue", "blue"), SelectOption(3, "red", "red")]


@pytest.mark.parametrize(
    ("prompt", "expected"),
    [
        ("", ""),
        ("'hello'", "hello"),
        ("concat('Hi ', get('fields.field_5'), \"!\")", "Hi Ann!"),
        ("get('fields.field_6')", ""),
        ("concat(1.50, true, upper(get('fields.field_5')))", "1.50trueANN"),
        ("capitalize(trim('  ANN b '))", "Ann b"),
        ("lower(concat('A', 'B'))", "ab"),
    ],
)
def test_prompts(prompt: str, expected: str) -> None:
    prompts.check(prompt)
    assert prompts.evaluate(prompt, {5: "Ann"}) == expected


@pytest.mark.parametrize(
    "prompt",
    [
        "concat(",
        "concat('x'",
        "concat()",
        "hello",
        "get('Name')",
        "get('fields.field_')",
        "get(concat('fields.field_1'))",
        "get('fields.field_1', 2)",
        "field('Name')",
        "lookup('a', 'b')",
        "sum(1, 2)",
        "1 + 2",
        "upper('a', 'b')",
        "'\0'",
        "(" * 9000,
    ],
)
def test_prompts_that_are_none(prompt: str) -> None:
    with pytest.raises(prompts.BadPrompt) as refused:
        prompts.check(prompt)
    assert str(refused.value)


@given(text=st.text(alphabet=st.characters(exclude_characters="\0", exclude_categories=["Cs"])))
def test_any_text_can_be_a_prompt(text: str) -> None:
    assert prompts.evaluate(f"concat({quoted(text)}, '')", {}) == text


@given(text=st.text(max_size=40))
def test_what_is_checked_can_be_evaluated(text: str) -> None:
    try:
        prompts.check(text)
    except prompts.BadPrompt:
        return
    assert isinstance(prompts.evaluate(text, {}), str)


def test_prompts_follow_copied_fields() -> None:
    prompt = "concat(get('fields.field_5'), get(\"fields.field_55\"), 'fields.field_5', get('fields.field_5'))"
    assert prompts.field_ids(prompt) == {5, 55}
    moved = prompts.remapped(prompt, {5: 1234, 55: 6})
    assert (
        moved == "concat(get('fields.field_1234'), get(\"fields.field_6\"), 'fields.field_5', get('fields.field_1234'))"
    )
    assert prompts.remapped("concat(", {5: 6}) == "concat("


@pytest.mark.parametrize(
    ("answer", "option"),
    [
        ("Red", 1),
        ("red", 3),
        (' "RED". ', 1),
        ("dark blue\n", 2),
        ("Dark blu", 2),
        ("green", None),
        ("", None),
        ("x" * 100_000, None),
    ],
)
def test_choices(answer: str, option: int | None) -> None:
    assert chosen(answer, OPTIONS) == option


def test_models_are_told_the_choices() -> None:
    asked = with_choices("Which?", [SelectOption(1, 'a "b"', "red"), SelectOption(2, "é", "red")])
    assert asked.startswith("Which?\n") and '["a \\"b\\"", "é"]' in asked


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        ('{"formula": "1"}', {"formula": "1"}),
        ('```json\n{"formula": "1"}\n```', {"formula": "1"}),
        ('Here: {"formula": "if(true, \'}\', 1)"} there', {"formula": "if(true, '}', 1)"}),
        ("no idea", None),
        ("[1]", None),
        ("}{", None),
        ("", None),
        ("[" * 100_000, None),
    ],
)
def test_objects_in_answers(answer: str, found: object) -> None:
    assert json_object(answer) == found
