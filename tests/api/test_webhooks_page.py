"""The code of docs/webhooks.md verifies what is really sent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.api.test_webhooks import Table, receiver, table
from tests.docs.pages import blocks
from tests.receiver import Receiver, deliver

__all__ = ["receiver", "table"]


@pytest.fixture
def is_genuine() -> Callable[..., bool]:
    """The function of the page."""
    [code] = [block.text for block in blocks("docs/webhooks.md") if block.language == "python"]
    found: dict[str, Any] = {}
    exec(code, found)  # noqa: S102 - it is our own page
    return found["is_genuine"]  # type: ignore[no-any-return]


def test_the_page_s_code_knows_genuine_deliveries(
    table: Table, receiver: Receiver, is_genuine: Callable[..., bool]
) -> None:
    secret = table.hook(receiver.url, "rows.created")["signing_secret"]
    table.add("Cid")
    deliver()
    [came] = receiver.received
    assert is_genuine(secret, came.headers, came.raw)
    assert not is_genuine(secret, came.headers, came.raw + b" ")
    assert not is_genuine("whsec_" + "A" * 32, came.headers, came.raw)
    assert not is_genuine(secret, {**came.headers, "webhook-id": "other"}, came.raw)
    old = {**came.headers, "webhook-timestamp": str(int(came.headers["webhook-timestamp"]) - 301)}
    assert not is_genuine(secret, old, came.raw)
