"""Processes that are measured, and the sandbox that all of them are measured against."""

import base64
import json
import os
import signal
import socket
import subprocess
import threading
import time
import urllib.request

KEY = "measurement"
PAGE = 100


class Usage:
    """Wall time and CPU in seconds, peak memory in MB (10^6 bytes), and what was said on stderr."""

    def __init__(self, wall, cpu, memory, said=""):
        self.wall, self.cpu, self.memory, self.said = wall, cpu, memory, said


def status(pid):
    """The fields of /proc/PID/status, or nothing if the process is gone."""
    try:
        with open(f"/proc/{pid}/status", encoding="utf-8") as file:
            return dict(line.rstrip("\n").split(":\t", 1) for line in file if ":\t" in line)
    except OSError:
        return {}


def peak_memory(pid):
    """VmHWM in MB. `ru_maxrss` would start at the memory of this script, which forked the process."""
    value = status(pid).get("VmHWM")
    return int(value.split()[0]) * 1024 / 1e6 if value else 0.0


class MemoryWatch(threading.Thread):
    """Follows the peak memory of a process until it ends: nobody can be asked for it afterwards."""

    def __init__(self, pid):
        super().__init__(daemon=True)
        self.pid, self.peak, self.ended = pid, 0.0, threading.Event()
        self.start()

    def run(self):
        while not self.ended.wait(0.005):
            self.peak = max(self.peak, peak_memory(self.pid))

    def end(self):
        self.ended.set()
        self.join()
        return self.peak


def run(command, environment=None):
    """Runs a command to its end, its output thrown away."""
    start = time.perf_counter()
    process = subprocess.Popen(
        command,
        env={**os.environ, **(environment or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    watch = MemoryWatch(process.pid)
    said = process.stderr.read().decode(errors="replace")
    _, code, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(code)
    peak = watch.end()
    if process.returncode:
        raise SystemExit(f"{command[0]} failed ({process.returncode}): {said}")
    return Usage(wall, used.ru_utime + used.ru_stime, peak, said)


class Sandbox:
    """`avara-tui sandbox` with the studies of a long history, for as long as the `with` block runs."""

    def __init__(self, binary, studies, latency=0):
        self.studies = studies
        start = time.perf_counter()
        self.process = subprocess.Popen(
            [
                *(binary, "sandbox", "--listen", "127.0.0.1:0", "--api-key", KEY, "--history"),
                *("--studies", str(studies), "--latency", str(latency)),
            ],
            stdout=subprocess.PIPE,
            text=True,
        )
        self.base_url = self.process.stdout.readline().split()[-1]
        self.started_in = time.perf_counter() - start
        self.port = int(self.base_url.rsplit(":", 1)[1])
        self.environment = {"AVARA_BASE_URL": self.base_url, "AVARA_API_KEY": KEY}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()

    def requests(self):
        """The requests so far, by the endpoint's name."""
        request = urllib.request.Request(
            f"{self.base_url}/sandbox/requests", headers={"authorization": f"Bearer {KEY}"}
        )
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)

    def listed(self):
        return self.requests().get("studies.list", 0)

    def pages(self, count=None):
        """The addresses of all pages of an unfiltered list, which only the sandbox lets one know beforehand."""
        pages = -(-self.studies // PAGE)
        return [self.page(number * PAGE) for number in range(pages if count is None else count)]

    def page(self, offset, query=""):
        cursor = base64.b64encode(b'{"offset":%d}' % offset).decode().replace("=", "%3D")
        after = f"&cursor={cursor}" if offset else ""
        return f"{self.base_url}/v1/viewer/studies?limit={PAGE}{query}{after}"


class Connection:
    """One kept-alive connection and nothing more: what is timed is the sandbox."""

    def __init__(self, sandbox):
        self.host = f"127.0.0.1:{sandbox.port}"
        self.base_url = sandbox.base_url
        self.socket = socket.create_connection(("127.0.0.1", sandbox.port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def get(self, url):
        """Asks for a page. Returns the seconds that it took and the bytes of the body."""
        head = f"GET {url.removeprefix(self.base_url)} HTTP/1.1\r\nhost: {self.host}\r\n"
        request = f"{head}authorization: Bearer {KEY}\r\n\r\n".encode()
        start = time.perf_counter()
        self.socket.sendall(request)
        data = self.socket.recv(1 << 18)
        while b"\r\n\r\n" not in data:
            data += self.socket.recv(1 << 18)
        head, rest = data.split(b"\r\n\r\n", 1)
        length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
        missing = length - len(rest)
        while missing > 0:
            missing -= len(self.socket.recv(1 << 18))
        return time.perf_counter() - start, length

    def close(self):
        self.socket.close()
