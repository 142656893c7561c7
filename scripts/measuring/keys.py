"""From a key to the last byte that it draws, with every study loaded, at rest and under a sync."""

import statistics
import tempfile

from .load import settings, shown
from .processes import Sandbox
from .table import percentile
from .terminal import Terminal

MOVES = 200
WORD = " contrast"
WORDS = -(-200 // len(WORD))


def measure(context, table):
    with tempfile.TemporaryDirectory() as folder:
        command = [context.binary, "--config", settings(folder)]
        # Slow enough that a sync is still running while 400 keys are pressed.
        with Sandbox(context.binary, context.studies, 20) as sandbox:
            with Terminal(command, sandbox.environment) as terminal:
                terminal.wait_for(r"Everything")
                terminal.press("1")
                terminal.wait_for(shown(context.studies))
                terminal.settle()
                moves, letters = moving(terminal, None), typing(terminal, None)
                report(table, "at rest", moves, letters)
                refresh = lambda: terminal.press("r")
                moves, letters = moving(terminal, refresh), typing(terminal, refresh)
                report(table, "under a sync", moves, letters)


def moving(terminal, refresh):
    terminal.press("gg")
    terminal.settle()
    if refresh:
        refresh()
    replies = []
    for number in range(MOVES):
        # Down and up, so that the window does not scroll.
        replies.append(terminal.reply("j" if number // 10 % 2 == 0 else "k"))
    return replies


def typing(terminal, refresh):
    replies = []
    for _ in range(WORDS):
        if refresh:
            refresh()
        terminal.reply("/")
        replies += [terminal.reply(letter) for letter in WORD]
        # Leaving the field brings the filter back that was there.
        terminal.press("\x1b")
        terminal.settle(0.1, 1.0)
    return replies


def report(table, when, moves, letters):
    for what, replies in (("movement", moves), ("filter letter", letters)):
        drawn = [reply for reply in replies if reply]
        last = [reply[1] * 1e3 for reply in drawn]
        if not last:
            table.add(f"key to last byte, {what}, {when}", "", "nothing was drawn", "", False)
            continue
        first = statistics.median(reply[0] * 1e3 for reply in drawn)
        p99 = percentile(last, 0.99)
        told = f"p50 {statistics.median(last):.1f}, p99 {p99:.1f} ms (first byte p50 {first:.1f}, n={len(last)})"
        table.add(f"key to last byte, {what}, {when}", "p99 <= 5 ms", told, "", p99 <= 5)
    if when == "at rest":
        sizes = [reply[2] for reply in moves if reply]
        told = f"p50 {statistics.median(sizes):.0f}, most {max(sizes)}"
        table.add("bytes of a cursor move", "<= 400", told, "", statistics.median(sizes) <= 400)
