"""Prints 1 or 0 for each token in a file: 1 if PyJWT accepts it.

PyJWT does not know `token_use` and `client_id`, so this script checks them itself.
"""

import datetime
import json
import sys

import jwt

with open(sys.argv[1], encoding="utf-8") as file:
    given = json.load(file)


class Clock(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return cls.fromtimestamp(given["now"], tz)


jwt.api_jwt.datetime = Clock
keys = {key["kid"]: jwt.PyJWK(key) for key in given["jwks"]["keys"]}


def accepts(token):
    try:
        key = keys[jwt.get_unverified_header(token)["kid"]]
        use = jwt.decode(token, options={"verify_signature": False}).get("token_use")
        is_id = use == "id"
        claims = jwt.decode(
            token,
            key,
            algorithms=["RS256"],
            issuer=given["issuer"],
            audience=given["clients"] if is_id else None,
            leeway=given["skew"],
            options={"require": ["exp", "iat", "sub", "iss"], "verify_aud": is_id},
        )
        return is_id or (use == "access" and claims.get("client_id") in given["clients"])
    except (jwt.PyJWTError, KeyError, TypeError, ValueError, AttributeError):
        return False


print("\n".join("1" if accepts(token) else "0" for token in given["tokens"]))
