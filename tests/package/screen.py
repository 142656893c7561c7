"""Runs a program in a pseudo-terminal, below another root: screen.py ROOT PROGRAM ARGUMENT…

Waits until the worklist of the demo is on the screen, presses q, and waits for a good end.
"""

import fcntl
import os
import re
import select
import struct
import sys
import termios
import time

# Nothing here is a measurement: this only ends a program that would never end.
PATIENCE_SECONDS = 60
ROWS, COLUMNS = 40, 120
CONTROL = re.compile(rb"\x1b(\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(\x07|\x1b\\)|[=>78])")


def words(output):
    """What was written, without what only moves and colours."""
    return CONTROL.sub(b" ", output).decode("utf-8", "replace")


def main():
    root, *command = sys.argv[1:]
    child, terminal = os.forkpty()
    if child == 0:
        os.chroot(root)
        os.chdir("/")
        os.execve(command[0], command, {"TERM": "xterm-256color"})
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
    output, left_by_key = b"", False
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        ready, _, _ = select.select([terminal], [], [], max(0, deadline - time.monotonic()))
        if not ready:
            os.kill(child, 9)
            sys.exit(f"screen: no end in {PATIENCE_SECONDS} s; the screen showed: {words(output)[-2000:]}")
        try:
            read = os.read(terminal, 65536)
        except OSError:  # The other side is closed.
            read = b""
        if not read:
            break
        output += read
        text = words(output)
        # The header, and a study of the list: STAT is on top.
        if not left_by_key and "!!STAT" in text and "assigned" in text.lower():
            os.write(terminal, b"q")
            left_by_key = True
    _, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    if not left_by_key or code != 0:
        sys.exit(f"screen: ended with {code}; the screen showed: {words(output)[-2000:]}")
    print("package: the demo showed the worklist in an empty root and ended by q")


main()
