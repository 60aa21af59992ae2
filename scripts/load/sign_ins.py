"""20 sign-ins at once, again and again, and how long other requests wait meanwhile.

The other requests are sent at a fixed rate, whether or not earlier ones were answered late, and are
measured from the time at which they were due. The same is measured without sign-ins first.
"""

import collections
import http.client
import json
import os
import threading
import time

from site_process import HOST, PASSWORD, POOL_PORT, PORT, USER, SiteProcess, milliseconds, report

SIGN_INS, SECONDS, RATE = 20, 10, 100
MAX_P99_MS = 50
PATHS = [(PORT, HOST, "/news"), (PORT, HOST, "/"),
         (POOL_PORT, f"localhost:{POOL_PORT}", "/local_gazette/.well-known/jwks.json")]


def sign_in(stop, statuses):
    parameters = {"USERNAME": USER, "PASSWORD": PASSWORD}
    body = json.dumps({"AuthFlow": "USER_PASSWORD_AUTH", "ClientId": "gazettecli", "AuthParameters": parameters})
    headers = {"Host": f"localhost:{POOL_PORT}", "Content-Type": "application/x-amz-json-1.1",
               "X-Amz-Target": "AWSCognitoIdentityProviderService.InitiateAuth"}
    while not stop.is_set():
        connection = http.client.HTTPConnection("127.0.0.1", POOL_PORT, timeout=60)
        connection.request("POST", "/", body, headers)
        statuses[connection.getresponse().status] += 1
        connection.close()


def requests(number, waits):
    """Sends every third request to one path, over one connection."""
    port, host, path = PATHS[number]
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    start = time.monotonic() + number / RATE
    for due in (start + index * len(PATHS) / RATE for index in range(SECONDS * RATE // len(PATHS))):
        time.sleep(max(0, due - time.monotonic()))
        connection.request("GET", path, headers={"Host": host})
        answer = connection.getresponse()
        answer.read()
        waits.append((time.monotonic() - due, answer.status))


def measure(sign_ins):
    stop, waits, statuses = threading.Event(), [], collections.Counter()
    signing = [threading.Thread(target=sign_in, args=(stop, statuses)) for _ in range(sign_ins)]
    others = [threading.Thread(target=requests, args=(number, waits)) for number in range(len(PATHS))]
    for thread in signing + others:
        thread.start()
    for thread in others:
        thread.join()
    stop.set()
    for thread in signing:
        thread.join()
    return waits, statuses


def main():
    print(f"load of the machine before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    with SiteProcess():
        quiet, _ = measure(0)
        waits, statuses = measure(SIGN_INS)
    before, during = (milliseconds([wait for wait, _ in all], 0.99) for all in (quiet, waits))
    middle = milliseconds([wait for wait, _ in waits], 0.5)
    print(f"sign-ins: {dict(statuses)} in {SECONDS} s; p50 of others {middle:.1f} ms; "
          f"p99 {during / before:.1f} of that without sign-ins, {before:.1f} ms")
    failed = sum(status != 200 for _, status in waits)
    report([
        (f"others that failed: {failed} of {len(waits)}", failed == 0),
        (f"sign-ins that failed: {sum(statuses.values()) - statuses[200]}", set(statuses) == {200}),
        (f"p99 of others during {SIGN_INS} sign-ins at once: {during:.1f} ms, at most {MAX_P99_MS}",
         during < MAX_P99_MS),
    ])


main()
