"""Generated stories, HTML and Markdown bombs among them, through `POST /news`: stories.py [N]."""

import collections
import http.client
import json
import random
import sys
import threading
import time

from site_process import HOST, PORT, SiteProcess, access_token, get, milliseconds, report

CLIENTS = 3
MAX_P99_MS, MAX_HTML_BYTES = 250, 1024 * 1024
TOKEN_SECONDS = 900
WORDS = "the river rose again at dawn and a council met to hear what engineers had found".split()
# Each is repeated, up to 100,000 times.
BOMBS = [
    "<a>", "<b><i>", "<div>", "<p><a href='/x'><font>", "<table><tr><td>", "<svg><desc>", "<!--",
    "<details><summary>a</summary>", "> ", "* ", "[", "![", "**a ", "*a_ ", "~~", "`", "\\", "&amp;",
    "[a](/u) ", "http://a.example/x ", "- a\n", "Vec<u8> ", "[^1]: x\n\n", "[^1] ", "| a | b |\n| - | - |\n",
]


def prose(random_, words):
    return " ".join(random_.choice(WORDS) for _ in range(words))


def paragraph(random_):
    kind = random_.random()
    if kind < 0.5:
        return prose(random_, random_.randrange(5, 120))
    if kind < 0.6:
        return "## " + prose(random_, 5)
    if kind < 0.7:
        return f"- {prose(random_, 8)}\n- **{prose(random_, 3)}** [x](https://e.example)"
    if kind < 0.75:
        return f"```\n{prose(random_, 30)}\n```"
    times = int(10 ** random_.uniform(0.3, random_.choice([2, 3, 3, 4, 5])))
    return random_.choice(BOMBS) * times


def body(random_):
    paragraphs = (paragraph(random_) for _ in range(random_.randrange(1, 12)))
    return "\n\n".join(paragraphs)[: 300 * 1024]


class Writers:
    def __init__(self, count):
        self.numbers = iter(range(count))
        self.lock = threading.Lock()
        self.statuses = collections.Counter()
        self.accepted = []
        self.largest = 0
        self.token, self.token_at = access_token(), time.monotonic()

    def next(self):
        with self.lock:
            if time.monotonic() - self.token_at > TOKEN_SECONDS:
                self.token, self.token_at = access_token(), time.monotonic()
            return next(self.numbers, None), self.token

    def run(self):
        connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=60)
        while True:
            number, token = self.next()
            if number is None:
                return
            story = {"headline": f"Story {number}", "body": body(random.Random(number))}
            headers = {"Host": HOST, "Authorization": f"Bearer {token}", "Content-Type": "application/json"}
            start = time.monotonic()
            try:
                connection.request("POST", "/news", json.dumps(story), headers)
                response = connection.getresponse()
                status, text = response.status, response.read()
            except (OSError, http.client.HTTPException) as error:
                status, text = type(error).__name__, b""
                connection.close()
            seconds = time.monotonic() - start
            with self.lock:
                self.statuses[status] += 1
                if status == 201:
                    self.accepted.append(seconds)
                    self.largest = max(self.largest, len(json.loads(text)["html"].encode()))


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with SiteProcess() as site:
        writers = Writers(count)
        threads = [threading.Thread(target=writers.run) for _ in range(CLIENTS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        is_alive = site.process.poll() is None and get("/news")[0] == 200
        memory = site.memory_mib()
    p99 = milliseconds(writers.accepted, 0.99)
    print(f"{dict(writers.statuses)}, memory {memory} MiB")
    report([
        ("every story is accepted or refused with its reason", set(writers.statuses) <= {201, 422}),
        (f"p99 of accepted stories: {p99:.1f} ms, at most {MAX_P99_MS}", p99 < MAX_P99_MS),
        (f"largest HTML: {writers.largest} bytes", writers.largest <= MAX_HTML_BYTES),
        ("the site still serves", is_alive),
    ])


main()
