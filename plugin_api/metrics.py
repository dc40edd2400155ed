"""Metrics for Prometheus: what a plugin counts and measures appears with the product's own.

Each process tells its own figures. Make a metric once, at the top of a module, and use it anywhere:

    SENT = metrics.counter("stars_sent", "Stars that were sent.", "kind")
    SENT.labels("gold").inc()
"""

from __future__ import annotations

from collections.abc import Callable

from prometheus_client import Counter, Gauge, Histogram

_PREFIX = "tablewright_"


def counter(name: str, meaning: str, *labels: str) -> Counter:
    """What only grows; `_total` is added to its name."""
    return Counter(_PREFIX + name, meaning, labels)


def gauge(name: str, meaning: str, *labels: str) -> Gauge:
    """What goes up and down."""
    return Gauge(_PREFIX + name, meaning, labels)


def asked(name: str, meaning: str, value: Callable[[], float]) -> Gauge:
    """What goes up and down and is asked for when somebody looks, so that keeping it costs nothing."""
    made = Gauge(_PREFIX + name, meaning)
    made.set_function(value)
    return made


def histogram(
    name: str, meaning: str, *labels: str, buckets: tuple[float, ...] = Histogram.DEFAULT_BUCKETS
) -> Histogram:
    """How large or slow things are: a count for each bucket, and the sum."""
    return Histogram(_PREFIX + name, meaning, labels, buckets=buckets)
