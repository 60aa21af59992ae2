"""10,000 connections that have had an answer and are kept open: idle.py."""

import resource
import socket
import subprocess
import tempfile
import time

from site_process import BINARY, HOST, POOL_PORT, PORT, SiteProcess, get, milliseconds, report

CONNECTIONS, OPEN_FILES = 10_000, 32_768
MAX_MEMORY_MIB, MAX_P99_MS = 256, 50
# The pool is a process of its own: one that is embedded takes half of the open files.
COGNITO = {
    "GAZETTE_POOL": "cognito", "COGNITO_ISSUER": f"http://localhost:{POOL_PORT}/local_gazette",
    "COGNITO_CLIENT_ID": "gazetteweb", "GAZETTE_POOL_USER": "", "GAZETTE_POOL_ADDR": "",
}
REQUEST = f"GET /healthz HTTP/1.1\r\nHost: {HOST}\r\n\r\n".encode()


def connect(number):
    client = socket.socket()
    client.bind((f"127.{1 + number % 3}.{1 + number // 3 % 40}.1", 0))
    client.settimeout(5)
    client.connect(("127.0.0.1", PORT))
    client.send(REQUEST)
    return client


def is_open(client):
    client.setblocking(False)
    try:
        return client.recv(1) != b""
    except BlockingIOError:
        return True
    except OSError:
        return False


class PoolProcess:
    def __enter__(self):
        self.data = tempfile.TemporaryDirectory()
        command = [BINARY, "pool", "--addr", f"127.0.0.1:{POOL_PORT}", "--data-dir", self.data.name]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.process.stdout.readline()

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(30)
        self.data.cleanup()


def main():
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (OPEN_FILES, OPEN_FILES))
    except (OSError, ValueError):
        hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        print(f"this process may have {hard} open files only")
    with PoolProcess(), SiteProcess(GAZETTE_MAX_CONNECTIONS="12000", **COGNITO) as site:
        files, before = site.open_files(), site.memory_kib()
        clients = [connect(number) for number in range(CONNECTIONS)]
        for client in clients:
            client.recv(4096)
        open_at_once = sum(is_open(client) for client in clients)
        waits = [get("/news", f"127.9.9.{1 + number % 200}") for number in range(300)]
        each = (site.memory_kib() - before) / max(1, open_at_once)
        memory = site.memory_mib()
        for client in clients:
            client.close()
        start = time.monotonic()
        while site.open_files() > files + 2 and time.monotonic() - start < 30:
            time.sleep(0.1)
        closing = time.monotonic() - start
    p99 = milliseconds([seconds for _, seconds in waits], 0.99)
    print(f"{each:.1f} KiB for each connection")
    report([
        (f"connections open at once: {open_at_once} of {CONNECTIONS}", open_at_once >= CONNECTIONS),
        (f"memory: {memory} MiB, at most {MAX_MEMORY_MIB}", memory <= MAX_MEMORY_MIB),
        (f"readers: {sum(status == 200 for status, _ in waits)} of 300", all(status == 200 for status, _ in waits)),
        (f"p99 of GET /news beside them: {p99:.1f} ms, at most {MAX_P99_MS}", p99 <= MAX_P99_MS),
        (f"closed within {closing:.1f} s", closing < 5),
    ])


main()
