"""Three times the requests that the server can answer, at a fixed rate: overload.py [SECONDS].

The server has one core, so that the clients can ask for more than it can do. Each request renders the
list of the newsroom, which is never in a cache. The peak is that of a few clients, one request after
another, so that nothing is refused.
"""

import asyncio
import http.client
import multiprocessing
import os
import sys
import time

from open_loop import Load
from site_process import HOST, PORT, SiteProcess, access_token, get, milliseconds, report

SECONDS = int(sys.argv[1]) if len(sys.argv) > 1 else 10
FACTOR, CLIENTS = 3, 4
MIN_GOODPUT, MAX_REFUSAL_MS, MAX_CHECK_MS, MAX_RECOVERY_SECONDS = 0.8, 50, 50, 5


def request():
    fields = f"Host: {HOST}\r\nAuthorization: Bearer {access_token()}\r\nAccept: text/html\r\n\r\n"
    return f"GET /desk HTTP/1.1\r\n{fields}".encode()


def check(stop, times):
    """Asks whether the server lives, twenty times a second, over connections of its own."""
    found = []
    while not stop.wait(0.05):
        start = time.monotonic()
        connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=10)
        connection.request("GET", "/healthz", headers={"Host": HOST})
        status = connection.getresponse().status
        connection.close()
        found.append((status, time.monotonic() - start))
    times.put(found)


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
        asked = [request()]
        asyncio.run(Load(PORT, asked).closed_loop(CLIENTS, 2))
        peak = asyncio.run(Load(PORT, asked).closed_loop(CLIENTS, 5))
        stop, times = multiprocessing.Event(), multiprocessing.Queue()
        checking = multiprocessing.Process(target=check, args=(stop, times))
        checking.start()
        start = time.monotonic()
        load = Load(PORT, asked)
        answers = asyncio.run(load.open_loop(FACTOR * peak, SECONDS))
        seconds = time.monotonic() - start
        stop.set()
        checked = times.get(timeout=30)
        checking.join()
        recovered = recovery()
    good = [time for status, time in answers if status == 200]
    refused = [time for status, time in answers if status == 503]
    failed = len(answers) - len(good) - len(refused)
    goodput = len(good) / seconds
    print(f"peak {peak:.0f}/s; asked for {len(answers) / SECONDS:.0f}/s; answered {goodput:.0f}/s, "
          f"p50 {milliseconds(good, 0.5):.0f} ms, p99 {milliseconds(good, 0.99):.0f} ms; refused {len(refused)}; "
          f"sent late: p99 {milliseconds(load.late, 0.99):.0f} ms")
    late = milliseconds(refused, 0.99) if refused else 0
    checks = milliseconds([time for _, time in checked], 0.99)
    alive = sum(status == 200 for status, _ in checked)
    report([
        (f"goodput: {goodput / peak:.0%} of the peak, at least {MIN_GOODPUT:.0%}", goodput >= MIN_GOODPUT * peak),
        (f"neither answered nor refused: {failed}", failed == 0),
        (f"p99 of refusals: {late:.0f} ms, at most {MAX_REFUSAL_MS}", bool(refused) and late <= MAX_REFUSAL_MS),
        (f"GET /healthz: {alive} of {len(checked)}", alive == len(checked)),
        (f"p99 of GET /healthz: {checks:.0f} ms, at most {MAX_CHECK_MS}", checks <= MAX_CHECK_MS),
        (f"recovery: {recovered:.1f} s, at most {MAX_RECOVERY_SECONDS}", recovered <= MAX_RECOVERY_SECONDS),
    ])


main()
