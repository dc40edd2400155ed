"""The settings of what people do who know the address of a form or a shared view."""

from __future__ import annotations

from dataclasses import dataclass

from core.settings_checks import positive as _positive
from core.settings_declared import PREFIX, setting


@dataclass(frozen=True, kw_only=True)
class VisitorSettings:
    """How much, and how often."""

    form_max_upload_bytes: int = setting(
        PREFIX + "FORM_MAX_UPLOAD_BYTES",
        "Largest file in bytes that people who fill in a form without an account can upload.",
        256 * 1024 * 1024,
        _positive,
    )
    form_uploads_of_address: int = setting(
        PREFIX + "FORM_UPLOADS_OF_ADDRESS",
        "Files that can be uploaded for one form from one address within an hour, without an account.",
        200,
        _positive,
    )
    form_uploads: int = setting(
        PREFIX + "FORM_UPLOADS",
        "Files that can be uploaded for one form from all addresses within an hour, without an account.",
        5000,
        _positive,
    )
    form_submissions_of_address: int = setting(
        PREFIX + "FORM_SUBMISSIONS_OF_ADDRESS",
        "How often one form can be filled in from one address, or by one account, within an hour.",
        5000,
        _positive,
    )
    form_submissions: int = setting(
        PREFIX + "FORM_SUBMISSIONS",
        "How often one form can be filled in from all addresses within an hour.",
        100_000,
        _positive,
    )
    public_exports_of_address: int = setting(
        PREFIX + "PUBLIC_EXPORTS_OF_ADDRESS",
        "Exports of one shared view that can be started from one address, or by one account, within an hour.",
        100,
        _positive,
    )
    public_exports: int = setting(
        PREFIX + "PUBLIC_EXPORTS",
        "Exports of one shared view that can be started from all addresses within an hour.",
        2000,
        _positive,
    )
