"""Letting people in whom a provider knows: finding or making their account, and a new session."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import marshmallow as ma
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from core.accounts import deletion, tokens
from core.accounts.service import create_user, sign_ups_are_open
from core.accounts.sessions import actor_of
from core.accounts.state import UserStates
from core.db.models import AuthProvider, ProvidedAccount, User
from core.settings import JOIN, Settings
from core.sign_in import store
from core.workspaces import invitations
from plugin_api import actions, context, sign_in
from plugin_api.db import session
from plugin_api.errors import ApiError, TryAgain
from plugin_api.platform import service
from plugin_api.schemas import Email
from plugin_api.sign_in import Entered, Person, Provider, SignInRefused


class ProvidedSignIn:
    """Implements `plugin_api.sign_in.SignIn`."""

    def providers(self, type_name: str) -> list[Provider]:
        """The enabled providers of a type."""
        return store.every(only_enabled=True).get(type_name, [])

    def provider(self, provider_id: int) -> Provider | None:
        """An enabled provider of a type that can be used."""
        try:
            row, _ = store.find(provider_id)
        except ApiError:
            return None
        return store.provider(row) if row.enabled else None

    def keep(self, provider_id: int, values: Mapping[str, Any]) -> None:
        """Merge in the database, so that no other change is lost."""
        merged = AuthProvider.kept.op("||")(sa.cast(dict(values), AuthProvider.kept.type))
        session().execute(sa.update(AuthProvider).where(AuthProvider.id == provider_id).values(kept=merged))

    def enter(self, provider: Provider, person: Person) -> Entered:
        """Find or make the account, accept an invitation, begin a session."""
        person = _checked(person)
        user = session().scalar(sa.select(User).where(User.email == person.email).with_for_update())
        if user is not None:
            _require_own(user, provider, person)
        invitation = _invitation(person)
        user = user or _made(person, invited=invitation is not None)
        _belongs(user, provider)
        user.email_verified = True
        user.last_login = datetime.now(UTC)
        with context.acting_as(actor_of(user)):
            if invitation is not None:
                invitations.accept(invitation)
            if user.to_be_deleted:
                deletion.cancel(user)
            params = {"email": user.email, "auth_provider_id": provider.id, "auth_provider_type": provider.type}
            actions.record("sign_in_user", scope="root", workspace_id=None, params=params)
        user_session = str(uuid.uuid4())
        return Entered(tokens.issue(tokens.REFRESH, user, user_session), user_session)


def _checked(person: Person) -> Person:
    """The person with an address and a name that can be stored; refused when the provider has not verified it."""
    if person.verified is False:
        raise SignInRefused(sign_in.FLOW_ERROR, "the provider has not verified the e-mail address")
    try:
        email: str = Email(max_length=254).deserialize(person.email)
    except ma.ValidationError:
        email = ""
    if not email or not email.isprintable():
        raise SignInRefused(sign_in.FLOW_ERROR, "the provider gave no e-mail address")
    name = "".join(letter for letter in person.name if letter.isprintable()).strip()
    return replace(person, email=email, name=name[:150] if len(name) > 1 else email.partition("@")[0])


def _require_own(user: User, provider: Provider, person: Person) -> None:
    """Refuse unless the account is active, and the provider's or to be taken over by the setting or for lack of any.

    Somebody else's word for an address must not open an account that its owner signs in to in another way.
    """
    if not user.is_active:
        raise SignInRefused(sign_in.DEACTIVATED, "the account was deactivated")
    mine = sa.select(ProvidedAccount.auth_provider_id).where(ProvidedAccount.user_id == user.id)
    known = set(session().scalars(mine))
    if provider.id in known:
        return
    nobodys = not known and not user.password
    may_join = nobodys or service(Settings).existing_accounts == JOIN
    if not (may_join and person.verified):
        raise SignInRefused(sign_in.OTHER_PROVIDER, "the account is signed in to in another way")
    if not user.email_verified:
        _expel(user)


def _expel(user: User) -> None:
    """Whoever made an account with an address they never proved to have has no way to it any more."""
    user.password = ""
    user.auth_version += 1
    service(UserStates).changed(user.id)


def _invitation(person: Person) -> int | None:
    """The id of the invitation they come with, if it waits; refused when it is for somebody else."""
    if not person.invitation:
        return None
    try:
        found = invitations.by_token(person.invitation)
    except ApiError:
        return None  # it was accepted or withdrawn meanwhile, or never was one
    if found["email"] != person.email:
        raise SignInRefused(sign_in.INVITATION_MISMATCH, "the invitation is for another address")
    return int(found["id"])


def _made(person: Person, invited: bool) -> User:
    """A new account, without a password."""
    if not sign_ups_are_open(invited):
        raise SignInRefused(sign_in.SIGN_UP_DISABLED, "signing up is switched off")
    try:
        user = create_user(person.name, person.email, "", language=person.language)
    except ApiError:
        raise TryAgain("The account was made by another request meanwhile.") from None
    with context.acting_as(actor_of(user)):
        actions.record("create_user", scope="root", workspace_id=None, params={"email": user.email})
    return user


def _belongs(user: User, provider: Provider) -> None:
    row = insert(ProvidedAccount).values(auth_provider_id=provider.id, user_id=user.id)
    session().execute(row.on_conflict_do_nothing())
