"""Links, buttons and files: values with parts of their own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from plugins.formulas.functions.base import LIST, TEXT, Function, Param, plain
from plugins.formulas.functions.lists import count_of
from plugins.formulas.types import Type, boolean, number, text
from plugins.formulas.values import Column

_LINKS = Param("a link or button, from link() or button()", frozenset({"link", "button"}), fill=False)
_FILES = Param("a file; use index() to choose one of several", frozenset({"single_file"}), fill=False)


def _object(url: Column, label: Column) -> Column:
    name, title = sa.literal_column("'url'", sa.Text()), sa.literal_column("'label'", sa.Text())
    return sa.func.jsonb_build_object(name, url, title, label, type_=JSONB())


def _text_of(key: str) -> Callable[[Column], Column]:
    def sql(found: Column) -> Column:
        return sa.type_coerce(found, JSONB).op("->>")(sa.literal_column(f"'{key}'"))

    return sql


def _number_of(key: str) -> Callable[[Column], Column]:
    return lambda found: sa.cast(_text_of(key)(found), sa.Numeric)


def _filled(sql: Callable[[Column], Column]) -> Any:
    return lambda found: sa.func.coalesce(sql(found), "", type_=sa.Text())


def _file(name: str, key: str, numeric: bool = False) -> Function:
    if numeric:
        return Function(name, (_FILES,), plain(number(0, nullable=True), _number_of(key)))
    return Function(name, (_FILES,), plain(text(nullable=True), _text_of(key)))


def _is_image(found: Column) -> Column:
    return sa.func.coalesce(_text_of("is_image")(found) == "true", False)


FUNCTIONS = (
    Function("link", (TEXT,), plain(Type("link"), lambda url: _object(url, sa.null()))),
    Function("button", (TEXT, TEXT), plain(Type("button"), _object)),
    Function("get_link_url", (_LINKS,), plain(text(), _filled(_text_of("url")))),
    Function("get_link_label", (_LINKS,), plain(text(), _filled(_text_of("label")))),
    _file("get_file_visible_name", "visible_name"),
    _file("get_file_mime_type", "mime_type"),
    _file("get_file_size", "size", numeric=True),
    _file("get_image_width", "image_width", numeric=True),
    _file("get_image_height", "image_height", numeric=True),
    Function("is_image", (_FILES,), plain(boolean(), _is_image)),
    Function("get_file_count", (LIST,), lambda args: count_of(args[0])),
)
