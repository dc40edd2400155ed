"""How often something may be done: counted for all processes together."""

from __future__ import annotations

from typing import Protocol

from plugin_api import context
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


def refuse_flood(most_of_one: int, most: int, what: str, seconds: int, code: str, detail: str) -> None:
    """The same with two limits: `most_of_one` for the account, or without one the address, and `most` for everybody.

    Who is refused by the first does not count for the second: nobody uses up what others may do.
    """
    running = context.current()
    user_id = running.actor.user_id
    one = f"user {user_id}" if user_id is not None else running.ip_address or ""
    refuse_more_than(most_of_one, f"{what}:{one}", seconds, code, detail)
    refuse_more_than(most, what, seconds, code, detail)
