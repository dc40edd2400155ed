"""What people do by mail: choose a new password, verify an address."""

from __future__ import annotations

from core.accounts import limits, mail_tokens
from core.accounts.service import by_email, deactivated, set_password
from core.accounts.sessions import actor_of
from core.db.models import User
from core.instance import values as instance
from core.mail.links import link, own_link, require_public_host
from plugin_api import actions, context
from plugin_api.db import session
from plugin_api.errors import ApiError
from plugin_api.mail import Mail
from plugin_api.platform import service


def send_reset_mail(email: str, base_url: str) -> None:
    """Mail a link to choose a new password; nothing happens for an address without an active account."""
    if not instance.values()["allow_reset_password"]:
        raise ApiError("ERROR_DISABLED_RESET_PASSWORD", 400, "Resetting passwords is switched off on this instance.")
    user = by_email(email)
    if user is None or not user.is_active:
        return
    require_public_host(base_url)
    if limits.may_mail("reset", user.email):
        mail_link(user, link(base_url, mail_tokens.reset_token(user)))
        _record("send_reset_user_password", user)


def mail_link(user: User, address: str) -> None:
    """Mail the link to choose a new password with."""
    values = {"email": user.email, "hours": mail_tokens.RESET_HOURS, "link": address}
    service(Mail).send(user.email, "Choose a new password", "reset_password", values)


def reset_password(token: str, password: str) -> None:
    """Set the password of the user a reset token was mailed to; the token is used up and all sessions end."""
    if not instance.values()["allow_reset_password"]:
        raise ApiError("ERROR_DISABLED_RESET_PASSWORD", 400, "Resetting passwords is switched off on this instance.")
    choose_password(token, password)


def choose_password(token: str, password: str) -> None:
    """The same for a link an administrator made, whether people may ask for links or not."""
    user = session().get(User, mail_tokens.reset_user_id(token), with_for_update=True)
    if user is None or not user.is_active:
        raise ApiError("ERROR_USER_NOT_FOUND", 400, "The account is gone.")
    mail_tokens.require_unused(token, user)
    set_password(user, password)
    _record("reset_user_password", user)


def send_verification_mail(user: User | None) -> None:
    """Mail a link that verifies the address; nothing happens when there is nothing to verify."""
    wanted = instance.values()["email_verification"] != instance.NO_VERIFICATION
    if user is None or not user.is_active or user.email_verified or not wanted:
        return
    if not limits.may_mail("verify", user.email):
        return
    values = {
        "email": user.email,
        "hours": mail_tokens.VERIFY_HOURS,
        "link": own_link("auth/verify-email", mail_tokens.verification_token(user)),
    }
    service(Mail).send(user.email, "Verify your e-mail address", "verify_email", values)
    _record("send_verify_email", user)


def verify_email(token: str) -> User:
    """Mark the address of a verification token as verified; 400 for a bad token or one that was used."""
    try:
        user_id, email = mail_tokens.verified(token)
    except mail_tokens.StaleToken:
        raise _invalid_verification() from None
    user = session().get(User, user_id, with_for_update=True)
    if user is None or user.email != email:
        raise _invalid_verification()
    if not user.is_active:
        raise deactivated()
    if user.email_verified:
        raise ApiError("ERROR_EMAIL_ALREADY_VERIFIED", 400, "The e-mail address is verified already.")
    if context.actor().user_id not in (None, user.id):
        raise _invalid_verification()
    user.email_verified = True
    _record("verify_email", user)
    return user


def _record(action: str, user: User) -> None:
    """It is about the account, whoever asks; nobody is signed in here."""
    with context.acting_as(actor_of(user)):
        actions.record(action, scope="root", workspace_id=None, params={"email": user.email})


def _invalid_verification() -> ApiError:
    return ApiError("ERROR_INVALID_VERIFICATION_TOKEN", 400, "The link is too old or not a good one.")
