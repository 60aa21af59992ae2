"""The release server as a process with an empty data folder, for the load tests."""

import http.client
import json
import os
import signal
import subprocess
import tempfile
import time

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
PORT, POOL_PORT = 23900, 23901
HOST = f"localhost:{PORT}"
USER, PASSWORD = "ada", "correct-horse-ada"


class SiteProcess:
    def __enter__(self):
        self.data = tempfile.TemporaryDirectory()
        settings = {
            "GAZETTE_DATA_DIR": self.data.name,
            "GAZETTE_ADDR": f"127.0.0.1:{PORT}",
            "GAZETTE_POOL_ADDR": f"127.0.0.1:{POOL_PORT}",
            "GAZETTE_POOL_USER": f"{USER}:{PASSWORD}:admin",
            "LEPTOS_SITE_ROOT": os.path.join(ROOT, "target", "site"),
        }
        self.process = subprocess.Popen(
            [os.path.join(ROOT, "target", "release", "gazette"), "serve"],
            env=os.environ | settings,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + 30
        while not self.is_ready():
            if self.process.poll() is not None or time.monotonic() > deadline:
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
        with open(f"/proc/{self.process.pid}/status") as status:
            line = next(line for line in status if line.startswith("VmHWM"))
        return int(line.split()[1]) // 1024

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
