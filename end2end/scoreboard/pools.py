"""Starts pools as processes: each on a free port, with its data in a temporary folder."""

import contextlib
import os
import re
import signal
import socket
import subprocess
import tempfile

from pool import ApiError, Pool
from wire import Absent, wait_until_ready

ROOT = os.path.realpath(os.path.join(os.path.dirname(__file__), "..", ".."))
# scripts/setup.sh scoreboard installs the other pools here.
PEERS = os.path.join(ROOT, "target", "scoreboard")
PYTHON = os.path.join(PEERS, "venv", "bin")
NODE = os.path.join(PEERS, "node", "node_modules", ".bin")


class NotInstalled(Exception):
    pass


def gazette(port, folder):
    binary = os.environ.get("SCOREBOARD_BINARY") or os.path.join(ROOT, "target", "debug", "gazette")
    return [binary, "pool", "--addr", f"127.0.0.1:{port}", "--public-url", f"http://localhost:{port}"], {
        "GAZETTE_DATA_DIR": folder}, [binary, "--version"]


def moto(port, folder):
    version = [os.path.join(PYTHON, "python"), "-c", "import moto; print(moto.__version__)"]
    return [os.path.join(PYTHON, "moto_server"), "-p", str(port)], {}, version


def cognito_local(port, folder):
    version = ["node", "-p", f"require({os.path.join(PEERS, 'node/node_modules/cognito-local/package.json')!r}).version"]
    os.makedirs(os.path.join(folder, ".cognito"))
    with open(os.path.join(folder, ".cognito", "config.json"), "w") as file:
        file.write('{"UserPoolDefaults": {"UsernameAttributes": []}}')
    return [os.path.join(NODE, "cognito-local")], {"PORT": str(port), "CODE": "123456"}, version


def ministack(port, folder):
    version = [os.path.join(PYTHON, "python"), "-c",
               "import importlib.metadata as m; print(m.version('ministack'))"]
    # With AUTH it checks codes, too.
    return [os.path.join(PYTHON, "ministack")], {
        "GATEWAY_PORT": str(port), "AUTH": "true", "STATE_DIR": folder, "SERVICES": "cognito-idp",
        "LOG_LEVEL": "ERROR"}, version


# How to start, options of the pool, and the address that answers when it is ready.
STARTERS = {
    "gazette": (gazette, dict(pool_id="local_gazette"), "/"),
    # It routes by host.
    "moto": (moto, dict(host="cognito-idp.us-east-1.amazonaws.com", code="123456"), "/moto-api/data.json"),
    "cognito-local": (cognito_local, dict(code="123456"), "/health"),
    "ministack": (ministack, dict(code={"sign_up": "123456", "forgot_password": "654321",
                                        "verify_email": "123456"}), "/health"),
}
NAMES = list(STARTERS)


@contextlib.contextmanager
def start(name):
    starter, options, path = STARTERS[name]
    with tempfile.TemporaryDirectory() as folder:
        port = free_port()
        command, variables, version = starter(port, folder)
        if not os.path.exists(command[0]):
            raise NotInstalled(f"{os.path.relpath(command[0], ROOT)} is missing")
        process = subprocess.Popen(command, env=os.environ | variables, cwd=folder, start_new_session=True,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            origin = f"http://localhost:{port}"
            try:
                wait_until_ready(origin + path, process)
            except TimeoutError:
                raise NotInstalled("it does not start") from None
            try:
                pool = Pool(name, origin, **options)
            except (ApiError, AssertionError, Absent) as reason:
                raise NotInstalled(f"it makes no pool: {reason}") from None
            printed = subprocess.run(version, capture_output=True, text=True, check=False).stdout
            pool.version = (re.search(r"\d+\.\d+\S*", printed) or ["?"])[0]
            yield pool
        finally:
            stop(process)


def stop(process):
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]
