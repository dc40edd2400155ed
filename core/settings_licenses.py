"""The settings of licences."""

from __future__ import annotations

from dataclasses import dataclass

from core.settings_checks import files as _files
from core.settings_checks import one_of as _one_of
from core.settings_declared import PREFIX, setting


@dataclass(frozen=True, kw_only=True)
class LicenseSettings:
    """Whether features need licences, and whose licences are good."""

    license_mode: str = setting(
        "LICENSE_MODE",
        "open: every feature may be used. enforced: features need a licence.",
        "open",
        _one_of("open", "enforced"),
    )
    license_public_keys: tuple[str, ...] = setting(
        PREFIX + "LICENSE_PUBLIC_KEYS",
        "Files with public keys (RSA, PEM) of those whose licences are good here for all products, comma separated.",
        (),
        _files,
    )
