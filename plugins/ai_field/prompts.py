"""Prompts: formulas of a small kind, which make a text from the texts of a row's fields."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from plugins.formulas.errors import FormulaError
from plugins.formulas.nodes import BooleanNode, CallNode, Node, NumberNode, TextNode
from plugins.formulas.parser import parse, quoted, walk

_FIELD = re.compile(r"fields\.field_(\d{1,18})")

_FUNCTIONS: Mapping[str, tuple[int, Callable[[Sequence[str]], str]]] = {
    "upper": (1, lambda texts: texts[0].upper()),
    "lower": (1, lambda texts: texts[0].lower()),
    "capitalize": (1, lambda texts: texts[0].capitalize()),
    "trim": (1, lambda texts: texts[0].strip()),
}
"""Functions of a fixed number of texts, beside `get` and `concat`."""


class BadPrompt(ValueError):
    """The prompt is no formula of this kind; the text says why."""


def check(prompt: str) -> None:
    """Raise BadPrompt unless the prompt is empty or can be evaluated for any row."""
    if prompt:
        _parsed(prompt)


def field_ids(prompt: str) -> set[int]:
    """The fields a prompt reads. BadPrompt when it cannot be read."""
    if not prompt:
        return set()
    found = (_field_id(node) for node in walk(_parsed(prompt)) if _is_get(node))
    return {field_id for field_id in found if field_id is not None}


def evaluate(prompt: str, texts: Mapping[int, str]) -> str:
    """The prompt for one row, given the texts of its fields by their ids."""
    return _value(_parsed(prompt), texts) if prompt else ""


def remapped(prompt: str, ids: Mapping[int, int]) -> str:
    """The prompt with other fields in place of those in `ids`; one that cannot be read stays as it is."""
    try:
        node = _parsed(prompt) if prompt else None
    except BadPrompt:
        return prompt
    if node is None:
        return prompt
    written = [(arg, found) for arg, found in _paths(node) if found in ids]
    for arg, found in sorted(written, key=lambda pair: pair[0].start, reverse=True):
        path = quoted(f"fields.field_{ids[found]}", prompt[arg.start])
        prompt = prompt[: arg.start] + path + prompt[arg.end :]
    return prompt


def _paths(node: Node) -> list[tuple[TextNode, int]]:
    gets = [found for found in walk(node) if _is_get(found) and isinstance(found, CallNode)]
    named = [(get.args[0], _field_id(get)) for get in gets]
    return [(arg, found) for arg, found in named if isinstance(arg, TextNode) and found is not None]


def _parsed(prompt: str) -> Node:
    try:
        node = parse(prompt)
    except FormulaError as error:
        raise BadPrompt(error.message) from None
    for found in walk(node):
        _require_known(found)
    return node


def _require_known(node: Node) -> None:
    if isinstance(node, TextNode | NumberNode | BooleanNode):
        return
    if not isinstance(node, CallNode):
        raise BadPrompt("Write get('fields.field_12') for the value of a field.")
    if node.function == "get":
        if _field_id(node) is None:
            raise BadPrompt("get takes a field of the row, such as get('fields.field_12').")
    elif node.function == "concat":
        if not node.args:
            raise BadPrompt("concat takes at least one value.")
    elif node.function not in _FUNCTIONS:
        raise BadPrompt(f"Prompts have no function {node.function[:50]!r}.")
    elif len(node.args) != _FUNCTIONS[node.function][0]:
        raise BadPrompt(f"{node.function} takes one value.")


def _is_get(node: Node) -> bool:
    return isinstance(node, CallNode) and node.function == "get"


def _field_id(node: Node) -> int | None:
    """The field a `get` reads; None when it reads something else."""
    args = node.args if isinstance(node, CallNode) else ()
    path = args[0].value if len(args) == 1 and isinstance(args[0], TextNode) else ""
    found = _FIELD.fullmatch(path)
    return int(found[1]) if found else None


def _value(node: Node, texts: Mapping[int, str]) -> str:
    if isinstance(node, TextNode):
        return node.value
    if isinstance(node, NumberNode):
        return format(node.value, "f")
    if isinstance(node, BooleanNode):
        return "true" if node.value else "false"
    if not isinstance(node, CallNode):
        raise BadPrompt("The prompt has a part that has no value.")
    if node.function == "get":
        return texts.get(_field_id(node) or 0, "")
    values = [_value(arg, texts) for arg in node.args]
    return "".join(values) if node.function == "concat" else _FUNCTIONS[node.function][1](values)
