"""Silent connections, unfinished posts, slow heads and clients that do not read, all together.

The clients use many loopback addresses, as a real flood does: one address has a limit of its own.
"""

import resource
import socket
import threading
import time

from site_process import HOST, PORT, SiteProcess, get, milliseconds, report

SILENT, POSTS, HEADS, NOT_READING = 8_300, 300, 500, 100
GETS = 1_500
MAX_P99_MS, MAX_MEMORY_MIB, MAX_CLOSING_SECONDS = 250, 256, 60
LARGE = "/fonts/source-serif-4-latin-wght-normal.woff2"


def connect(number, buffer=None):
    client = socket.socket()
    if buffer:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
    client.bind((f"127.{1 + number % 3}.{1 + number // 3 % 40}.1", 0))
    client.settimeout(5)
    client.connect(("127.0.0.1", PORT))
    client.setblocking(False)
    return client


def send(client, data):
    try:
        client.send(data)
    except OSError:
        pass  # The server has closed it, or takes no more.


def flood():
    """Returns all clients, and those among them whose heads go on."""
    head = f"Host: {HOST}\r\n".encode()
    silent = []
    for number in range(SILENT):
        try:
            silent.append(connect(number))
        except OSError:
            continue
        if number % 3 == 1:
            send(silent[-1], b"PRI * HT")
    posts = [connect(7 * number) for number in range(POSTS)]
    for client in posts:
        kind = b"Content-Type: application/json\r\nContent-Length: 1000000\r\n\r\n"
        send(client, b"POST /news HTTP/1.1\r\n" + head + kind + b"x" * 60_000)
    heads = [connect(11 * number) for number in range(HEADS)]
    for client in heads:
        send(client, b"GET /news HTTP/1.1\r\n" + head + b"X-A: ")
    not_reading = [connect(13 * number, 4096) for number in range(NOT_READING)]
    for client in not_reading:
        send(client, (f"GET {LARGE} HTTP/1.1\r\n".encode() + head + b"\r\n") * 200)
    return silent + posts + heads + not_reading, heads


def drip(heads, stop):
    while not stop.wait(1):
        for client in heads:
            send(client, b"x")


def main():
    resource.setrlimit(resource.RLIMIT_NOFILE, (12_000, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
    with SiteProcess() as site:
        files_before = site.open_files()
        clients, heads = flood()
        open_at_once = site.open_files() - files_before
        stop = threading.Event()
        threading.Thread(target=drip, args=(heads, stop), daemon=True).start()
        answers = [get("/news", f"127.9.9.{1 + number % 200}") for number in range(GETS)]
        p99 = milliseconds([seconds for _, seconds in answers], 0.99)
        start = time.monotonic()
        while site.open_files() > files_before and time.monotonic() - start < MAX_CLOSING_SECONDS:
            time.sleep(0.5)
        closing, left = time.monotonic() - start, site.open_files() - files_before
        memory = site.memory_mib()
        stop.set()
    # Fewer than all on a busy machine: the first silent ones are closed before the last begin.
    print(f"connections open at once: {open_at_once} of {len(clients)}")
    failed = sum(status != 200 for status, _ in answers)
    report([
        (f"readers without a page: {failed} of {GETS}", failed == 0),
        (f"p99 of GET /news: {p99:.1f} ms, at most {MAX_P99_MS}", p99 < MAX_P99_MS),
        (f"memory: {memory} MiB, at most {MAX_MEMORY_MIB}", memory < MAX_MEMORY_MIB),
        (f"connections left after {closing:.0f} s: {left}", left <= 0),
    ])


main()
