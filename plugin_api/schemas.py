"""marshmallow fields and schemas whose errors carry the contract's codes (required, blank, min_length, ...)."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Mapping
from typing import Any

import marshmallow as ma
from marshmallow import fields as mf

from plugin_api.errors import ApiError, problem

MAX_INT = 2**63 - 1
_TRUE = {True, "true", "True", "TRUE", "t", "T", "y", "Y", "yes", "Yes", "YES", "on", "On", "ON", "1"}
_FALSE = {False, "false", "False", "FALSE", "f", "F", "n", "N", "no", "No", "NO", "off", "Off", "OFF", "0"}


def invalid(code: str, message: str) -> ma.ValidationError:
    """A validation error in the API's shape, to raise from a field or a schema's validator."""
    return ma.ValidationError([problem(code, message)])


def _messages(**messages: str) -> dict[str, Any]:
    return {code: [problem(code, text)] for code, text in messages.items()}


_COMMON = {
    "required": [problem("required", "This field is required.")],
    "null": [problem("null", "This field may not be null.")],
    "validator_failed": [problem("invalid", "Not a valid value.")],
}


class Schema(ma.Schema):
    """Base of all schemas: unknown keys are ignored, a body that is not an object is `non_field_errors`."""

    class Meta:
        unknown = ma.EXCLUDE

    def handle_error(self, error: ma.ValidationError, data: Any, **kwargs: Any) -> None:
        """Give marshmallow's own messages (wrong type of the whole body) the API's shape."""
        if isinstance(error.messages, dict) and "_schema" in error.messages:
            found = error.messages.pop("_schema")
            shaped = [m if isinstance(m, dict) else problem("invalid", str(m)) for m in found]
            error.messages["non_field_errors"] = shaped


class FlatErrors(Schema):
    """A body whose problems are told as plain texts by field, beside the usual detail."""

    def handle_error(self, error: ma.ValidationError, data: Any, **kwargs: Any) -> None:
        """Answer 400 with both shapes."""
        super().handle_error(error, data, **kwargs)
        found: dict[str, Any] = error.normalized_messages()  # type: ignore[no-untyped-call]
        texts = {key: [one["error"] for one in problems] for key, problems in found.items()}
        raise ApiError("ERROR_REQUEST_BODY_VALIDATION", 400, found, extra=texts)


class Str(mf.String):
    """Text. Trimmed unless `trim=False`; numbers are taken as text; blank is refused unless `allow_blank`."""

    default_error_messages = {
        **_COMMON,
        **_messages(invalid="Not a valid text.", blank="This field may not be blank."),
        **_messages(invalid_utf8="Not valid text: it has characters that cannot be stored."),
    }

    def __init__(
        self,
        *,
        min_length: int | None = None,
        max_length: int | None = None,
        allow_blank: bool = False,
        trim: bool = True,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.min_length, self.max_length = min_length, max_length
        self.allow_blank, self.trim = allow_blank, trim

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise self.make_error("invalid")
        text = str(value).strip() if self.trim else str(value)
        if not text and not self.allow_blank:
            raise self.make_error("blank")
        self._check_length(text)
        return text

    def _check_length(self, text: str) -> None:
        if self.max_length is not None and len(text) > self.max_length:
            raise invalid("max_length", f"Ensure this field has no more than {self.max_length} characters.")
        if self.min_length is not None and len(text) < self.min_length and text:
            raise invalid("min_length", f"Ensure this field has at least {self.min_length} characters.")


_EMAIL = re.compile(
    r"[^@\s\"(),:;<>\[\\\]]{1,64}@(?=.{1,253}$)([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}"
)


class Email(Str):
    """An e-mail address, lower-cased."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if not _EMAIL.fullmatch(text):
            raise invalid("invalid", "Enter a valid e-mail address.")
        return text.lower()


_URL = re.compile(r"https?://(\[[0-9a-f:.]+\]|[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?)(:\d{1,5})?([/?#]\S*)?", re.IGNORECASE)


class Url(Str):
    """An absolute http or https address."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if not _URL.fullmatch(text):
            raise invalid("invalid", "Enter a valid address that starts with http:// or https://.")
        return text


class NewPassword(Str):
    """A password that is set: trimmed, 8 to 256 characters."""

    shortest, longest = 8, 256

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:
        password = super()._deserialize(value, attr, data, **kwargs)
        if len(password) < self.shortest:
            raise invalid("password_validation_failed", f"Use at least {self.shortest} characters.")
        if len(password) > self.longest:
            raise invalid("password_validation_failed", f"Use no more than {self.longest} characters.")
        return password


class Int(mf.Integer):
    """A whole number; texts of digits are taken. Beyond a bigint is refused."""

    default_error_messages = {**_COMMON, **_messages(invalid="A valid whole number is required.")}

    def __init__(self, *, min_value: int | None = None, max_value: int | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.min_value, self.max_value = min_value, max_value

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> int:
        number = as_int(value)
        if number is None:
            raise self.make_error("invalid")
        if self.max_value is not None and number > self.max_value:
            raise invalid("max_value", f"Ensure this value is at most {self.max_value}.")
        if self.min_value is not None and number < self.min_value:
            raise invalid("min_value", f"Ensure this value is at least {self.min_value}.")
        if abs(number) > MAX_INT:
            raise self.make_error("invalid")
        return number


def as_int(value: Any) -> int | None:
    """The whole number in a JSON value or in a text of digits; None when it is none."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, float) and math.isfinite(value) and value.is_integer():
        return int(value)
    if isinstance(value, str) and re.fullmatch(r"\s*[+-]?\d{1,19}(\.0*)?\s*", value, re.ASCII):
        return int(value.strip().split(".")[0])
    return None


