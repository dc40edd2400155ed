"""Tokens in invitation mails: signed, good as long as the invitation is."""

from __future__ import annotations

import hashlib

from itsdangerous import BadSignature, URLSafeSerializer

from core.settings import Settings
from plugin_api.errors import ApiError
from plugin_api.platform import service


def issue(invitation_id: int) -> str:
    """The token of an invitation."""
    return str(_signer().dumps(invitation_id))


def read(token: str) -> int:
    """The id of the invitation a token is of; 400 for a token that is not ours."""
    try:
        return int(_signer().loads(token))
    except BadSignature:
        raise ApiError("BAD_TOKEN_SIGNATURE", 400, "The link of the invitation is not a good one.") from None


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(
        service(Settings).secret_key, salt="workspace invitation", signer_kwargs={"digest_method": hashlib.sha256}
    )
