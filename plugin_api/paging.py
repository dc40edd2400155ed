"""Pages of lists: windows given by limit and offset, or by page and size, with links to their neighbours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import sqlalchemy as sa
from flask import request
from marshmallow import fields as mf

from plugin_api.db import session
from plugin_api.errors import ApiError
from plugin_api.schemas import MAX_INT, Schema, as_int

MOST = 100
_MAX_PAGE = 2**31


class PageQuery(Schema):
    """Which page of a list; what cannot be read is looked at where the window is made."""

    page = mf.Raw(metadata={"description": "The number of the page; 1 when it is not given."})
    size = mf.Raw(metadata={"description": "How many a page, at most 100; 100 when it is not given."})


class PageAnswer(Schema):
    """A window of a list; its `results` are added where it is known what they are."""

    count = mf.Integer(metadata={"description": "How many there are on all pages."})
    next = mf.String(allow_none=True, metadata={"description": "The address of the next page."})
    previous = mf.String(allow_none=True, metadata={"description": "The address of the page before."})


@dataclass(frozen=True)
class Window:
    """A part of a list: `limit` entries after the first `offset` ones. `paged`: asked for by page and size."""

    limit: int
    offset: int
    paged: bool = False

    def answer(self, total: int, results: Sequence[Any]) -> dict[str, Any]:
        """The answer of a list operation: count, next, previous, results."""
        return {**self.head(total), "results": list(results)}

    def head(self, total: int) -> dict[str, Any]:
        """The same without the results."""
        following = self._url(self.offset + self.limit) if self.offset + self.limit < total else None
        previous = self._url(max(self.offset - self.limit, 0)) if self.offset > 0 else None
        return {"count": total, "next": following, "previous": previous}

    def _url(self, offset: int) -> str:
        """This request's address with another window; the first one is the one without a number."""
        if self.paged:
            number = offset // self.limit + 1
            return _address({"page": str(number) if number > 1 else None})
        return _address({"limit": str(self.limit), "offset": str(offset) if offset else None})


def _address(changed: dict[str, str | None]) -> str:
    pairs = [pair for pair in request.args.items(multi=True) if pair[0] not in changed]
    pairs += [(name, value) for name, value in changed.items() if value is not None]
    query = urlencode(sorted(pairs, key=lambda pair: pair[0]))
    return f"{request.base_url}?{query}" if query else request.base_url


def window() -> Window:
    """The window the query's `limit` and `offset` ask for; what cannot be read falls back to the first 100."""
    limit, offset = as_int(request.args.get("limit")), as_int(request.args.get("offset"))
    return Window(min(limit if limit and limit > 0 else MOST, MOST), min(max(offset or 0, 0), MAX_INT))


def window_or_page() -> Window:
    """The window of `limit` and `offset` when one of them is given, else that of `page` and `size`.

    400 ERROR_PAGE_SIZE_LIMIT for more than 100 entries a page; what cannot be read falls back to the first page.
    """
    if "limit" in request.args or "offset" in request.args:
        return window()
    page, size = _page_and_size()
    if size is not None and size > MOST:
        raise ApiError("ERROR_PAGE_SIZE_LIMIT", 400, f"A page has at most {MOST} entries.")
    return _of_page(page, size)


def page_or_most() -> Window:
    """The window of `page` and `size`; what cannot be read, or is too much, falls back to what there is at most."""
    page, size = _page_and_size()
    return _of_page(page, size if size and size <= MOST else None)


def _page_and_size() -> tuple[int | None, int | None]:
    return as_int(request.args.get("page")), as_int(request.args.get("size"))


def _of_page(page: int | None, size: int | None) -> Window:
    size = size if size and size > 0 else MOST
    return Window(size, ((page if page and 0 < page < _MAX_PAGE else 1) - 1) * size, paged=True)


def counted(
    query: sa.Select[*tuple[Any, ...]], order: Sequence[sa.ColumnElement[Any]], limit: int, offset: int
) -> tuple[int, Sequence[Any]]:
    """How many rows a query has, and a window of them in an order: two queries."""
    total = session().scalar(query.with_only_columns(sa.func.count(), maintain_column_froms=True)) or 0
    return total, session().execute(query.order_by(*order).limit(limit).offset(offset)).all()
