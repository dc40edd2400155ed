"""A Redis that hangs is asked by one caller at a time, and left alone in between."""

from __future__ import annotations

import time

import pytest
import redis

from core.cache.patience import Patience

PAUSE = 0.2


def _hang(patience: Patience) -> None:
    with pytest.raises(redis.TimeoutError), patience.asking():
        raise redis.TimeoutError


def _is_asked(patience: Patience) -> bool:
    try:
        with patience.asking():
            return True
    except redis.ConnectionError:
        return False


def test_after_a_time_out_nobody_waits_for_it() -> None:
    patience = Patience(PAUSE)
    assert _is_asked(patience)
    _hang(patience)
    assert not _is_asked(patience)


def test_after_the_pause_one_caller_tries_and_the_others_do_not_wait_for_that() -> None:
    patience = Patience(PAUSE)
    _hang(patience)
    time.sleep(1.2 * PAUSE)
    with pytest.raises(redis.TimeoutError), patience.asking():
        assert not _is_asked(patience)
        raise redis.TimeoutError
    assert not _is_asked(patience)


def test_once_it_answers_everybody_asks_again() -> None:
    patience = Patience(PAUSE)
    _hang(patience)
    time.sleep(1.2 * PAUSE)
    assert _is_asked(patience)
    assert _is_asked(patience)


def test_what_redis_refuses_is_an_answer() -> None:
    patience = Patience(PAUSE)
    with pytest.raises(redis.ResponseError), patience.asking():
        raise redis.ResponseError
    assert _is_asked(patience)
