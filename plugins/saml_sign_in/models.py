"""What the plugin keeps: the assertions that were used, until they are too old to be used again."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from plugin_api.db import TYPES, schema_metadata


class Base(DeclarativeBase):
    """Base of the plugin's mapped classes."""

    metadata = schema_metadata("saml_sign_in")
    type_annotation_map = TYPES


class UsedAssertion(Base):
    """An assertion somebody signed in with, by the digest of its issuer and id."""

    __tablename__ = "used_assertion"

    digest: Mapped[str] = mapped_column(primary_key=True)
    until: Mapped[datetime] = mapped_column(index=True)
