"""Limits: failed sign-ins for one account from one address, mails to one address."""

from __future__ import annotations

import hashlib

import redis
import structlog

from core.settings import Settings
from plugin_api import context
from plugin_api.errors import ApiError
from plugin_api.platform import service

log = structlog.get_logger(__name__)

_WINDOW = 60
_MAIL_WINDOW, _MAILS = 15 * 60, 5


def refuse_guessing(account: str) -> None:
    """429 when there were too many failures in the last minute."""
    cache = service(redis.Redis)
    try:
        failures = int(cache.get(_key(account)) or 0)
        if failures < service(Settings).login_attempts_per_minute:
            return
        seconds = max(int(cache.ttl(_key(account))), 1)
    except redis.RedisError:
        log.warning("Redis does not answer; failed sign-ins are not counted")
        return
    detail = f"Too many failed attempts. Try again in {seconds} seconds."
    raise ApiError("ERROR_TOO_MANY_LOGIN_ATTEMPTS", 429, detail, {"Retry-After": str(seconds)})


def count_failure(account: str) -> None:
    """Count a failed attempt; the minute begins with the first one."""
    try:
        _count(_key(account), _WINDOW)
    except redis.RedisError:
        log.warning("Redis does not answer; a failed sign-in is not counted")


class RedisGuessingLimits:
    """The service behind `plugin_api.guessing`: the same limits for all secrets."""

    def refuse(self, secret: str) -> None:
        """429 when there were too many failures in the last minute."""
        refuse_guessing(secret)

    def wrong(self, secret: str) -> None:
        """Count a failed attempt."""
        count_failure(secret)


def may_mail(kind: str, email: str) -> bool:
    """Whether one more mail of a kind may go to an address: nobody's mailbox is filled by asking again and again."""
    digest = hashlib.sha256(email.encode()).hexdigest()
    try:
        few = _count(f"tablewright:mails:{kind}:{digest}", _MAIL_WINDOW) <= _MAILS
    except redis.RedisError:
        log.warning("Redis does not answer; mails are not counted")
        return True
    if not few:
        log.warning("too many mails to one address; this one is not sent", kind=kind)
    return few


def _count(key: str, seconds: int) -> int:
    with service(redis.Redis).pipeline() as pipe:
        pipe.set(key, 0, ex=seconds, nx=True)
        pipe.incr(key)
        return int(pipe.execute()[1])


def _key(account: str) -> str:
    where = context.current().ip_address or ""
    return "tablewright:failed:" + hashlib.sha256(f"{account}\0{where}".encode()).hexdigest()
