"""A steady load for some minutes, and how the memory of the server grows: slope.py [MINUTES [RATE]].

Without a rate, the load is half of what the server can bear.
"""

import asyncio
import itertools
import sys
import threading
import time

from open_loop import Load
from site_process import HOST, PORT, SiteProcess, access_token, report

MINUTES = float(sys.argv[1]) if len(sys.argv) > 1 else 5
RATE = float(sys.argv[2]) if len(sys.argv) > 2 else None
# A part of the time in which caches fill; the slope is of the rest.
WARM_UP = 0.4
# Over less than an hour, some pages of memory more are a large slope.
MAX_GROWTH_MIB, MAX_SLOPE = 2, 1


class Requests:
    """Requests as they come to a site: most for pages of everyone, some with addresses never seen before."""

    def __init__(self, token):
        self.numbers, self.head = itertools.count(), f"Host: {HOST}\r\n"
        self.bearer = f"{self.head}Authorization: Bearer {token}\r\nAccept: text/html\r\n"

    def __len__(self):
        return 10

    def __getitem__(self, index):
        number = next(self.numbers)
        page = f"{self.head}Accept: text/html\r\n"
        path, head = [
            ("/", page), ("/news", page), ("/section/world", page), ("/news", self.head), ("/feed.atom", self.head),
            (f"/news?limit={1 + number % 50}", page), ("/desk", self.bearer), (f"/search?q=word{number}", page),
            (f"/nothing/{number}", page), (f"/news?x={number}", f"{page}Cookie: a={number}\r\n"),
        ][index]
        return f"GET {path} HTTP/1.1\r\n{head}\r\n".encode()


def slope(samples):
    """Returns the slope of the line through samples of (seconds, KiB), in MiB an hour."""
    count = len(samples)
    middle = [sum(values) / count for values in zip(*samples)]
    above = sum((at - middle[0]) * (memory - middle[1]) for at, memory in samples)
    below = sum((at - middle[0]) ** 2 for at, _ in samples)
    return above / below * 3600 / 1024


def main():
    # A given rate is for a machine with other work, which would be taken for an overload.
    busy = {"GAZETTE_MAX_QUEUE_DELAY": "off"} if RATE else {}
    with SiteProcess(stories=500, GAZETTE_RATE_LIMIT="off", **busy) as site:
        asked = Requests(access_token())
        rate = RATE or asyncio.run(Load(PORT, asked).closed_loop(16, 5)) / 2
        stop, samples, start = threading.Event(), [], time.monotonic()

        def sample():
            while not stop.wait(1):
                samples.append((time.monotonic() - start, site.memory_kib()))

        sampling = threading.Thread(target=sample, daemon=True)
        sampling.start()
        load = Load(PORT, asked)
        answers = asyncio.run(load.open_loop(rate, MINUTES * 60))
        stop.set()
        sampling.join()
        highest = site.memory_mib()
    measured = samples[int(len(samples) * WARM_UP):]
    growth = (measured[-1][1] - measured[0][1]) / 1024
    failed = sum(status == 0 or status >= 500 for status, _ in answers)
    for at, memory in samples[:: max(1, len(samples) // 10)]:
        print(f"{at / 60:5.1f} min {memory / 1024:6.1f} MiB")
    found = slope(measured)
    print(f"{len(answers)} requests at {rate:.0f}/s; highest memory {highest} MiB; growth {growth:.2f} MiB")
    report([
        (f"requests that failed: {failed}", failed == 0),
        (f"slope: {found:.1f} MiB/h, or at most {MAX_GROWTH_MIB} MiB more", found <= MAX_SLOPE or growth <= MAX_GROWTH_MIB),
    ])


main()
