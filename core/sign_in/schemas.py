"""Bodies and answers of the operations on providers."""

from __future__ import annotations

from typing import Any

from marshmallow import fields as mf

from core.sign_in import store
from plugin_api.errors import problem
from plugin_api.schemas import Choice, List, Nested, Schema


class _TypeName(Choice):
    """The kind of a provider; null is as good as nothing."""

    default_error_messages = {"null": [problem("required", "This field is required.")]}


class _OfType(Schema):
    type = _TypeName(store.types, required=True, metadata={"description": "The kind of the provider."})


class NewProviderBody(_OfType):
    """A provider to set up: besides these keys, the settings of its type."""

    domain = mf.String(metadata={"description": "A domain; for SAML that of the addresses it is for."})
    enabled = mf.Boolean(metadata={"description": "Whether people can sign in with it."})

    def load(self, data: Any, **kwargs: Any) -> Any:
        """The type first, since it decides which settings there are."""
        name = _OfType().load(data)["type"]
        kind = store.types()[name]
        return {"type": name, "values": kind.settings_schema().load(data) if kind.can_create else {}}


class ProviderChangesBody(Schema):
    """What to change of a provider: besides these keys, the settings of its type."""

    domain = mf.String(metadata={"description": "A domain; for SAML that of the addresses it is for."})
    enabled = mf.Boolean(metadata={"description": "Whether people can sign in with it."})


class ProviderAnswer(Schema):
    """A provider. It has the settings of its type as well, secrets included."""

    id = mf.Integer()
    type = mf.String()
    domain = mf.String(allow_none=True)
    enabled = mf.Boolean()


class ProviderTypeAnswer(Schema):
    """A kind of provider with its providers."""

    type = mf.String()
    can_create_new = mf.Boolean()
    can_delete_existing = mf.Boolean()
    auth_providers = List(Nested(ProviderAnswer))


class ProviderTypesAnswer(Schema):
    """All kinds of providers."""

    auth_provider_types = List(Nested(ProviderTypeAnswer))
