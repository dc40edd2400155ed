"""Measures every case on a large table against its floor and prints the table of ratios.

    python -m tests.performance.million [--rows 1000000] [--rounds 40] [--seconds 300] [--only reading,...]

Works on the servers of DATABASE_URL and REDIS_URL, which must be on this machine, else on embedded ones; starts a web
process and a worker on a database of their own and drops that at the end. docs/performance.md says how to read what it
prints. Exits with 1 when a bound is not met.
"""

from __future__ import annotations

import argparse

from tests.performance.million import bulk, crowd, reading, structure, writing
from tests.performance.million.instance import Instance, instance
from tests.performance.million.report import Report, machine

PARTS = ("reading", "export", "crowd", "structure", "writing", "wide", "tables")


def measure(product: Instance, report: Report, options: argparse.Namespace) -> None:
    """Import the rows, then run the parts that were asked for."""
    table = bulk.imported(product, report, options.rows)
    if "reading" in options.only:
        reading.pages(product, table, report, options.rounds)
        reading.counts(product, table, report, 5)
        reading.filtered(product, table, report, options.rounds)
        reading.searched(product, table, report, options.rounds)
    if "export" in options.only:
        bulk.exported(product, table, report)
    if "crowd" in options.only:
        crowd.throughput(product, table, report)
        crowd.people(product, table, report, options.seconds)
    if "structure" in options.only:
        structure.fields(product, table, report)
    if "writing" in options.only:
        small = writing.small(product)
        links = [writing.with_computed(product, one, structure.idle(product)) for one in (table, small)]
        writing.rows(product, (table, links[0]), (small, links[1]), report, options.rounds)
        writing.batches(product, table, report, options.rounds)
    if "wide" in options.only:
        reading.wide(product, report, options.rounds)
    if "tables" in options.only:
        structure.many_tables(product, report, options.rounds)


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--seconds", type=float, default=300, help="how long people read and write")
    parser.add_argument("--only", type=lambda text: text.split(","), default=list(PARTS), help=", ".join(PARTS))
    options = parser.parse_args()
    report = Report()
    with instance() as product:
        facts = machine(product.driver)
        print(facts, flush=True)
        measure(product, report, options)
        print(f"\n{facts}\n{options.rows} rows x 30 fields, {options.rounds} rounds\n\n{report.table()}")
        print("\nat most: " + ", ".join(f"{name} {value:.0f}" for name, value in product.peaks.items()))
    raise SystemExit(0 if all(line.met for line in report.lines) else 1)


if __name__ == "__main__":
    main()
