"""The program in a pseudo-terminal, watched through a screen that understands what it draws."""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time

from .processes import MemoryWatch, peak_memory, status

COLUMNS, ROWS = 120, 40
# A reply to a key is over when nothing was drawn for this long, in seconds.
QUIET = 0.025


class Terminal:
    """A process with a terminal of its own, until the `with` block ends."""

    def __init__(self, command, environment):
        import pyte

        self.screen = pyte.Screen(COLUMNS, ROWS)
        self.stream = pyte.ByteStream(self.screen)
        self.drawn_bytes = 0
        self.started = time.perf_counter()
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.environ.update(environment, TERM="xterm-256color", COLORTERM="truecolor")
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
            os.execv(command[0], command)
        self.memory = MemoryWatch(self.pid)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        peak_memory(self.pid)
        self.peak = self.memory.end()
        os.kill(self.pid, signal.SIGTERM)
        # Whatever is still drawn is read, so that the program can leave.
        while self.read(2.0):
            pass
        _, _, used = os.wait4(self.pid, 0)
        os.close(self.fd)
        self.cpu = used.ru_utime + used.ru_stime

    def read(self, seconds):
        """What is drawn within a time, or nothing."""
        ready, _, _ = select.select([self.fd], [], [], seconds)
        try:
            return os.read(self.fd, 1 << 16) if ready else b""
        except OSError:
            return b""

    def press(self, keys):
        os.write(self.fd, keys.encode())

    def text(self):
        return "\n".join(self.screen.display)

    def redrawn(self):
        """The lines that were drawn since the last look. All of them, every frame, would take more of the
        processor than the program does."""
        lines = [self.screen.buffer[number] for number in sorted(self.screen.dirty) if number < ROWS]
        self.screen.dirty.clear()
        return "\n".join("".join(line[column].data for column in range(COLUMNS)) for line in lines)

    def wait_for(self, pattern, seconds=300.0):
        """Draws until the screen shows a pattern. Returns when that arrived."""
        pattern = re.compile(pattern)
        deadline = time.perf_counter() + seconds
        if self.drawn_bytes and pattern.search(self.text()):
            return time.perf_counter()
        while time.perf_counter() < deadline:
            data = self.read(0.2)
            at = time.perf_counter()
            if data:
                self.drawn_bytes += len(data)
                self.stream.feed(data)
                if pattern.search(self.redrawn()):
                    return at
        raise SystemExit(f"nothing like {pattern.pattern!r} was shown:\n{self.text()}")

    def settle(self, quiet=0.5, seconds=20.0):
        """Reads until nothing is drawn for a while."""
        deadline = time.perf_counter() + seconds
        while time.perf_counter() < deadline and (data := self.read(quiet)):
            self.drawn_bytes += len(data)
            self.stream.feed(data)

    def reply(self, key):
        """Presses a key. Returns the seconds to the first and the last byte of what it draws, and the
        bytes; nothing if it draws nothing."""
        pressed = time.perf_counter()
        self.press(key)
        chunks, first, last = [], None, None
        while data := self.read(QUIET if chunks else 0.3):
            last = time.perf_counter() - pressed
            first = first or last
            chunks.append(data)
            # Under a running sync something is always drawn: the reply was in what came first.
            if last > 0.25:
                break
        data = b"".join(chunks)
        self.drawn_bytes += len(data)
        self.stream.feed(data)
        return (first, last, len(data)) if chunks else None

    def wakeups(self):
        """Voluntary context switches of all threads so far."""
        total = 0
        for task in os.listdir(f"/proc/{self.pid}/task"):
            fields = status(f"{self.pid}/task/{task}")
            total += int(fields.get("voluntary_ctxt_switches", 0))
        return total

    def processor_seconds(self):
        with open(f"/proc/{self.pid}/stat", encoding="utf-8") as file:
            fields = file.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
