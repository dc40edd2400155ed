"""Each assertion signs somebody in once."""

from __future__ import annotations

import hashlib
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from plugin_api.db import begin, session
from plugins.saml_sign_in.models import UsedAssertion


def use(issuer: str, assertion_id: str, until: datetime) -> bool:
    """Note that an assertion is used, which is good until then; False when it was before."""
    digest = hashlib.sha256(f"{issuer}\0{assertion_id}".encode()).hexdigest()
    row = insert(UsedAssertion).values(digest=digest, until=until).on_conflict_do_nothing()
    return session().execute(row.returning(UsedAssertion.digest)).first() is not None


def forget_old() -> None:
    """Forget those that are too old to be used again."""
    with begin() as unit:
        unit.session.execute(sa.delete(UsedAssertion).where(UsedAssertion.until < sa.func.now()))
