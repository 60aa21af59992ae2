"""Lists the functions that a start and common requests run, in server/link-order.txt, for server/build.rs.

Needs valgrind, and a release binary with its symbols; see `make link-order`.
"""

import http.client
import json
import os
import re
import sys
import tempfile

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "load"))
from site_process import BINARY, HOST, PORT, ROOT, SiteProcess, access_token  # noqa: E402

ORDER = os.path.join(ROOT, "server", "link-order.txt")
PAGES = [
    "/", "/news", "/news?limit=3", "/archive", "/section/world", "/feed.atom", "/sitemap.xml", "/search?q=river",
    "/healthz", "/about", "/auth/login", "/no/such/page",
]
OF_MEMBERS = ["/auth/me", "/", "/desk", "/account"]
STORY = {"headline": "A story", "summary": "Its summary", "body": "Some text. " * 100, "section": "World"}


def ask(method, path, body="", **headers):
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=60)
    headers = {"Host": HOST, "Accept": "text/html", "Accept-Encoding": "br"} | headers
    connection.request(method, path, body, headers)
    response = connection.getresponse()
    return response.status, response.read()


def use():
    """Does what most requests do."""
    for path in PAGES * 2:
        assert ask("GET", path)[0] < 500, path
    as_admin = {"Authorization": f"Bearer {access_token()}", "Accept-Encoding": "identity"}
    for path in OF_MEMBERS * 2:
        assert ask("GET", path, **as_admin)[0] == 200, path
    as_program = as_admin | {"Accept": "application/json", "Content-Type": "application/json"}
    status, created = ask("POST", "/news", json.dumps(STORY), **as_program)
    assert status == 201, created
    created = json.loads(created)
    assert ask("GET", f"/news/{created['slug']}")[0] == 200
    assert ask("DELETE", f"/news?ids={created['id']}", **as_program)[0] == 200


def functions_of(work):
    """Returns the names of the functions that a start and the work run."""
    with tempfile.TemporaryDirectory() as folder:
        profile = os.path.join(folder, "profile")
        callgrind = ["valgrind", "--tool=callgrind", "--demangle=no", f"--callgrind-out-file={profile}"]
        with SiteProcess(under=callgrind, GAZETTE_MAX_QUEUE_DELAY="off", GAZETTE_RATE_LIMIT="off"):
            work()
        return functions(profile)


def functions(profile):
    """Returns the names of the binary's functions in a profile of callgrind."""
    names, is_own, objects = set(), False, {}
    with open(profile) as lines:
        for line in lines:
            # Each name has a number, and is written out once.
            if named := re.match(r"c?ob=\((\d+)\)(?: (.+))?", line):
                number, path = named.groups()
                objects.setdefault(number, path)
                if line.startswith("ob"):
                    is_own = os.path.basename(objects[number]) == os.path.basename(BINARY)
            elif (named := re.match(r"(c?)fn=\(\d+\) ([^\s']+)", line)) and (is_own or named[1]):
                names.add(named[2])
    return {name for name in names if re.fullmatch(r"[A-Za-z_][\w.$]*", name)}


def main():
    of_start = functions_of(lambda: ask("GET", "/"))
    if not any(name.startswith("_ZN14gazette_server") for name in of_start):
        raise SystemExit(f"{BINARY} has no symbols: see `make link-order`")
    # After those of a start, whose memory pages they would fill.
    of_requests = functions_of(use) - of_start
    with open(ORDER, "w") as order:
        order.writelines(f"{name}\n" for name in sorted(of_start) + sorted(of_requests))
    print(f"{len(of_start)} and {len(of_requests)} functions in {os.path.relpath(ORDER)}")


if __name__ == "__main__":
    main()
