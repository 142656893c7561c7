"""A worklist that nobody touches: what it draws, how often it wakes, what it costs."""

import time

from .processes import Sandbox
from .terminal import Terminal


# Seconds that are looked at as one: was there a poll, was something drawn?
SLICE = 0.5


def watch(terminal, sandbox):
    """The bytes drawn in a slice, and the requests of all polls so far."""
    drawn = 0
    end = time.perf_counter() + SLICE
    while (left := end - time.perf_counter()) > 0:
        drawn += len(terminal.read(left))
    return drawn, sandbox.listed()


def polls(slices):
    return [requests for _, requests in slices]


def measure(context, table):
    with Sandbox(context.binary, 1500) as sandbox:
        with Terminal([context.binary, "--config", "/dev/null"], sandbox.environment) as terminal:
            terminal.wait_for(r"incomplete")
            terminal.settle()
            first = sandbox.listed()
            before = (terminal.wakeups(), terminal.processor_seconds())
            slices = [watch(terminal, sandbox) for _ in range(int(context.seconds / SLICE))]
            wakeups = terminal.wakeups() - before[0]
            cpu = terminal.processor_seconds() - before[1]
    # What a poll draws may arrive in the slice after it.
    polled = [now > then for then, now in zip([first, *polls(slices)], polls(slices))]
    near = [any(polled[max(0, at - 1) : at + 1]) for at in range(len(slices))]
    rest = sum(drawn for (drawn, _), by_poll in zip(slices, near) if not by_poll)
    whole = sum(drawn for drawn, _ in slices)
    seconds = len(slices) * SLICE
    told = f"{rest} bytes, and {whole - rest} with {sum(polled)} polls in {seconds:.0f} s"
    table.add("drawn while idle", "0 bytes between polls", told, "", rest == 0)
    table.add("wakeups while idle", "<= 1 a second", f"{wakeups / seconds:.2f} a second, polls included", "", wakeups <= seconds)
    share = cpu / seconds * 100
    table.add("CPU while idle", "<= 0.05 %", f"{share:.3f} %, polls included (clock of 10 ms)", "", share <= 0.05)
