"""What was measured, as a table, with the facts of the machine it was measured on."""

from __future__ import annotations

import os
import platform
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

WARM_UP = 3


@dataclass(frozen=True)
class Line:
    """One case: what the product needed, its floor, and the ratio that must not be above the bound."""

    case: str
    ours: str
    floor: str
    value: float
    bound: float
    unit: str = "x"

    @property
    def met(self) -> bool:
        """Whether the bound holds."""
        return self.value <= self.bound


@dataclass
class Report:
    """The lines so far; each is printed as soon as it is known."""

    lines: list[Line] = field(default_factory=list)

    def add(self, case: str, ours: str, floor: str, value: float, bound: float, unit: str = "x") -> None:
        """Keep and print a line."""
        line = Line(case, ours, floor, value, bound, unit)
        self.lines.append(line)
        met = "" if line.met else "   NOT MET"
        print(f"{case}: {ours}, floor {floor}: {_number(value)} {unit} (at most {bound:g} {unit}){met}", flush=True)

    def compare(
        self, case: str, bound: float, rounds: int, product: Callable[[], Any], floor: Callable[[], Any]
    ) -> None:
        """Run both in turns and keep the ratio of their medians."""
        ours, bare = in_turns(rounds, product, floor)
        self.add(case, f"{ours:.2f} ms", f"{bare:.2f} ms", ours / bare, bound)

    def table(self) -> str:
        """All lines, as Markdown."""
        head = "| case | product | floor | measured | at most |\n|---|---|---|---|---|"
        rows = [
            f"| {line.case} | {line.ours} | {line.floor} | {'' if line.met else '**'}{_number(line.value)} {line.unit}"
            f"{'' if line.met else '**'} | {line.bound:g} {line.unit} |"
            for line in self.lines
        ]
        return "\n".join([head, *rows])


def _number(value: float) -> str:
    return f"{value:.2f}" if value < 100 else f"{value:.0f}"


def in_turns(rounds: int, first: Callable[[], Any], second: Callable[[], Any]) -> tuple[float, float]:
    """The median milliseconds of two calls made in turns, so that a noisy machine disturbs both alike."""
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(rounds + WARM_UP):
        for call, spent in zip((first, second), times, strict=True):
            spent.append(milliseconds(call))
    return statistics.median(times[0][WARM_UP:]), statistics.median(times[1][WARM_UP:])


def milliseconds(call: Callable[[], Any]) -> float:
    """How long a call takes."""
    begun = time.perf_counter()
    call()
    return (time.perf_counter() - begun) * 1000


def machine(driver: psycopg.Connection[Any]) -> str:
    """What the figures were measured on."""
    cpu = next(
        (line.partition(":")[2].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")),
        platform.processor() or "unknown processor",
    )
    memory = next((int(line.split()[1]) for line in _lines("/proc/meminfo") if line.startswith("MemTotal")), 0)
    row = driver.execute("SHOW server_version").fetchone()
    assert row is not None
    load = os.getloadavg()[0]
    return (
        f"{os.cpu_count()} x {cpu}, {memory / 1024**2:.0f} GB memory, {platform.system()} {platform.release()}, "
        f"Python {platform.python_version()}, PostgreSQL {row[0]}, load before the run {load:.1f}"
    )


def _lines(file: str) -> list[str]:
    path = Path(file)
    return path.read_text().splitlines() if path.exists() else []
