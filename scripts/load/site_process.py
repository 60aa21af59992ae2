"""The release server as a process with an empty data folder, for the load tests.

LOAD_BINARY names another binary, and LOAD_PORT the first of the ports.
"""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
BINARY = os.environ.get("LOAD_BINARY") or os.path.join(ROOT, "target", "release", "gazette")
PORT = int(os.environ.get("LOAD_PORT") or 23900)
POOL_PORT = PORT + 1
HOST = f"localhost:{PORT}"
USER, PASSWORD = "ada", "correct-horse-ada"


# So that a check which is stopped stops its server.
signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))


class SiteProcess:
    def __init__(self, cores=None, stories=0, under=(), **settings):
        """With the cores that the server may use, sample stories, a program that runs it, and more settings."""
        self.cores, self.stories, self.under, self.settings = cores, stories, under, settings

    def __enter__(self):
        # Otherwise the check would measure a server that an earlier one left behind.
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", PORT)) == 0:
                raise SystemExit(f"port {PORT} is in use: set LOAD_PORT")
        self.data = tempfile.TemporaryDirectory()
        settings = {
            "GAZETTE_DATA_DIR": self.data.name,
            "GAZETTE_ADDR": f"127.0.0.1:{PORT}",
            "GAZETTE_POOL_ADDR": f"127.0.0.1:{POOL_PORT}",
            "GAZETTE_POOL_USER": f"{USER}:{PASSWORD}:admin",
            "GAZETTE_METRICS_ADDR": "off",
            "LEPTOS_SITE_ROOT": os.path.join(ROOT, "target", "site"),
        } | self.settings
        environment = os.environ | settings
        if self.stories:
            seed = [BINARY, "seed", "--articles", str(self.stories)]
            subprocess.run(seed, env=environment, check=True, capture_output=True)
        self.process = subprocess.Popen(
            [*self.under, BINARY, "serve"],
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            preexec_fn=lambda: self.cores and os.sched_setaffinity(0, self.cores),
        )
        deadline = time.monotonic() + 30
        while not self.is_ready():
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.process.kill()
                raise SystemExit("the server does not start")
            time.sleep(0.1)
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(30)
        self.data.cleanup()

    def is_ready(self):
        try:
            return get("/readyz")[0] == 200
        except OSError:
            return False

    def memory_mib(self):
        """Returns the highest resident memory since the start."""
        return self.memory_kib("VmHWM") // 1024

    def memory_kib(self, name="VmRSS"):
        with open(f"/proc/{self.process.pid}/status") as status:
            line = next(line for line in status if line.startswith(name))
        return int(line.split()[1])

    def open_files(self):
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))


def get(path, source="127.0.0.1"):
    """Returns the status of a GET from a loopback address, and the seconds it took."""
    start = time.monotonic()
    connection = http.client.HTTPConnection("127.0.0.1", PORT, 30, source_address=(source, 0))
    connection.request("GET", path, headers={"Host": HOST})
    response = connection.getresponse()
    response.read()
    connection.close()
    return response.status, time.monotonic() - start


def access_token():
    connection = http.client.HTTPConnection("127.0.0.1", POOL_PORT, timeout=30)
    parameters = {"USERNAME": USER, "PASSWORD": PASSWORD}
    body = {"AuthFlow": "USER_PASSWORD_AUTH", "ClientId": "gazettecli", "AuthParameters": parameters}
    headers = {
        "Host": f"localhost:{POOL_PORT}",
        "Content-Type": "application/x-amz-json-1.1",
        "X-Amz-Target": "AWSCognitoIdentityProviderService.InitiateAuth",
    }
    connection.request("POST", "/", json.dumps(body), headers)
    return json.load(connection.getresponse())["AuthenticationResult"]["AccessToken"]


def milliseconds(seconds, share):
    """Returns a quantile of some durations in milliseconds."""
    ordered = sorted(seconds)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000


def report(checks):
    """Prints checks, each a text and its result, and exits with 1 if one failed."""
    for text, holds in checks:
        print("ok    " if holds else "FAILED", text)
    raise SystemExit(0 if all(holds for _, holds in checks) else 1)
