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
# The benches that look for words in all texts, and what 99 of 100 times must not exceed, in milliseconds.
BENCHES = {"word_100k": ("100,000", 1), "word_1m": ("1,000,000", 10)}
# Lines of divan's table: a bench, and one of its arguments with the fastest, the slowest and the median time.
SECTION = re.compile(r"^[├╰]─ (\w+)")
TIME = r"([\d.]+) (ns|µs|ms|s)"
CASE = re.compile(rf"^.  [├╰]─ (.+?)\s{{2,}}{TIME}\s+│ {TIME}\s+│ {TIME}")
UNITS = {"ns": 1e-6, "µs": 1e-3, "ms": 1.0, "s": 1e3}


def measure(context, table):
    cases = bench(context)
    for section, name, slowest, median in cases:
        studies, goal = BENCHES[section]
        told = f"{median:.2f} ms, slowest of 100 {slowest:.2f} ms"
        table.add(f"engine, `{name}` in {studies}", f"p99 <= {goal} ms", told, "", slowest <= goal)
    if not cases:
        table.add("engine", "p99 <= 1 ms in 100,000", "not measured")
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
    """The bench, the filter, and its slowest and median times in milliseconds."""
    if not context.bench:
        return []
    command = ["cargo", "bench", "--locked", "--bench", "worklist", "--", "word_"]
    done = subprocess.run(command, cwd=context.root, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(done.stderr)
    cases = list(read(done.stdout))
    if not cases:
        raise SystemExit(f"the benches say nothing about {', '.join(BENCHES)}:\n{done.stdout}")
    return cases


def read(said):
    section = None
    for line in said.splitlines():
        if head := SECTION.match(line):
            section = head[1]
        elif section in BENCHES and (case := CASE.match(line)):
            name, *times = case.groups()
            _, slowest, median = (float(value) * UNITS[unit] for value, unit in zip(times[::2], times[1::2]))
            yield section, name, slowest, median


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
