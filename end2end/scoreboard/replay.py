"""Replays captures: requests that were sent to Cognito once, and what it answered."""

import glob
import json
import os
import re
import urllib.parse

from pool import ApiError
from wire import MEDIA_TYPE, PREFIX, Absent, send

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "captures")
# Headers of an answer that are compared when a capture has them.
HEADERS = {"content-type", "location", "www-authenticate", "x-amzn-errortype", "allow",
           "access-control-allow-origin"}
WILDCARD = "*"


def captures(files=None):
    return files or sorted(glob.glob(os.path.join(FOLDER, "*.jsonl")))


def run(pool, files):
    """Replays files in order; prints differences, and returns whether there are any."""
    bad = total = 0
    for file in files:
        values = prepare(pool)
        with open(file) as lines:
            for number, text in enumerate(lines, 1):
                if not text.strip() or text.startswith("#"):
                    continue
                total += 1
                try:
                    faults = one(pool, json.loads(text), values)
                except (AssertionError, ApiError, Absent, OSError, ValueError, KeyError) as error:
                    faults = [f"{type(error).__name__}: {error}"]
                for fault in faults:
                    print(f"DIFFERS {os.path.basename(file)}:{number}: {fault}")
                bad += bool(faults)
    if total:
        print(f"captures: {total - bad} of {total} as Cognito")
    return bad > 0


def prepare(pool):
    """Returns what captures may name: a client, a user with a password, and addresses."""
    return {"pool": pool.pool_id, "issuer": pool.issuer, "origin": pool.origin, "client": pool.id("cli"),
            "web_client": pool.id("web"), "user": pool.new_user("captured"), "password": "Fixture1!Aa",
            "new": pool.new_name("fresh")}


def one(pool, capture, values):
    if "code_for" in capture:
        name = fill(capture["code_for"], values)
        values["code"] = pool.code_for(name, capture.get("kind"))
        return []
    request, wanted = fill(capture["request"], values), capture["response"]
    response = post(pool, request) if "operation" in request else plain(pool, request)
    faults = [] if response.status == wanted["status"] else [f"status {response.status}, not {wanted['status']}"]
    for name, value in wanted.get("headers", {}).items():
        if name.lower() in HEADERS:
            faults += differences(response.header(name), fill(value, values), name)
    if "body" in wanted:
        body = wanted["body"]
        actual = response.text if isinstance(body, str) else json.loads(response.text or "{}")
        faults += differences(actual, fill(body, values), "body")
    for name, path in capture.get("keep", {}).items():
        value = json.loads(response.text)
        for step in path.split("."):
            value = value[step]
        values[name] = value
    return faults


def post(pool, request):
    return pool.post(request["operation"], json.dumps(request.get("body", {})), request.get("headers", {}))


def plain(pool, request):
    body = request.get("body")
    if isinstance(body, dict):
        body = urllib.parse.urlencode(body)
    return send(request["method"], pool.origin + request["path"], request.get("headers", {}), body)


def fill(value, values):
    """Puts values in the place of {names}."""
    if isinstance(value, dict):
        return {name: fill(item, values) for name, item in value.items()}
    if isinstance(value, list):
        return [fill(item, values) for item in value]
    if isinstance(value, str):
        return re.sub(r"\{(\w+)\}", lambda m: str(values.get(m[1], m[0])), value)
    return value


def differences(actual, wanted, path):
    """Lists differences; "*" stands for any text within a text, and alone for any value."""
    if wanted == WILDCARD:
        return []
    if isinstance(wanted, dict) and isinstance(actual, dict):
        found = [f"{path}.{name} is missing" for name in wanted if name not in actual]
        found += [f"{path}.{name} is not Cognito's" for name in actual if name not in wanted]
        return found + [fault for name in wanted if name in actual
                        for fault in differences(actual[name], wanted[name], f"{path}.{name}")]
    if isinstance(wanted, list) and isinstance(actual, list) and len(wanted) == len(actual):
        return [fault for a, w in zip(actual, wanted) for fault in differences(a, w, path + "[]")]
    if isinstance(wanted, str) and isinstance(actual, str) and WILDCARD in wanted:
        pattern = ".*".join(map(re.escape, wanted.split(WILDCARD)))
        return [] if re.fullmatch(pattern, actual, re.S) else [f"{path} is {actual[:80]!r}, not {wanted!r}"]
    return [] if actual == wanted else [f"{path} is {actual!r:.80}, not {wanted!r:.80}"]
