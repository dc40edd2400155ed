"""Pages of long lists."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import request

from plugin_api.schemas import as_int

SIZE = 25


@dataclass(frozen=True)
class Pager:
    """Where in a list the page is."""

    number: int
    total: int

    @property
    def last(self) -> int:
        """The number of the last page."""
        return max((self.total + SIZE - 1) // SIZE, 1)

    def address(self, number: int) -> str:
        """The address of another page of the list."""
        return with_query(page=number if number > 1 else None)


def number() -> int:
    """The number of the page that is asked for; the first for what is none."""
    found = as_int(request.args.get("page")) or 1
    return found if 0 < found < 1_000_000 else 1


def with_query(**changes: Any) -> str:
    """This page's address with other values in its query."""
    values = {**request.args.to_dict(), **changes}
    return "?" + urlencode({name: value for name, value in values.items() if value not in (None, "")})
