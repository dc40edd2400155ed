"""Messages of comments: documents as rich text editors make them, checked before they are stored and sent to others."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

from marshmallow import fields as mf

from plugin_api.errors import ApiError, problem
from plugin_api.schemas import MAX_INT, Any_, Schema, invalid

_SIMPLE_BLOCKS = ("paragraph", "heading", "blockquote", "codeBlock", "code_block", "horizontalRule", "horizontal_rule")
_LISTS = ("bulletList", "bullet_list", "orderedList", "ordered_list", "listItem", "list_item")
_TASKS = ("taskList", "task_list", "taskItem", "task_item")
BLOCKS = frozenset((*_SIMPLE_BLOCKS, *_LISTS, *_TASKS, "image"))
INLINE = frozenset(("text", "mention", "hardBreak", "hard_break"))
_KINDS = BLOCKS | INLINE
_MOST_NODES = 2000
_DEEPEST = 20
_MOST_MENTIONS = 100
_LONGEST = 20_000
_LONGEST_ATTRIBUTE = 2000
_MOST_ATTRIBUTES = 20


class Message(Any_):
    """A document: {"type": "doc", "content": [...]} of paragraphs, lists, texts, mentions and the like."""

    default_error_messages = {"invalid": [problem("invalid", "Expected a document of rich text.")]}

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> Any:
        if not isinstance(value, dict) or value.get("type") != "doc":
            raise self.make_error("invalid")
        return _Reader().document(value)


class MessageBody(Schema):
    """A comment."""

    message = Message(required=True, metadata={"description": 'A document of rich text, {"type": "doc", ...}.'})


class CommentAnswer(Schema):
    """A comment on a row."""

    id = mf.Integer()
    user_id = mf.Integer(allow_none=True)
    first_name = mf.String(metadata={"description": "The author's name; empty when the account is gone."})
    table_id = mf.Integer()
    row_id = mf.Integer()
    message = mf.Dict(allow_none=True, metadata={"description": "null when the comment is in the trash."})
    created_on = mf.DateTime()
    updated_on = mf.DateTime()
    edited = mf.Boolean()
    trashed = mf.Boolean()


class _Reader:
    """Reads a document once and keeps of it what is known; raises for the first thing that does not belong there."""

    def __init__(self) -> None:
        self._nodes = 0
        self._letters = 0

    def document(self, document: Mapping[str, Any]) -> dict[str, Any]:
        """The document, without keys nobody knows."""
        return {"type": "doc", **self._content(document, 1)}

    def _content(self, node: Mapping[str, Any], depth: int) -> dict[str, Any]:
        if "content" not in node:
            return {}
        children = node["content"]
        if not isinstance(children, list):
            raise invalid("invalid", '"content" must be a list.')
        if depth > _DEEPEST:
            raise invalid("invalid", f"A message is at most {_DEEPEST} levels deep.")
        return {"content": [self._node(child, depth) for child in children]}

    def _node(self, node: Any, depth: int) -> dict[str, Any]:
        self._nodes += 1
        if self._nodes > _MOST_NODES:
            raise invalid("invalid", f"A message has at most {_MOST_NODES} parts.")
        if not isinstance(node, dict) or not isinstance(node.get("type"), str) or node["type"] not in _KINDS:
            raise invalid("invalid", f"A part of the message must be one of {', '.join(sorted(_KINDS))}.")
        text = {"text": self._text(node.get("text"))} if node["type"] == "text" else {}
        return {"type": node["type"], **_attributes(node), **_marks(node), **text, **self._content(node, depth + 1)}

    def _text(self, text: Any) -> str:
        if not isinstance(text, str) or not text:
            raise invalid("invalid", "A text must have characters.")
        self._letters += len(text)
        if self._letters > _LONGEST:
            raise invalid("invalid", f"A message has at most {_LONGEST} characters.")
        return text


def _attributes(node: Mapping[str, Any]) -> dict[str, Any]:
    """Attributes are single values of bounded length, by bounded names."""
    attributes = node.get("attrs")
    if attributes is None:
        return {}
    if not isinstance(attributes, dict) or len(attributes) > _MOST_ATTRIBUTES:
        raise invalid("invalid", f'"attrs" must be an object of at most {_MOST_ATTRIBUTES} keys.')
    for name, value in attributes.items():
        if not _is_single(value) or max(len(name), len(str(value))) > _LONGEST_ATTRIBUTE:
            raise invalid("invalid", f'The attribute "{name[:50]}" must be a text, a number, true, false or null.')
    return {"attrs": attributes}


def _is_single(value: Any) -> bool:
    """Whether a value is a text, true, false, nothing, or a number that JSON of all clients can hold."""
    if isinstance(value, int | float):
        return math.isfinite(value) and abs(value) <= MAX_INT
    return value is None or isinstance(value, str)


def _marks(node: Mapping[str, Any]) -> dict[str, Any]:
    """Marks have a type and attributes."""
    marks = node.get("marks")
    if marks is None:
        return {}
    if not isinstance(marks, list) or len(marks) > _MOST_ATTRIBUTES:
        raise invalid("invalid", f'"marks" must be a list of at most {_MOST_ATTRIBUTES} marks.')
    for mark in marks:
        kind = mark.get("type") if isinstance(mark, dict) else None
        if not isinstance(kind, str) or len(kind) > _LONGEST_ATTRIBUTE:
            raise invalid("invalid", "A mark must have a type.")
    return {"marks": [{"type": mark["type"], **_attributes(mark)} for mark in marks]}


def mentioned(message: Mapping[str, Any]) -> list[int]:
    """The ids of the people a checked message mentions, in order and once each."""
    found: dict[int, None] = {}
    for node in _walk(message):
        if node["type"] == "mention":
            found[_person(node)] = None
    if len(found) > _MOST_MENTIONS:
        raise _refused(f"A comment mentions at most {_MOST_MENTIONS} people.")
    return list(found)


def _person(node: Mapping[str, Any]) -> int:
    person = (node.get("attrs") or {}).get("id")
    if isinstance(person, bool) or not isinstance(person, int) or not 0 < person < 2**63:
        raise _refused("A mention must have the id of a user in its attributes.")
    return person


def _refused(detail: str) -> ApiError:
    return ApiError("ERROR_INVALID_COMMENT_MENTION", 400, detail)


def _walk(node: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield node
    for child in node.get("content", ()):
        yield from _walk(child)


def as_text(message: Mapping[str, Any]) -> str:
    """What a message says, as plain text for a mail: a line for each block."""
    return "\n".join(line for line in _lines(message) if line)


def _lines(node: Mapping[str, Any]) -> Iterator[str]:
    children = node.get("content", ())
    if any(child["type"] in BLOCKS for child in children):
        for child in children:
            yield from _lines(child)
    else:
        yield "".join(_inline(child) for child in children)


def _inline(node: Mapping[str, Any]) -> str:
    if node["type"] == "text":
        return str(node["text"])
    if node["type"] == "mention":
        return f"@{(node.get('attrs') or {}).get('label') or ''}"
    return " "
