"""Which licences count on the whole instance as long as no licence plugin says otherwise."""

from __future__ import annotations

from core.settings import Settings
from plugin_api.platform import service


def unlocked() -> dict[str, bool]:
    """In open mode everything is unlocked, and clients are told so in their own terms."""
    return {"enterprise": True} if service(Settings).license_mode == "open" else {}
