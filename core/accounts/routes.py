"""HTTP operations of accounts: signing up and one's own account."""

from __future__ import annotations

from typing import Any

from core.accounts import schemas, service, sessions
from core.accounts.token_routes import blueprint as tokens
from plugin_api.http import IGNORED, Blueprint

users = Blueprint("users", __name__, url_prefix="/api/user", description="Accounts: signing up and one's own account")
blueprints: list[Blueprint] = [users, tokens]


@users.operation(
    "POST",
    "/",
    id="create_user",
    summary="Sign up",
    description="Creates an account. With `authenticate` the answer also starts a session. The first account of an "
    "instance is staff.",
    body=schemas.SignUpBody,
    response=schemas.SessionAnswer,
    auth=IGNORED,
    errors=(
        "ERROR_REQUEST_BODY_VALIDATION",
        "ERROR_EMAIL_ALREADY_EXISTS",
        "ERROR_DEACTIVATED_USER",
        "ERROR_DISABLED_SIGNUP",
        "BAD_TOKEN_SIGNATURE",
        "ERROR_GROUP_INVITATION_DOES_NOT_EXIST",
        "ERROR_GROUP_INVITATION_EMAIL_MISMATCH",
    ),
)
def create_user(body: dict[str, Any]) -> dict[str, Any]:
    """Sign up."""
    user = service.sign_up(body)
    if body["authenticate"]:
        service.require_verified(user)
        return sessions.begin_session(user)
    return {"user": sessions.user_json(user)}
