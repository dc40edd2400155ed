"""Licences for tests, signed with a pair of keys made for them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from plugins.licenses import keys, texts
from plugins.licenses.texts import Licence

PRIVATE, PUBLIC = keys.make()
OTHER, _ = keys.make()
NOW = datetime.now(UTC)


def issue(instance_id: str, private: bytes = PRIVATE, **changes: Any) -> str:
    """A licence for two people to use what is premium, from yesterday on; or with something else in it."""
    said: dict[str, Any] = {
        "id": str(uuid4()),
        "valid_from": NOW - timedelta(days=1),
        "valid_through": NOW + timedelta(days=100),
        "product_code": "premium",
        "seats": 2,
        "application_users": 10,
        "issued_on": NOW,
        "issued_to_email": "buyer@example.com",
        "issued_to_name": "Buyer",
        "instance_id": instance_id,
    }
    return texts.write(Licence(**{**said, **changes}), keys.private_key(private))
