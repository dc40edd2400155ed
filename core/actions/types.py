"""The action types there are: the core's own and the plugins'."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from plugin_api.actions import ActionType
from plugin_api.platform import registry


class ActionTypes:
    """Finds action types by name."""

    def __init__(self, own: Iterable[ActionType]) -> None:
        self._own = {found.type: found for found in own}

    def get(self, name: str) -> ActionType | None:
        """The type; None when neither the core nor a loaded plugin provides it."""
        return self._own.get(name) or registry("action_types").get(name)

    def undoable(self) -> list[str]:
        """The names of the types that can be undone and redone."""
        return [found.type for found in self.all().values() if found.undo]

    def all(self) -> Mapping[str, ActionType]:
        """Every type by its name."""
        plugged = registry("action_types")
        return {**{name: plugged[name] for name in plugged}, **self._own}


ON_ACCOUNTS = [
    ActionType("create_user", 'Account "%(email)s" created'),
    ActionType("update_user", 'Account "%(email)s" changed'),
    ActionType("change_user_password", 'Password of "%(email)s" changed', title="Change password"),
    ActionType("reset_user_password", 'Password of "%(email)s" reset by mail', title="Reset password"),
    ActionType(
        "send_reset_user_password", 'Link for a new password mailed to "%(email)s"', title="Request password reset"
    ),
    ActionType("send_verify_email", 'Link to verify "%(email)s" mailed', title="Request address verification"),
    ActionType("verify_email", 'E-mail address "%(email)s" verified', title="Verify e-mail address"),
    ActionType("delete_user", 'Account "%(email)s" deleted by an administrator'),
    ActionType("impersonate_user", 'Signed in as "%(email)s" by an administrator'),
    ActionType(
        "make_reset_link", 'Link for a new password of "%(email)s" made by an administrator', title="Make password link"
    ),
    ActionType("remove_user", 'Account "%(email)s" removed after its grace time'),
    ActionType("schedule_user_deletion", 'Account "%(email)s" marked for deletion'),
    ActionType("cancel_user_deletion", 'Deletion of account "%(email)s" cancelled'),
    ActionType("sign_in_user", '"%(email)s" signed in', title="Sign in"),
]
ON_THE_INSTANCE = [
    ActionType(
        "create_auth_provider",
        'Provider "%(name)s" (%(auth_provider_type)s) set up to sign in with',
        title="Create sign-in provider",
    ),
    ActionType(
        "update_auth_provider", 'Provider "%(name)s" (%(auth_provider_type)s) changed', title="Update sign-in provider"
    ),
    ActionType(
        "delete_auth_provider", 'Provider "%(name)s" (%(auth_provider_type)s) removed', title="Delete sign-in provider"
    ),
    ActionType("update_settings", "Instance settings changed", title="Update instance settings"),
    ActionType(
        "cancel_job_of_user", "Job %(job)s (%(type)s) cancelled by an administrator", title="Cancel job of user"
    ),
    ActionType("update_plugin", 'Plugin "%(plugin)s" switched %(state)s', title="Switch plugin"),
]