class Bool(mf.Boolean):
    """true or false; the usual texts for them are taken."""

    default_error_messages = {**_COMMON, **_messages(invalid="Must be true or false.")}

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> bool:
        try:
            if value in _TRUE:
                return True
            if value in _FALSE:
                return False
        except TypeError:
            pass  # unhashable, so neither
        raise self.make_error("invalid")


class Choice(mf.Field[Any]):
    """One of a fixed set of values; `choices` may be a function, asked on each use."""

    default_error_messages = {**_COMMON, **_messages(invalid_choice="Not a valid choice.")}

    def __init__(self, choices: Collection[Any] | Callable[[], Collection[Any]], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._choices = choices

    @property
    def choices(self) -> list[Any]:
        """The values that are allowed now."""
        return list(self._choices() if callable(self._choices) else self._choices)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> Any:
        for choice in self.choices:
            if value == choice or (isinstance(choice, int) and str(value) == str(choice)):
                return choice
        raise invalid("invalid_choice", f'"{str(value)[:100]}" is not a valid choice.')


class Dict(mf.Dict):
    """A JSON object of any keys."""

    default_error_messages = {
        **_COMMON,
        "invalid": [problem("not_a_dict", "Expected an object.")],
    }


class Any_(mf.Raw):
    """Any JSON value."""

    default_error_messages = {**_COMMON}


class List(mf.List[Any]):
    """A list; errors of its items are keyed by their index. `not_empty` refuses [] with the code `empty`."""

    default_error_messages = {
        **_COMMON,
        "invalid": [problem("not_a_list", "Expected a list of items.")],
        "empty": [problem("empty", "This list may not be empty.")],
    }

    def __init__(
        self,
        inner: Any,
        *,
        min_length: int | None = None,
        max_length: int | Callable[[], int] | None = None,
        not_empty: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(inner, **kwargs)
        self.min_length, self._max_length, self.not_empty = min_length, max_length, not_empty

    @property
    def max_length(self) -> int | None:
        """The most items it may have; a setting of the instance where a function was given."""
        return self._max_length() if callable(self._max_length) else self._max_length

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> list[Any]:
        if not isinstance(value, list):
            raise self.make_error("invalid")
        if self.not_empty and not value:
            raise self.make_error("empty")
        if self.min_length is not None and len(value) < self.min_length:
            raise invalid("min_length", f"Ensure this field has at least {self.min_length} elements.")
        most = self.max_length
        if most is not None and len(value) > most:
            raise invalid("max_length", f"Ensure this field has no more than {most} elements.")
        return super()._deserialize(value, attr, data, **kwargs)


class Items(List):
    """A list of objects of another schema. Its errors are a list too, with `{}` for the items that fit."""

    def __init__(self, schema: type[Schema], **kwargs: Any) -> None:
        super().__init__(mf.Nested(schema), **kwargs)
        self._item = schema

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> list[Any]:
        if not isinstance(value, list):
            raise ma.ValidationError({"non_field_errors": [problem("not_a_list", "Expected a list of items.")]})
        schema, loaded = self._item(), []
        errors: list[Any] = []
        for item in value:
            try:
                loaded.append(schema.load(item))
                errors.append({})
            except ma.ValidationError as error:
                errors.append(error.messages)
        if any(errors):
            raise ma.ValidationError(errors)
        return loaded


def refuse_unknown(schema: ma.Schema, original: Any) -> None:
    """Raise for keys the schema does not have; call it from a `validates_schema(pass_original=True)`."""
    unknown = sorted(set(original) - set(schema.fields)) if isinstance(original, Mapping) else []
    if unknown:
        names = ", ".join(str(name)[:50] for name in unknown[:5])
        raise ma.ValidationError([problem("invalid", f"Unknown keys: {names}.")], "non_field_errors")


class Nested(mf.Nested):
    """An object of another schema."""

    default_error_messages = {
        **_COMMON,
        "type": [problem("invalid", "Expected an object.")],
    }


class NestedList(mf.List[Any]):
    """A list of objects of another schema; its errors are a list with an entry for each object."""

    default_error_messages = {**_COMMON}

    def __init__(self, schema: type[Schema], *, max_length: int | None = None, **kwargs: Any) -> None:
        super().__init__(Nested(schema), **kwargs)
        self.schema_class, self.max_length = schema, max_length

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> list[Any]:
        if not isinstance(value, list):
            raise ma.ValidationError({"non_field_errors": [problem("not_a_list", "Expected a list of items.")]})
        if self.max_length is not None and len(value) > self.max_length:
            too_many = problem("max_length", f"Ensure this field has no more than {self.max_length} elements.")
            raise ma.ValidationError({"non_field_errors": [too_many]})
        schema, loaded, errors = self.schema_class(), list[Any](), list[dict[str, Any]]()
        for item in value:
            try:
                loaded.append(schema.load(item))
                errors.append({})
            except ma.ValidationError as error:
                errors.append(error.messages_dict)
        if any(errors):
            raise ma.ValidationError(errors)
        return loaded
