"""Claims and headers of tokens (cognito.md B6)."""

import base64
import hashlib
import re

from pool import attributes, claims, header
from rows import add, equal, row

UUID = re.compile(r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$")


def is_uuid(value):
    assert UUID.match(value or ""), f"{value!r} is no UUID"


def id_and_access(p):
    tokens = p.api_tokens() if "tokens" not in p.made else None
    return p.once("tokens", lambda: (tokens["IdToken"], tokens["AccessToken"]))


ID = {
    "sub is a UUID": lambda p, c: is_uuid(c["sub"]),
    "iss is the issuer": lambda p, c: equal(c["iss"], p.discovery().get("issuer")),
    "aud is the client": lambda p, c: equal(c["aud"], p.id("cli")),
    "token_use is id": lambda p, c: equal(c["token_use"], "id"),
    "cognito:username": lambda p, c: equal(c["cognito:username"], p.user()),
    "email": lambda p, c: equal(c["email"], p.user() + "@example.com"),
    "email_verified is a boolean": lambda p, c: equal(c["email_verified"], True),
    "event_id": lambda p, c: is_uuid(c["event_id"]),
    "jti and origin_jti": lambda p, c: (is_uuid(c["jti"]), is_uuid(c["origin_jti"])),
    "auth_time, iat and exp are whole seconds": lambda p, c: [
        equal(type(c[name]), int) for name in ("auth_time", "iat", "exp")],
    "lives for 60 minutes": lambda p, c: equal(c["exp"] - c["iat"], 3600),
    "no client_id, username, scope or version": lambda p, c: equal(
        {"client_id", "username", "scope", "version"} & set(c), set()),
    "no groups of a user without": lambda p, c: equal("cognito:groups" in c, False),
}
ACCESS = {
    "sub is that of the id token": lambda p, c: equal(c["sub"], claims(id_and_access(p)[0])["sub"]),
    "iss is the issuer": lambda p, c: equal(c["iss"], p.discovery().get("issuer")),
    "client_id is the client": lambda p, c: equal(c["client_id"], p.id("cli")),
    "token_use is access": lambda p, c: equal(c["token_use"], "access"),
    "username": lambda p, c: equal(c["username"], p.user()),
    "scope of InitiateAuth": lambda p, c: equal(c["scope"], "aws.cognito.signin.user.admin"),
    "no aud": lambda p, c: equal("aud" in c, False),
    "no email": lambda p, c: equal({"email", "email_verified"} & set(c), set()),
    "origin_jti is that of the id token": lambda p, c: equal(
        c["origin_jti"], claims(id_and_access(p)[0])["origin_jti"]),
    "jti is another one": lambda p, c: (is_uuid(c["jti"]), equal(
        c["jti"] == claims(id_and_access(p)[0])["jti"], False)),
    "event_id is that of the id token": lambda p, c: equal(
        c["event_id"], claims(id_and_access(p)[0])["event_id"]),
    "lives for 60 minutes": lambda p, c: equal(c["exp"] - c["iat"], 3600),
}
for area, index, checks in (("id token", 0, ID), ("access token", 1, ACCESS)):
    for name, check in checks.items():
        add(area, name, "cognito.md B6",
            lambda p, index=index, check=check: check(p, claims(id_and_access(p)[index])))


@row("access token", "version 2 after the hosted UI", "cognito.md B6")
def _(p):
    equal(claims(p.web_tokens()["access_token"])["version"], 2)


@row("access token", "the scopes of the request", "cognito.md B6")
def _(p):
    equal(set(claims(p.web_tokens()["access_token"])["scope"].split()), {"openid", "email"})


@row("access token", "all scopes of the client by default", "cognito.md B2")
def _(p):
    scope = claims(p.web_tokens(scope=None)["access_token"])["scope"]
    equal(set(scope.split()), {"openid", "email", "profile", "aws.cognito.signin.user.admin"})


@row("id token", "nonce", "cognito.md B6")
def _(p):
    equal(claims(p.web_tokens(nonce="n0nce")["id_token"])["nonce"], "n0nce")


@row("id token", "at_hash is that of the access token", "cognito.md B6; OpenID Connect Core 3.1.3.6")
def _(p):
    digest = hashlib.sha256(p.web_tokens()["access_token"].encode()).digest()[:16]
    equal(claims(p.web_tokens()["id_token"])["at_hash"], base64.urlsafe_b64encode(digest).rstrip(b"=").decode())


@row("tokens", "headers have kid and alg only", "cognito.md B6")
def _(p):
    for token in id_and_access(p):
        equal((set(header(token)), header(token)["alg"]), ({"kid", "alg"}, "RS256"))


@row("tokens", "the refresh token says nothing", "cognito.md B6")
def _(p):
    token = p.api_tokens()["RefreshToken"]
    try:
        found = claims(token)
    except (ValueError, IndexError):
        return
    raise AssertionError(f"its claims can be read: {sorted(found)}")


@row("tokens", "groups, once the user is a member", "cognito.md B6")
def _(p):
    name, group = p.new_user("member"), p.new_name("group")
    p.call("CreateGroup", UserPoolId=p.pool_id, GroupName=group)
    p.call("AdminAddUserToGroup", **p.of(name), GroupName=group)
    tokens = p.api_tokens(name)
    for token in (tokens["IdToken"], tokens["AccessToken"]):
        equal(claims(token)["cognito:groups"], [group])


@row("tokens", "a standard attribute", "cognito.md B6")
def _(p):
    name = p.new_user("named")
    p.call("AdminUpdateUserAttributes", **p.of(name), UserAttributes=attributes(given_name="Ada"))
    tokens = p.api_tokens(name)
    equal(claims(tokens["IdToken"])["given_name"], "Ada")
    assert "given_name" not in claims(tokens["AccessToken"])


@row("tokens", "a new user has another sub", "cognito.md B6")
def _(p):
    assert claims(p.api_tokens(p.user("eve"))["IdToken"])["sub"] != claims(id_and_access(p)[0])["sub"]


@row("tokens", "the lifetimes of the client", "cognito.md B7")
def _(p):
    made = p.call("CreateUserPoolClient", UserPoolId=p.pool_id, ClientName="short",
                  ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
                  AccessTokenValidity=5, IdTokenValidity=10,
                  TokenValidityUnits={"AccessToken": "minutes", "IdToken": "minutes"})
    p.made["client short"] = made["UserPoolClient"]
    tokens = p.api_tokens(client="short")
    lives = [claims(tokens[n])["exp"] - claims(tokens[n])["iat"] for n in ("AccessToken", "IdToken")]
    equal((lives, tokens["ExpiresIn"]), ([300, 600], 300))
