"""From nothing to the first rows on the screen, against one answer of the server."""

import statistics

from .processes import Connection, Sandbox
from .table import spread
from .terminal import Terminal

STARTS = 11
ROW = r"incomplete"


def measure(context, table):
    for latency in (0, context.latency):
        with Sandbox(context.binary, context.studies, latency) as sandbox:
            connection = Connection(sandbox)
            url = sandbox.page(0, "&studyViewerStatus=incomplete&isCancelled=false")
            answer = statistics.median(connection.get(url)[0] for _ in range(STARTS)) * 1e3
            connection.close()
            starts = [start(context, sandbox) * 1e3 for _ in range(STARTS)]
        middle = statistics.median(starts)
        goal = f"<= one answer ({answer:.1f} ms) + 30 ms"
        told = spread(starts, "ms", 1)
        ratio = f"+{middle - answer:.1f} ms"
        table.add(f"first rows, {latency} ms latency", goal, told, ratio, middle <= answer + 30)


def start(context, sandbox):
    command = [context.binary, "--config", "/dev/null"]
    with Terminal(command, sandbox.environment) as terminal:
        return terminal.wait_for(ROW) - terminal.started
