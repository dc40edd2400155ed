"""The manifest of an archive: which applications are in it, and the checksums of its files."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import marshmallow as ma
from marshmallow import fields as mf

from plugin_api.archives import BadArchive
from plugin_api.schemas import Dict, Int, Schema, Str
from plugins.workspace_archives.document import parsed

MANIFEST, SIGNATURE = "manifest.json", "manifest_signature.json"
VERSION = "1.0.0"
API_OF = "1.35.3"
"""The version of Baserow whose archives these are like."""
_VERSION = re.compile(r"1(\.\d+)*", re.ASCII)
_SUM = re.compile(r"[0-9a-f]{64}", re.ASCII)


@dataclass(frozen=True)
class Item:
    """An application in an archive, and the file that describes it."""

    id: int
    type: str
    name: str
    file: str


class _ItemSchema(Schema):
    id = Int(required=True)
    type = Str(required=True, max_length=255)
    name = Str(required=True, max_length=160)
    files = Dict(required=True)


class _OfType(Schema):
    version = Str(required=True)
    items = mf.List(mf.Nested(_ItemSchema), required=True)


class _Manifest(Schema):
    version = Str(required=True)
    total_files = Int(required=True)
    configuration = Dict(required=True)
    applications = mf.Dict(keys=mf.String(), values=mf.Nested(_OfType), required=True)
    checksums = mf.Dict(keys=mf.String(), values=mf.String(), required=True)


@dataclass(frozen=True)
class Manifest:
    """What a manifest says."""

    items: tuple[Item, ...]
    total_files: int
    checksums: Mapping[str, str]


def read_manifest(text: bytes) -> Manifest:
    """The manifest in a file. BadArchive when it is none, or one of a version nobody here knows."""
    try:
        found = _Manifest().load(parsed(text))
    except ma.ValidationError as error:
        raise BadArchive(f"The manifest of the archive is wrong: {str(error.messages)[:300]}.") from None
    versions = [found["version"], *(one["version"] for one in found["applications"].values())]
    strange = next((version for version in versions if not _VERSION.fullmatch(version)), None)
    if strange is not None:
        raise BadArchive(f"The archive is of the version {strange[:30]}, which is not known here; {VERSION} is.")
    if not all(map(_SUM.fullmatch, found["checksums"].values())):
        raise BadArchive("The manifest of the archive has a checksum that is none.")
    items = tuple(_item(one, name) for name, of in found["applications"].items() for one in of["items"])
    if len({(item.type, item.id) for item in items}) != len(items):
        raise BadArchive("An application is in the archive twice.")
    return Manifest(items, found["total_files"], found["checksums"])


def _item(given: Mapping[str, Any], type_name: str) -> Item:
    file = given["files"].get("schema")
    if given["type"] != type_name or not isinstance(file, str):
        raise BadArchive(f"The application {given['name'][:100]!r} is not described in the archive.")
    return Item(given["id"], given["type"], given["name"], file)


@dataclass(frozen=True)
class Written:
    """An application that was written into an archive."""

    item: Item
    uuid: str


def manifest_json(written: list[Written], checksums: Mapping[str, str], only_structure: bool) -> dict[str, Any]:
    """The manifest of an archive that is being written."""
    types = {one.item.type: [found for found in written if found.item.type == one.item.type] for one in written}
    configuration = {"only_structure": only_structure}
    return {
        "version": VERSION,
        "baserow_version": API_OF,
        "configuration": configuration,
        "applications": {
            name: {"version": VERSION, "configuration": {}, "items": list(map(_item_json, of))}
            for name, of in types.items()
        },
        "total_files": len(checksums) + len((MANIFEST, SIGNATURE)),
        "checksums": dict(checksums),
    }


def _item_json(one: Written) -> dict[str, Any]:
    item = one.item
    return {
        "id": item.id,
        "type": item.type,
        "name": item.name,
        "uuid": one.uuid,
        "total_files": 1,
        "files": {"schema": item.file},
    }
