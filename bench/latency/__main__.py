"""
Count the round trips of a flush of 1,000 objects of five tables, and time it with a distant server.

A round trip for each level of dependency is what there must be: a child's row needs its parent's key.
"""

from __future__ import annotations

import argparse
import time
from typing import Any

from bench.latency.graph import LEVELS, Trips, measure
from bench.latency.proxy import Proxy
from bench.library import describe, load
from bench.store import write
from bench.workloads.servers.places import ASYNC, BLOCKING, Driver, answers


def through_proxy(driver: Driver, library: str, delay: float) -> dict[str, Any]:
    """Run the three flushes of a library through a driver and the proxy."""
    proxy = Proxy(driver.address, delay)
    lib = load(library)
    trips = Trips(lib, lambda: proxy.trips, time.perf_counter)
    host, port = driver.address
    url = driver.url.replace(f"{host}:{port}", f"127.0.0.1:{proxy.port}")
    try:
        measure(lib, url, driver in ASYNC, trips)
    except Exception as error:  # the other drivers can still be measured
        return {"error": f"{type(error).__name__}: {error}"[:200]}
    finally:
        proxy.close()
    return trips.results


def main() -> None:
    """Measure each driver with both libraries, print the table, write the JSON."""
    parser = argparse.ArgumentParser(prog="python -m bench.latency", description=__doc__)
    parser.add_argument("--delay", type=float, default=1.0, help="milliseconds added to each round trip")
    parser.add_argument("only", nargs="*", help="names of drivers")
    chosen = parser.parse_args()
    print(f"{sum(LEVELS)} objects on {len(LEVELS)} levels, {chosen.delay} ms of latency: round trips, and ms")
    kinds = ("insert", "update", "delete")
    print(f"{'':<32}" + "".join(f"{kind:>10}{'ms':>8}" for kind in kinds) + f"{'commit':>8}")
    results = []
    for driver in (*BLOCKING, *ASYNC):
        if (chosen.only and driver.name not in chosen.only) or not answers(driver.address):
            continue
        for library in ("sqlalchemy", "relvar"):
            found = through_proxy(driver, library, chosen.delay / 1000)
            results.append({"driver": driver.name, "library": library, "delay_ms": chosen.delay, **found})
            name = f"{driver.name}, {library}"
            if "error" in found:
                print(f"{name:<32}{found['error']}", flush=True)
                continue
            cells = "".join(f"{found[k]['trips']:>10}{found[k]['wall_ms']:>8.0f}" for k in kinds)
            print(f"{name:<32}{cells}{found['insert']['commit']:>8}", flush=True)
    write(
        "partial" if chosen.only else "latency", [describe(n) for n in ("sqlalchemy", "relvar")], rows=results
    )


if __name__ == "__main__":
    main()
