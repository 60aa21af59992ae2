"""authlib at a pool, in a Flask application:   authlib_client.py ORIGIN SECRET

The registration is the example of docs/user-pool.md, run as it stands there.
"""

import pathlib
import re
import sys
import urllib.parse

import requests
from authlib.integrations.flask_client import OAuth
from flask import Flask

ORIGIN, SECRET = sys.argv[1:]
CALLBACK = "http://localhost:5173/callback"
GUIDE = pathlib.Path(__file__).parent.parent.parent / "docs/user-pool.md"

app = Flask("shop")
app.secret_key = "not a secret"
oauth = OAuth(app)
section = GUIDE.read_text("utf-8").split("**authlib**")[1]
example = re.search(r"```python\n(.*?)```", section, re.S).group(1)
exec(example.replace("http://localhost:4000", ORIGIN), {"oauth": oauth, "SECRET": SECRET})


@app.get("/login")
def login():
    return oauth.pool.authorize_redirect(CALLBACK)


@app.get("/callback")
def callback():
    tokens = oauth.pool.authorize_access_token()
    return {"claims": tokens["userinfo"], "info": oauth.pool.userinfo(token=tokens)}


def callback_of(address):
    """Signs in at the hosted UI; returns the address that it leads to."""
    browser = requests.Session()
    page = browser.get(address)
    form = page.text.split("<form")[1].split("</form>")[0]
    action = re.search(r'action="([^"]*)"', form).group(1).replace("&amp;", "&")
    csrf = re.search(r'name="_csrf" value="([^"]*)"', form).group(1)
    fields = {"_csrf": csrf, "username": "ada", "password": "correct-horse-ada"}
    answer = browser.post(urllib.parse.urljoin(page.url, action), fields, allow_redirects=False)
    assert answer.status_code == 302, answer.text
    return answer.headers["Location"]


shop = app.test_client()
begun = shop.get("/login")
request = urllib.parse.parse_qs(urllib.parse.urlsplit(begun.location).query)
assert request["code_challenge_method"] == ["S256"] and "nonce" in request, request
print("ok   authorization request")

address = callback_of(begun.location)
assert address.startswith(CALLBACK), address
answer = shop.get(address, base_url="http://localhost:5173")
assert answer.status_code == 200, answer.text
assert answer.json["claims"]["cognito:username"] == "ada", answer.json
assert answer.json["claims"]["token_use"] == "id", answer.json
print("ok   callback")

assert answer.json["info"]["username"] == "ada", answer.json
print("ok   userInfo")
