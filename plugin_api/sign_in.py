"""Ways to sign in: what a plugin says about a kind of provider, and how it lets people in."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Protocol

from plugin_api.platform import service
from plugin_api.schemas import Bool, Schema, Str

FLOW_ERROR = "errorAuthFlowError"
NO_PROVIDER = "errorProviderDoesNotExist"
OTHER_PROVIDER = "errorDifferentProvider"
DEACTIVATED = "errorUserDeactivated"
SIGN_UP_DISABLED = "errorSignupDisabled"
INVITATION_MISMATCH = "errorGroupInvitationEmailMismatch"


class SignInRefused(Exception):
    """Somebody is not let in; `code` is what the page for errors is told."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code


@dataclass(frozen=True)
class Provider:
    """A way to sign in that an administrator set up.

    settings: what they entered, by the names of the type's schema, secrets included.
    kept: what the type itself keeps with it, such as addresses it has looked up.
    """

    id: int
    type: str
    domain: str | None
    enabled: bool
    settings: Mapping[str, Any] = field(default_factory=dict, repr=False)
    kept: Mapping[str, Any] = field(default_factory=dict, repr=False)


class ProviderSettings(Schema):
    """What administrators enter for every kind of provider; a type's schema adds its own."""

    domain = Str(load_default=None, allow_none=True, max_length=255, metadata={"description": "A domain, as a note."})
    enabled = Bool(load_default=True, metadata={"description": "Whether people can sign in with it."})


SettingsClass = type[ProviderSettings]


class AuthProviderType(ABC):
    """A kind of provider.

    type: its name in the API. order: where it stands among the types; those with the same by name.
    settings_schema: what administrators enter.
    secrets: settings that are kept encrypted. Staff see them again.
    can_create, can_delete: whether there may be any number of providers; else there is one for good.
    """

    type: ClassVar[str]
    order: ClassVar[int] = 100
    settings_schema: ClassVar[SettingsClass]
    secrets: ClassVar[Sequence[str]] = ()
    can_create: ClassVar[bool] = True
    can_delete: ClassVar[bool] = True

    def prepare(self, provider: Provider, before: Provider | None) -> Mapping[str, Any]:
        """What to keep with a provider that is made (`before` is None) or changed. ApiError refuses it.

        Called outside of a transaction: it may ask other servers.
        """
        return before.kept if before else {}

    def check(self, provider: Provider, others: Sequence[Provider]) -> None:
        """Refuse a provider that does not go together with others of the type; in the transaction that stores it."""

    def shown(self, provider: Provider) -> Mapping[str, Any]:
        """Keys of the provider's JSON besides its settings."""
        return {}

    def about(self) -> Mapping[str, Any]:
        """Keys of the type's JSON in the list of types."""
        return {}

    @abstractmethod
    def login_option(self, enabled: Sequence[Provider]) -> Any:
        """The JSON value for the sign-in page, of the enabled providers; there is at least one."""


@dataclass(frozen=True)
class Person:
    """Who somebody is by a provider's word.

    verified: whether the provider says that the address is theirs; None when it does not say.
    language: that of a new account. invitation: the token of an invitation to a workspace, or nothing.
    """

    email: str
    name: str
    verified: bool | None
    language: str = "en"
    invitation: str = ""


@dataclass(frozen=True)
class Entered:
    """A new session: its refresh token and its id."""

    token: str
    user_session: str


class SignIn(Protocol):
    """The service that knows the providers and lets people in."""

    def providers(self, type_name: str) -> list[Provider]:
        """The enabled providers of a type, in the order they were made: one query."""

    def provider(self, provider_id: int) -> Provider | None:
        """An enabled provider: one query."""

    def keep(self, provider_id: int, values: Mapping[str, Any]) -> None:
        """Change some of what a provider's type keeps with it."""

    def enter(self, provider: Provider, person: Person) -> Entered:
        """Sign somebody in, with a new account if need be. SignInRefused when they are not let in."""


def providers(type_name: str) -> list[Provider]:
    """The enabled providers of a type, in the order they were made: one query."""
    return service(SignIn).providers(type_name)


def provider(provider_id: int) -> Provider | None:
    """An enabled provider: one query."""
    return service(SignIn).provider(provider_id)


def keep(provider_id: int, values: Mapping[str, Any]) -> None:
    """Change some of what a provider's type keeps with it."""
    service(SignIn).keep(provider_id, values)


def enter(provider: Provider, person: Person) -> Entered:
    """Sign somebody in whom a provider knows, with a new account if need be. SignInRefused when they are not let in.

    An account that can be signed in to in another way stays with that way.
    """
    return service(SignIn).enter(provider, person)
