"""The filter engine against fzf: the engine inside one process, fzf as the process that it is."""

import json
import os
import re
import shutil
import statistics
import subprocess
import tempfile
import time

from .processes import Sandbox

QUERIES = ("head", "contrast", "zzz")
# A line of divan's table that is about choosing rows, with its median: name, fastest, slowest, median.
BENCH = re.compile(r"[├╰]─ (is:any.*?|sev:.*?)\s{2,}[\d.]+ .s\s+│ [\d.]+ .s\s+│ ([\d.]+) (ns|µs|ms|s)")
UNITS = {"ns": 1e-6, "µs": 1e-3, "ms": 1.0, "s": 1e3}


def measure(context, table):
    engine = bench(context)
    for name, milliseconds in engine.items():
        goal = "<= 1 ms of 100,000"
        table.add(f"engine, `{name}`", goal, f"{milliseconds:.2f} ms, median", "", milliseconds <= 1)
    if not engine:
        table.add("engine", "<= 1 ms of 100,000", "not measured")
    if not shutil.which("fzf"):
        table.add("fzf", "", "not installed")
        return
    with tempfile.TemporaryDirectory() as folder:
        lines = os.path.join(folder, "lines")
        write_lines(context, lines)
        for query in QUERIES:
            for name, options in (("fzf", []), ("fzf --exact", ["--exact"])):
                times = [fzf(lines, [*options, "--filter", query]) for _ in range(5)]
                table.add(f"{name} --filter {query}, whole process", "", f"{statistics.median(times):.1f} ms")


def bench(context):
    """The medians of the benches that choose rows, in milliseconds."""
    if not context.bench:
        return {}
    command = ["cargo", "bench", "--locked", "--bench", "worklist", "--", "select"]
    done = subprocess.run(command, cwd=context.root, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(done.stderr)
    return {name.strip(): float(value) * UNITS[unit] for name, value, unit in BENCH.findall(done.stdout)}


def write_lines(context, path):
    """A line for each study, as fzf would be given them."""
    with Sandbox(context.binary, context.studies) as sandbox, open(path, "w", encoding="utf-8") as file:
        done = subprocess.run(
            [context.binary, "studies", "list", "--filter", "is:any", "--jsonl"],
            env={**os.environ, **sandbox.environment},
            stdout=subprocess.PIPE,
            check=True,
        )
        for line in done.stdout.splitlines():
            study = json.loads(line)
            file.write(f"{study['studyDescription']} {study['studyInstanceUid']}\n")


def fzf(path, options):
    start = time.perf_counter()
    with open(path, "rb") as lines:
        # Exit code 1 says that nothing matched.
        subprocess.run(["fzf", *options], stdin=lines, stdout=subprocess.DEVNULL)
    return (time.perf_counter() - start) * 1e3
