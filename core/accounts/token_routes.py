"""HTTP operations of sessions: signing in, refreshing, verifying and ending tokens."""

from __future__ import annotations

from typing import Any

from core.accounts import deletion, schemas, service, sessions, tokens
from core.accounts.events import sessions_ended
from core.accounts.tokens import Claims
from core.db.models import User
from plugin_api import actions, context
from plugin_api.errors import ApiError
from plugin_api.http import IGNORED, Blueprint

blueprint = Blueprint("tokens", __name__, url_prefix="/api/user", description="Sessions of signed-in users")


@blueprint.operation(
    "POST",
    "/token-auth/",
    id="token_auth",
    summary="Sign in",
    description="Starts a session: a short access token, and a refresh token to get further ones with. Signing in "
    "takes back the deletion of the account. Failed attempts are limited.",
    body=schemas.SignInBody,
    response=schemas.SessionAnswer,
    auth=IGNORED,
    errors=(
        "ERROR_REQUEST_BODY_VALIDATION",
        "ERROR_INVALID_CREDENTIALS",
        "ERROR_DEACTIVATED_USER",
        "ERROR_AUTH_PROVIDER_DISABLED",
        "ERROR_EMAIL_VERIFICATION_REQUIRED",
        "ERROR_TOO_MANY_LOGIN_ATTEMPTS",
    ),
)
def token_auth(body: dict[str, Any]) -> dict[str, Any]:
    """Sign in."""
    email: str = body.get("email") or body["username"]
    user = service.sign_in(email, body["password"])
    with context.acting_as(sessions.actor_of(user)):
        if user.to_be_deleted:
            deletion.cancel(user)
        actions.record("sign_in_user", scope="root", workspace_id=None, params={"email": user.email})
    return sessions.begin_session(user)


@blueprint.operation(
    "POST",
    "/token-refresh/",
    id="token_refresh",
    summary="Get a new access token",
    description="Answers a new access token of the refresh token's session, with the user as they are now.",
    body=schemas.RefreshBody,
    response=schemas.RefreshAnswer,
    auth=IGNORED,
    errors=("ERROR_INVALID_REFRESH_TOKEN", "ERROR_EMAIL_VERIFICATION_REQUIRED"),
)
def token_refresh(body: dict[str, Any]) -> dict[str, Any]:
    """Refresh."""
    user, claims = _refresh_token(body["refresh_token"] or body["token"])
    return sessions.refreshed(user, claims.session)


@blueprint.operation(
    "POST",
    "/token-verify/",
    id="token_verify",
    summary="Verify a refresh token",
    description="Answers the user a good refresh token belongs to.",
    body=schemas.VerifyBody,
    response=schemas.UserAnswer,
    auth=IGNORED,
    errors=("ERROR_REQUEST_BODY_VALIDATION", "ERROR_INVALID_REFRESH_TOKEN", "ERROR_EMAIL_VERIFICATION_REQUIRED"),
)
def token_verify(body: dict[str, Any]) -> dict[str, Any]:
    """Verify."""
    user, _ = _refresh_token(body["refresh_token"])
    return sessions.user_answer(user)


@blueprint.operation(
    "POST",
    "/token-blacklist/",
    id="token_blacklist",
    summary="Sign off",
    description="Ends a refresh token for good. Access tokens of its session end by themselves, minutes later.",
    body=schemas.SignOffBody,
    auth=IGNORED,
    errors=(
        "ERROR_REQUEST_BODY_VALIDATION",
        "ERROR_INVALID_REFRESH_TOKEN",
        "ERROR_REFRESH_TOKEN_ALREADY_BLACKLISTED",
    ),
    status=204,
)
def token_blacklist(body: dict[str, Any]) -> None:
    """Sign off."""
    try:
        claims = tokens.read(tokens.REFRESH, body["refresh_token"])
    except tokens.BadToken:
        raise _invalid() from None
    if not tokens.revoke(body["refresh_token"], claims.expires_on):
        raise ApiError("ERROR_REFRESH_TOKEN_ALREADY_BLACKLISTED", 400, "The refresh token was ended before.")
    sessions_ended(claims.user_id, claims.session)


def _refresh_token(token: Any) -> tuple[User, Claims]:
    """The user and claims of a good refresh token of a session that goes on."""
    if not isinstance(token, str):
        raise _invalid()
    try:
        claims = tokens.read(tokens.REFRESH, token)
    except tokens.BadToken:
        raise _invalid() from None
    user = service.by_id(claims.user_id)
    if user is None or not user.is_active or tokens.is_revoked(token):
        raise _invalid()
    if (claims.auth_version, claims.refresh_version) != (user.auth_version, user.refresh_version):
        raise _invalid()
    service.require_verified(user)
    return user, claims


def _invalid() -> ApiError:
    return ApiError("ERROR_INVALID_REFRESH_TOKEN", 401, "The refresh token is expired or invalid. Sign in again.")
