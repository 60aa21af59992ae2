"""Three times the requests that the server can answer, at a fixed rate: overload.py [SECONDS].

The server has one core, so that the clients can ask for more than it can do. Each request renders a
page of its own, since a caller with a token gets none from the cache.
"""

import asyncio
import http.client
import os
import sys
import threading
import time

from open_loop import Load
from site_process import HOST, PORT, SiteProcess, access_token, get, milliseconds, report

SECONDS = int(sys.argv[1]) if len(sys.argv) > 1 else 10
FACTOR = 3
MIN_GOODPUT, MAX_REFUSAL_MS, MAX_CHECK_MS, MAX_RECOVERY_SECONDS = 0.8, 50, 50, 5


def requests():
    token = access_token()
    head = f"Host: {HOST}\r\nAuthorization: Bearer {token}\r\nAccept: text/html\r\n\r\n"
    return [f"GET {path} HTTP/1.1\r\n{head}".encode() for path in ["/news?limit=50", "/", "/desk"]]


def check(stop, times):
    """Asks whether the server lives, twenty times a second, over connections of its own."""
    while not stop.wait(0.05):
        start = time.monotonic()
        connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=10)
        connection.request("GET", "/healthz", headers={"Host": HOST})
        assert connection.getresponse().status == 200
        connection.close()
        times.append(time.monotonic() - start)


def recovery():
    """Returns the seconds until ten requests in a row take less than 50 ms."""
    start, good = time.monotonic(), 0
    while good < 10 and time.monotonic() - start < 30:
        status, seconds = get("/")
        good = good + 1 if status == 200 and seconds < 0.05 else 0
    return time.monotonic() - start


def main():
    server, clients = {0}, set(range(1, os.cpu_count())) or {0}
    print(f"load of the machine before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    with SiteProcess(cores=server, stories=200, GAZETTE_RATE_LIMIT="off"):
        os.sched_setaffinity(0, clients)
        asked = requests()
        asyncio.run(Load(PORT, asked).closed_loop(32, 2))
        peak = asyncio.run(Load(PORT, asked).closed_loop(32, 5))
        stop, times = threading.Event(), []
        checking = threading.Thread(target=check, args=(stop, times))
        checking.start()
        start = time.monotonic()
        answers = asyncio.run(Load(PORT, asked, 8_000).open_loop(FACTOR * peak, SECONDS))
        seconds = time.monotonic() - start
        stop.set()
        checking.join()
        recovered = recovery()
    good = [time for status, time in answers if status == 200]
    refused = [time for status, time in answers if status == 503]
    failed = len(answers) - len(good) - len(refused)
    goodput = len(good) / seconds
    print(f"peak {peak:.0f}/s; asked for {len(answers) / SECONDS:.0f}/s; answered {goodput:.0f}/s, "
          f"p50 {milliseconds(good, 0.5):.0f} ms, p99 {milliseconds(good, 0.99):.0f} ms; refused {len(refused)}")
    late = milliseconds(refused, 0.99) if refused else 0
    checks = milliseconds(times, 0.99)
    report([
        (f"goodput: {goodput / peak:.0%} of the peak, at least {MIN_GOODPUT:.0%}", goodput >= MIN_GOODPUT * peak),
        (f"neither answered nor refused: {failed}", failed == 0),
        (f"p99 of refusals: {late:.0f} ms, at most {MAX_REFUSAL_MS}", bool(refused) and late <= MAX_REFUSAL_MS),
        (f"p99 of {len(times)} GET /healthz: {checks:.0f} ms, at most {MAX_CHECK_MS}", checks <= MAX_CHECK_MS),
        (f"recovery: {recovered:.1f} s, at most {MAX_RECOVERY_SECONDS}", recovered <= MAX_RECOVERY_SECONDS),
    ])


main()
