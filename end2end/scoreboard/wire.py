"""HTTP as it is on the wire: no redirects followed, no retries, nothing parsed leniently."""

import http.client
import http.cookies
import json
import re
import time
import urllib.parse

PREFIX = "AWSCognitoIdentityProviderService."
MEDIA_TYPE = "application/x-amz-json-1.1"
FORM = "application/x-www-form-urlencoded"


class Absent(Exception):
    """The pool has no such operation or endpoint."""


class Response:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.text = status, headers, body

    def header(self, name):
        return ", ".join(value for key, value in self.headers if key.lower() == name.lower())

    def cookies(self):
        lines = [value for key, value in self.headers if key.lower() == "set-cookie"]
        return [line.split(";")[0].split("=", 1) + [line] for line in lines]

    def json(self):
        try:
            return json.loads(self.text)
        except ValueError:
            raise AssertionError(f"{self.status}, no JSON: {self.text[:80]!r}") from None

    def location(self):
        assert self.status in (302, 303), f"{self.status}, no redirect: {brief(self.text)}"
        return self.header("location")

    def parameters(self):
        """Returns the query of the redirect, or its fragment."""
        url = urllib.parse.urlsplit(self.location())
        return dict(urllib.parse.parse_qsl(url.query or url.fragment, keep_blank_values=True))


def brief(text):
    return re.sub(r"\s+", " ", re.sub(r"<style.*?</style>|<[^>]*>", " ", text, flags=re.S)).strip()[:90]


def send(method, url, headers=(), body=None, timeout=30):
    """Sends one request on a connection of its own."""
    parts = urllib.parse.urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=timeout)
    path = (parts.path or "/") + ("?" + parts.query if parts.query else "")
    data = body.encode() if isinstance(body, str) else body
    headers = dict(headers)
    try:
        connection.request(method, path, data, headers)
        answer = connection.getresponse()
        return Response(answer.status, answer.getheaders(), answer.read().decode("utf-8", "replace"))
    finally:
        connection.close()


def query(**parameters):
    return urllib.parse.urlencode({k: v for k, v in parameters.items() if v is not None})


class Browser:
    """Keeps cookies, and fills in forms; follows redirects within the pool only."""

    def __init__(self, origin):
        self.origin, self.jar = origin, {}

    def send(self, method, url, headers=(), body=None):
        headers = {"Accept": "text/html", **dict(headers)}
        if self.jar:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.jar.items())
        response = send(method, urllib.parse.urljoin(self.origin + "/", url), headers, body)
        for name, value, line in response.cookies():
            if "max-age=0" in line.lower() or not value:
                self.jar.pop(name, None)
            else:
                self.jar[name] = value
        return response

    def open(self, url):
        """Opens a page; follows redirects within the pool."""
        for _ in range(5):
            response = self.send("GET", url)
            where = response.header("location")
            if response.status not in (302, 303) or not self.is_own(where):
                return response
            url = where
        raise AssertionError("redirects without an end")

    def is_own(self, url):
        parts = urllib.parse.urlsplit(urllib.parse.urljoin(self.origin + "/", url))
        return f"{parts.scheme}://{parts.netloc}" == self.origin

    def submit(self, page, base, **fields):
        """Submits the form of a page that has all the fields, with its hidden fields."""
        for form in re.findall(r"<form.*?</form>", page.text, re.S | re.I):
            inputs = re.findall(r"<(?:input|button)\b[^>]*>", form, re.I)
            names = {attribute(tag, "name"): tag for tag in inputs}
            if all(name in names for name in fields):
                break
        else:
            raise AssertionError(f"no form with {', '.join(fields)}: {brief(page.text)}")
        hidden = {n: attribute(t, "value") or "" for n, t in names.items()
                  if n and (attribute(t, "type") or "").lower() == "hidden"}
        action = attribute(form, "action")
        url = urllib.parse.urljoin(urllib.parse.urljoin(self.origin, base), action or "")
        body = urllib.parse.urlencode({**hidden, **fields})
        response = self.send("POST", url, {"Content-Type": FORM}, body)
        where = response.header("location")
        if response.status in (302, 303) and self.is_own(where):
            return self.open(where)
        return response


def attribute(tag, name):
    found = re.search(rf'\b{name}="([^"]*)"', tag)
    if not found:
        return None
    text = found.group(1)
    for entity, character in (("&quot;", '"'), ("&lt;", "<"), ("&gt;", ">"), ("&#x27;", "'"), ("&amp;", "&")):
        text = text.replace(entity, character)
    return text


def wait_until_ready(url, process, seconds=60):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            return send("GET", url, timeout=5)
        except OSError:
            if process.poll() is not None:
                break
            time.sleep(0.1)
    raise TimeoutError(f"{url} does not answer")
