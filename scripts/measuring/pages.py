"""What a page costs the sandbox: it must not be what the other numbers measure."""

import statistics

from .processes import Connection, Sandbox, peak_memory
from .table import percentile

TIMES = 200
FILTERS = {
    "all": ("", 1.0),
    "one partition": ("&severity=normal&studyViewerStatus=complete&isCancelled=false", 0.5),
    "text": ("&studyDescription=ct", 0.2),
}


def measure(context, table):
    for studies in (context.studies, context.studies * 10):
        with Sandbox(context.binary, studies) as sandbox:
            memory = peak_memory(sandbox.process.pid)
            told = f"{sandbox.started_in:.1f} s, {memory:.0f} MB"
            table.add(f"sandbox starts with {studies:,}", "", told)
            connection = Connection(sandbox)
            for name, (query, share) in FILTERS.items():
                times = [depth(connection, sandbox, query, share * at) for at in (0, 0.5, 0.95)]
                medians = [statistics.median(part) * 1e3 for part in times]
                worst = max(percentile(part, 0.99) for part in times) * 1e3
                told = "/".join(f"{median:.2f}" for median in medians) + f" ms, p99 {worst:.2f}"
                what = f"page of {studies:,}, {name}, first/middle/end"
                table.add(what, "<= 2 ms, the same", told, "", max(medians) <= 2)
            connection.close()


def depth(connection, sandbox, query, share):
    url = sandbox.page(int(sandbox.studies * share), query)
    for _ in range(5):
        connection.get(url)
    return [connection.get(url)[0] for _ in range(TIMES)]
