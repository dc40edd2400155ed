"""What rows keep of files, made in SQL."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from plugin_api.sql import iso_moment
from plugins.user_files.models import UserFile


def named_in(text: sa.ColumnElement[str]) -> sa.Select[Any]:
    """A select of one value: the files named in a text, names separated by commas, in their order."""
    parts = sa.func.string_to_array(text, ",")
    names = sa.func.unnest(parts).table_valued("name", with_ordinality="n", name="names").render_derived()
    joined = names.join(UserFile, UserFile.name == sa.func.trim(names.c.name))
    listed = sa.func.jsonb_agg(pg.aggregate_order_by(_kept(), names.c.n), type_=pg.JSONB())
    nothing = sa.cast(sa.literal_column("'[]'"), pg.JSONB())
    return sa.select(sa.func.coalesce(listed, nothing)).select_from(joined)


def _kept() -> sa.ColumnElement[Any]:
    """As `plugins.user_files.files.facts` has it, with the visible name."""
    values: dict[str, Any] = {
        "size": UserFile.size,
        "mime_type": UserFile.mime_type,
        "is_image": UserFile.is_image,
        "image_width": UserFile.image_width,
        "image_height": UserFile.image_height,
        "uploaded_at": iso_moment(sa.type_coerce(UserFile.uploaded_at, sa.DateTime(timezone=True))),
        "name": UserFile.name,
        "visible_name": UserFile.original_name,
    }
    pairs: list[Any] = []
    for key, value in values.items():
        pairs += [sa.literal_column(f"'{key}'"), value]
    return sa.func.jsonb_build_object(*pairs)
