"""HTTP operations around mails: a new password, a verified address."""

from __future__ import annotations

from typing import Any

from core.accounts import recovery, schemas, service, sessions
from core.accounts.providers import require_password
from plugin_api import context
from plugin_api.http import IGNORED, OPEN, Blueprint

blueprint = Blueprint(
    "account_mails", __name__, url_prefix="/api/user", description="New passwords and verified addresses"
)


@blueprint.operation(
    "POST",
    "/send-reset-password-email/",
    id="send_password_reset_email",
    summary="Ask for a new password",
    description="Mails a link to choose a new password. The answer is the same for addresses without an account. "
    "`base_url` is the page that takes the token, on this instance's own host.",
    body=schemas.ResetMailBody,
    auth=IGNORED,
    errors=("ERROR_REQUEST_BODY_VALIDATION", "ERROR_HOSTNAME_IS_NOT_ALLOWED", "ERROR_DISABLED_RESET_PASSWORD"),
    status=204,
)
def send_password_reset_email(body: dict[str, Any]) -> None:
    """Mail a link."""
    recovery.send_reset_mail(body["email"], body["base_url"])


@blueprint.operation(
    "POST",
    "/reset-password/",
    id="reset_password",
    summary="Choose a new password",
    description="Sets the password of the account the token was mailed to. The token is good once; all sessions end.",
    body=schemas.ResetPasswordBody,
    auth=IGNORED,
    errors=(
        "ERROR_REQUEST_BODY_VALIDATION",
        "BAD_TOKEN_SIGNATURE",
        "EXPIRED_TOKEN_SIGNATURE",
        "ERROR_USER_NOT_FOUND",
        "ERROR_DISABLED_RESET_PASSWORD",
    ),
    status=204,
)
def reset_password(body: dict[str, Any]) -> None:
    """Set the password."""
    recovery.reset_password(body["token"], body["password"])


@blueprint.operation(
    "POST",
    "/send-verify-email/",
    id="send_verify_email",
    summary="Ask for a verification mail",
    description="Mails a link that verifies the address of an account, unless it is verified. The answer is the same "
    "for addresses without an account.",
    body=schemas.VerificationMailBody,
    auth=OPEN,
    errors=("ERROR_REQUEST_BODY_VALIDATION",),
    status=204,
)
def send_verify_email(body: dict[str, Any]) -> None:
    """Mail a link."""
    recovery.send_verification_mail(service.by_email(body["email"]))


@blueprint.operation(
    "POST",
    "/verify-email/",
    id="verify_email",
    summary="Verify an e-mail address",
    description="Marks the address the token was mailed to as verified, and signs its owner in if they are not.",
    body=schemas.VerifyEmailBody,
    response=schemas.SessionAnswer,
    auth=OPEN,
    errors=(
        "ERROR_REQUEST_BODY_VALIDATION",
        "ERROR_INVALID_VERIFICATION_TOKEN",
        "ERROR_EMAIL_ALREADY_VERIFIED",
        "ERROR_DEACTIVATED_USER",
        ("ERROR_AUTH_PROVIDER_DISABLED", 401),
    ),
)
def verify_email(body: dict[str, Any]) -> dict[str, Any]:
    """Verify."""
    user = recovery.verify_email(body["token"])
    if context.actor().user_id == user.id:
        return sessions.user_answer(user)
    require_password(user.is_staff)  # the mail lets in whoever has a password here, and nobody else
    return sessions.begin_session(user)
