"""Settings of metrics."""

from __future__ import annotations

from dataclasses import dataclass

from core.settings_checks import port as _port
from core.settings_declared import PREFIX, setting


@dataclass(frozen=True, kw_only=True)
class MetricsSettings:
    """Who may read metrics, and where a worker shows its own."""

    metrics_token: str = setting(
        PREFIX + "METRICS_TOKEN",
        "Token Prometheus sends (Authorization: Bearer) to read metrics at /metrics. Empty: there are none.",
        "",
    )
    worker_metrics_port: int = setting(
        PREFIX + "WORKER_METRICS_PORT",
        "Port on TABLEWRIGHT_HOST at which a worker shows its own metrics, with the same token. 0: none.",
        0,
        _port,
    )
