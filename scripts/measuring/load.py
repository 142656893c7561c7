"""Loading every study: the program's command line and its worklist, the vendor's client, and curl."""

import os
import tempfile
from pathlib import Path

from .processes import PAGE, Sandbox, Usage, run
from .table import ratios, spread
from .terminal import Terminal

VENDOR_LOAD = str(Path(__file__).with_name("vendor_load.py"))
EVERYTHING = '[[views]]\nname = "Everything"\nfilter = "is:any"\n'


def settings(folder):
    """A configuration in which the key 1 shows every study there is."""
    path = os.path.join(folder, "config.toml")
    Path(path).write_text(EVERYTHING, encoding="utf-8")
    return path


def shown(studies):
    return rf"\b{studies:,} shown"


def command_line(context, sandbox, _folder):
    command = [context.binary, "studies", "list", "--filter", "is:any", "--jsonl"]
    return run(command, sandbox.environment)


def worklist(context, sandbox, folder):
    """From the start of the program until the screen says that all studies are there."""
    command = [context.binary, "--config", settings(folder)]
    with Terminal(command, sandbox.environment) as terminal:
        terminal.wait_for(r"Everything")
        terminal.press("1")
        loaded = terminal.wait_for(shown(sandbox.studies))
        wall = loaded - terminal.started
    return Usage(wall, terminal.cpu, terminal.peak)


def vendor(context, sandbox, _folder, pages=0):
    return run([context.vendor_python, VENDOR_LOAD, str(pages)], sandbox.environment)


def curl(_context, sandbox, folder):
    """One process, one connection, every address known beforehand: what no client of the API can do."""
    path = os.path.join(folder, "pages.curl")
    with open(path, "w", encoding="utf-8") as file:
        key = sandbox.environment["AVARA_API_KEY"]
        file.write(f'silent\nfail\nnoproxy = "*"\nheader = "Authorization: Bearer {key}"\n')
        for page in sandbox.pages():
            file.write(f'url = "{page}"\noutput = "/dev/null"\n')
    return run(["curl", "--config", path])


def measure(context, table):
    clients = {"CLI": command_line, "TUI": worklist, "curl": curl}
    if context.vendor_python:
        clients["SDK"] = vendor
    used = {name: [] for name in clients}
    with Sandbox(context.binary, context.studies) as sandbox, tempfile.TemporaryDirectory() as folder:
        for number in range(context.rounds):
            for name, client in clients.items():
                used[name].append(client(context, sandbox, folder))
                print(f"  round {number + 1}: {name} {used[name][-1].wall:.2f} s", flush=True)
    report(context, table, used)


def report(context, table, used):
    wall = {name: [usage.wall for usage in rounds] for name, rounds in used.items()}
    memory = {name: [usage.memory for usage in rounds] for name, rounds in used.items()}
    for name, rounds in used.items():
        cpu = spread([usage.cpu for usage in rounds])
        told = f"{spread(wall[name])}, CPU {cpu}, {spread(memory[name], 'MB', 0)}"
        table.add(f"load {context.studies:,}, {name}", "", told)
    for name in ("CLI", "TUI"):
        if "SDK" in wall:
            times = ratios(wall["SDK"], wall[name])
            met = sorted(times)[len(times) // 2] >= 20
            table.add(f"{name} against the SDK", ">= 20x faster", spread(wall[name]), spread(times, "x", 1), met)
        times = ratios(wall[name], wall["curl"])
        met = sorted(times)[len(times) // 2] <= 3
        table.add(f"{name} against curl", "<= 3x its time", spread(wall[name]), spread(times, "x", 1), met)
    most = max(memory["TUI"])
    table.add("peak memory of the TUI", "<= 60 MB", f"{most:.0f} MB", "", most <= 60)
    if "SDK" in memory:
        share = most / max(memory["SDK"])
        goal = "<= 1/8 of the SDK's"
        table.add("the same against the SDK", goal, f"{most:.0f} MB", f"1/{1 / share:.1f}", share <= 1 / 8)


def measure_latency(context, table):
    """One round with a slow network; the vendor's client reads a tenth of the pages."""
    least = -(-context.studies // PAGE)
    with (
        Sandbox(context.binary, context.studies, context.latency) as sandbox,
        tempfile.TemporaryDirectory() as folder,
    ):
        used, requests = {}, {}
        for name, client in {"CLI": command_line, "TUI": worklist}.items():
            before = sandbox.listed()
            used[name] = client(context, sandbox, folder).wall
            requests[name] = sandbox.listed() - before
        tenth = max(1, least // 10)
        sdk = vendor(context, sandbox, folder, tenth) if context.vendor_python else None
    load = f"load {context.studies:,} at {context.latency} ms"
    if sdk:
        # Its start is once, whatever it reads.
        reading = float(sdk.said)
        whole = sdk.wall - reading + reading * least / tenth
        told = f"{whole:.1f} s ({tenth} of {least:,} pages in {reading:.1f} s, scaled)"
        table.add(f"{load}, SDK", "", told)
    for name, wall in used.items():
        if sdk:
            ratio = whole / wall
            table.add(f"{load}, {name}", ">= 4x the SDK", f"{wall:.1f} s", f"{ratio:.1f}x", ratio >= 4)
        ratio = requests[name] / least
        counted = f"{requests[name]:,} of at least {least:,}"
        table.add(f"requests of the {name}", "<= 1.25x", counted, f"{ratio:.2f}x", ratio <= 1.25)
