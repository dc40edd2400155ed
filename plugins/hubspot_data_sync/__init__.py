"""The data sync type `hubspot_contacts`: the contacts of a HubSpot account."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar

from plugin_api import Plugin, hookimpl
from plugin_api.schemas import Schema, Str
from plugins.data_sync.kinds import DataSyncType, Progress, Property, ReadsMixin, Settings, SyncError
from plugins.data_sync.properties import MOMENT
from plugins.data_sync.requests import Client, inner, listed, no_progress
from plugins.data_sync.requests import moment as as_moment

plugin = Plugin(
    name="hubspot_data_sync",
    version="1.0",
    title="Sync of HubSpot contacts",
    description="Tables of the contacts of a HubSpot account.",
    api=(1, 0),
    requires=("data_sync",),
    feature="data_sync",
)

_PAGE = 100
_ID = "id"
_SELECTED = frozenset({"firstname", "lastname", "email", "phone", "company", "website", "lifecyclestage"})
_NUMBER: Mapping[str, Any] = {"number_decimal_places": 10, "number_negative": True}
_TYPES: dict[str, tuple[str, Mapping[str, Any]]] = {
    "string": ("text", {}),
    "enumeration": ("text", {}),
    "phone_number": ("text", {}),
    "number": ("number", _NUMBER),
    "date": ("date", {"date_format": "ISO"}),
    "datetime": ("date", MOMENT),
    "bool": ("boolean", {}),
}


class HubSpotSettings(Schema):
    """A token that may read contacts and their properties."""

    hubspot_access_token = Str(
        required=True,
        load_only=True,
        max_length=255,
        metadata={"description": "The token of a private app with crm.objects.contacts.read."},
    )


class HubSpotContacts(DataSyncType, ReadsMixin):
    """All contacts, with whatever properties the account has."""

    type = "hubspot_contacts"
    settings_schema = HubSpotSettings
    secrets: ClassVar = {"hubspot_access_token": ()}
    api_url = "https://api.hubapi.com"

    def properties(self, settings: Settings) -> list[Property]:
        """The contact's id, then the properties of the account that are not hidden, by name."""
        found, _ = _client(settings, no_progress).get(f"{self.api_url}/crm/v3/properties/contacts")
        results = listed(inner(found, "results"), "HubSpot")
        shown = [one for one in results if one.get("name") and not one.get("hidden") and one["name"] != _ID]
        unique = Property(_ID, "Contact ID", "text", unique=True)
        return [unique, *sorted(map(_property, shown), key=lambda one: (not one.initially_selected, one.name.lower()))]

    def rows(self, settings: Settings, keys: Sequence[str], progress: Progress) -> Iterator[list[Any]]:
        """Page by page: the ids, then the wanted properties of these."""
        client, after = _client(settings, progress), dict[str, str]()
        names = [key for key in keys if key != _ID]
        while True:
            found, _ = client.get(f"{self.api_url}/crm/v3/objects/contacts", limit=_PAGE, **after)
            inputs = [{_ID: str(one.get(_ID))} for one in listed(inner(found, "results"), "HubSpot")]
            yield from self._read(client, inputs, names, keys) if inputs else ()
            following = inner(found, "paging", "next", "after")
            if not following:
                return
            after = {"after": str(following)}
            progress(0.0)

    def _read(
        self, client: Client, inputs: list[dict[str, str]], names: Sequence[str], keys: Sequence[str]
    ) -> Iterator[list[Any]]:
        """Properties are asked for in a body: there may be more than fit into an address."""
        body = {"properties": list(names), "inputs": inputs}
        found, _ = client.post(f"{self.api_url}/crm/v3/objects/contacts/batch/read", body)
        for contact in listed(inner(found, "results"), "HubSpot"):
            yield [_value(contact, key) for key in keys]


def _client(settings: Settings, progress: Progress) -> Client:
    token = settings.get("hubspot_access_token")
    if not token:
        raise SyncError("There is no access token for HubSpot: enter one.")
    return Client("HubSpot", {"Authorization": f"Bearer {token}"}, "the access token and its scopes", "it", progress)


def _property(found: Mapping[str, Any]) -> Property:
    name = str(found["name"])
    kind, options = _TYPES.get(str(found.get("type")), ("text", {}))
    if kind == "text" and found.get("fieldType") in ("textarea", "html"):
        kind = "long_text"
    return Property(name, str(found.get("label") or name), kind, options, initially_selected=name in _SELECTED)


def _value(contact: Mapping[str, Any], key: str) -> Any:
    if key == _ID:
        return contact.get(_ID)
    value = inner(contact, "properties", key)
    if isinstance(value, str) and len(value) > 10 and value[4:5] == "-" and value[10:11] == "T":
        return as_moment(value) or value
    return value


@hookimpl
def register_data_sync_types() -> list[DataSyncType]:
    """Provide `hubspot_contacts`."""
    return [HubSpotContacts()]
