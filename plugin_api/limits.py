"""How often something may be done: counted for all processes together."""

from __future__ import annotations

from typing import Protocol

from plugin_api.errors import ApiError
from plugin_api.platform import service


class Limits(Protocol):
    """The service that counts."""

    def count(self, what: str, seconds: int) -> tuple[int, int]:
        """Count one more; answers how many there were since the first one, and the seconds until counting ends.

        Counting begins anew `seconds` after the first one.
        """


def refuse_more_than(most: int, what: str, seconds: int, code: str, detail: str) -> None:
    """Count one more; 429 with `code` and a Retry-After header when it is more than `most` within `seconds`.

    `what` names what is counted and for whom, such as "form_uploads:7:203.0.113.9".
    """
    number, left = service(Limits).count(what, seconds)
    if number > most:
        raise ApiError(code, 429, f"{detail} Try again in {left} seconds.", {"Retry-After": str(left)})
