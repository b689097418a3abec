"""What the peers share: their options, the clock and the line of JSON that a result is."""

import argparse
import json
import os
import resource
import time
from importlib.metadata import PackageNotFoundError, version


def options(about, **more):
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("--mesh", type=int, default=128, help="cells and particles an axis")
    parser.add_argument("--steps", type=int, default=10)
    parser.add_argument(
        "--threads", type=int, default=2, help="cores used; by affinity, before any library starts its threads"
    )
    parser.add_argument("--repeats", type=int, default=3, help="timed runs; the fastest counts")
    for name, settings in more.items():
        parser.add_argument("--" + name.replace("_", "-"), **settings)
    chosen = parser.parse_args()
    cores = sorted(os.sched_getaffinity(0))
    if chosen.threads > len(cores):
        raise SystemExit(f"--threads {chosen.threads}: this process may use {len(cores)} cores; ask for no more")
    os.sched_setaffinity(0, cores[: chosen.threads])
    return chosen


def versions(*packages):
    found = {}
    for package in packages:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            pass
    return found


def fastest(run, repeats):
    """Seconds of the fastest of as many runs of something that is already compiled or planned."""
    took = []
    for _ in range(repeats):
        start = time.perf_counter()
        run()
        took.append(time.perf_counter() - start)
    return min(took)


def peak_mib(whose=resource.RUSAGE_SELF):
    """Most memory that this process (or the largest of its children) ever held, MiB."""
    return resource.getrusage(whose).ru_maxrss // 1024


def on_device(device):
    """Most memory of a GPU that JAX ever held, MiB; nothing where it does not say."""
    held = (device.memory_stats() or {}).get("peak_bytes_in_use")
    return {"peak_device_mib": held // 2**20} if held else {}


def report(peer, what, chosen, seconds, steps, **more):
    """One line of JSON; ``seconds`` are those of the whole run, ``steps`` its steps (1 for what has none)."""
    line = {
        "peer": peer,
        "what": what,
        "mesh": chosen.mesh,
        "steps": steps,
        "threads": chosen.threads,
        "ns_per_particle_step": round(seconds * 1e9 / chosen.mesh**3 / steps, 3),
        "seconds": round(seconds, 6),
        "repeats": chosen.repeats,
    }
    print(json.dumps(line | more), flush=True)
