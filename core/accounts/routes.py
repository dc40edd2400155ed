"""HTTP operations of accounts: signing up and one's own account."""

from __future__ import annotations

from typing import Any

from core.accounts import dashboard, deletion, recovery, schemas, service, sessions
from core.accounts.mail_routes import blueprint as mails
from core.accounts.token_routes import blueprint as tokens
from plugin_api.http import IGNORED, Blueprint

users = Blueprint("users", __name__, url_prefix="/api/user", description="Accounts: signing up and one's own account")
blueprints: list[Blueprint] = [users, tokens, mails]


@users.operation(
    "POST",
    "/",
    id="create_user",
    summary="Sign up",
    description="Creates an account. With `authenticate` the answer also starts a session, unless the "
    "address must be verified first. The first account of an "
    "instance is staff.",
    body=schemas.SignUpBody,
    response=schemas.SessionAnswer,
    auth=IGNORED,
    errors=(
        "ERROR_REQUEST_BODY_VALIDATION",
        "ERROR_EMAIL_ALREADY_EXISTS",
        "ERROR_DEACTIVATED_USER",
        "ERROR_DISABLED_SIGNUP",
        "ERROR_AUTH_PROVIDER_DISABLED",
        "BAD_TOKEN_SIGNATURE",
        "ERROR_GROUP_INVITATION_DOES_NOT_EXIST",
        "ERROR_GROUP_INVITATION_EMAIL_MISMATCH",
    ),
)
def create_user(body: dict[str, Any]) -> dict[str, Any]:
    """Sign up."""
    user = service.sign_up(body)
    recovery.send_verification_mail(user)
    if body["authenticate"] and not service.must_verify(user):
        return sessions.begin_session(user)
    return {"user": sessions.user_json(user)}


@users.operation(
    "PATCH",
    "/account/",
    id="update_account",
    summary="Change one's account",
    description="Changes the name, the language, how often notifications are mailed, or how far the introduction has "
    "come. Finished tours are added to those finished before.",
    body=schemas.AccountBody,
    response=schemas.AccountAnswer,
    errors=("ERROR_REQUEST_BODY_VALIDATION",),
)
def update_account(body: dict[str, Any]) -> dict[str, Any]:
    """Change the account."""
    changed = sessions.user_json(service.change_account(body))
    return {key: changed[key] for key in schemas.AccountAnswer().fields}


@users.operation(
    "POST",
    "/change-password/",
    id="change_password",
    summary="Change one's password",
    description="Sets a new password. All sessions end, also the one this is called from.",
    body=schemas.ChangePasswordBody,
    errors=("ERROR_REQUEST_BODY_VALIDATION", "ERROR_INVALID_OLD_PASSWORD", "ERROR_TOO_MANY_LOGIN_ATTEMPTS"),
    status=204,
)
def change_password(body: dict[str, Any]) -> None:
    """Change the password."""
    service.change_password(body["old_password"], body["new_password"])


@users.operation(
    "POST",
    "/schedule-account-deletion/",
    id="schedule_account_deletion",
    summary="Delete one's account",
    description="Marks the account for deletion after the grace time of the instance. Until then signing in takes "
    "it back. The last administrator of an instance cannot leave.",
    errors=("ERROR_USER_IS_LAST_ADMIN",),
    status=204,
)
def schedule_account_deletion() -> None:
    """Mark for deletion."""
    deletion.schedule()


@users.operation(
    "GET",
    "/dashboard/",
    id="dashboard",
    summary="See what waits for the user",
    description="Lists the invitations to workspaces that were sent to the user's address.",
    response=schemas.DashboardAnswer,
)
def show_dashboard() -> dict[str, Any]:
    """The dashboard."""
    return {"workspace_invitations": dashboard.invitations()}
