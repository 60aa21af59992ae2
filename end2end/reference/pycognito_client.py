"""pycognito at a pool:   pycognito_client.py ORIGIN"""

import base64
import hashlib
import hmac
import json
import struct
import sys
import time
import urllib.request
from pathlib import Path

from botocore.exceptions import ClientError
from pycognito.exceptions import SoftwareTokenMFAChallengeException

PASSWORD, OTHER = "Fixture1!Aa", "Fixture2!Bb"
origin = sys.argv[1]
name = f"walker{time.time_ns()}"

# The example of docs/user-pool.md, as it stands there
guide = (Path(__file__).parents[2] / "docs/user-pool.md").read_text()
example = guide.split("**pycognito**")[1].split("```python\n")[1].split("```")[0]
example = example.replace("http://localhost:4000", origin).replace('"ada"', "NAME")


def new_user():
    scope = {"NAME": name}
    exec(example, scope)
    return scope["user"]


def passed(check):
    print("ok   " + check)


def refused(code, method, *arguments):
    try:
        method(*arguments)
    except ClientError as error:
        assert error.response["Error"]["Code"] == code, error
    else:
        raise AssertionError(f"{method} was not refused")


def mailed():
    request = urllib.request.Request(origin + "/_pool/outbox", headers={"Accept": "application/json"})
    messages = json.load(urllib.request.urlopen(request))["messages"]
    return next(message["code"] for message in messages if message["username"] == name)


def totp(secret, step=0):
    counter = struct.pack(">Q", int(time.time()) // 30 + step)
    digest = hmac.new(base64.b32decode(secret + "=" * (-len(secret) % 8)), counter, hashlib.sha1).digest()
    offset = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[offset:offset + 4])[0] & 0x7fffffff) % 1000000:06}"


user = new_user()
user.set_base_attributes(email=name + "@example.com")
user.register(name, PASSWORD)
refused("UserNotConfirmedException", user.authenticate, PASSWORD)
user.confirm_sign_up(mailed(), username=name)
passed("sign-up")

refused("NotAuthorizedException", user.authenticate, OTHER)
user.authenticate(PASSWORD)
user.verify_tokens()
assert user.access_claims["username"] == name and user.id_claims["aud"] == "shop"
passed("SRP sign-in")

before = user.access_token
user.renew_access_token()
user.verify_tokens()
assert user.access_token != before
passed("refresh")

user.update_profile({"nickname": "Wal"})
assert user.get_user()._data["nickname"] == "Wal"
passed("attributes")

secret = user.associate_software_token()
assert user.verify_software_token(totp(secret, -1))
user.set_user_mfa_preference(False, True, "SOFTWARE_TOKEN")
user = new_user()
try:
    user.authenticate(PASSWORD)
    raise AssertionError("no second factor was asked for")
except SoftwareTokenMFAChallengeException as challenge:
    user.respond_to_software_token_mfa_challenge(totp(secret), challenge.get_tokens())
user.verify_tokens()
user.set_user_mfa_preference(False, False)
passed("SOFTWARE_TOKEN_MFA")

user.initiate_forgot_password()
user.confirm_forgot_password(mailed(), OTHER)
refused("NotAuthorizedException", new_user().authenticate, PASSWORD)
user = new_user()
user.authenticate(OTHER)
user.change_password(OTHER, PASSWORD)
passed("forgotten and changed password")

user.logout()
user.authenticate(PASSWORD)
user.delete_user()
refused("NotAuthorizedException", new_user().authenticate, PASSWORD)
passed("sign-out and deletion")
