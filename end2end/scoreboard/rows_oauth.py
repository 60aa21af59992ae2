"""Discovery, keys, the hosted UI, the token endpoint, userInfo, revocation, sign-out, CORS."""

import json
import re
import urllib.parse

from pool import CALLBACK, PASSWORD, OTHER_PASSWORD, SIGNED_OUT, attributes, basic, claims, header, pkce
from rows import add, equal, row
from wire import FORM, MEDIA_TYPE, Absent, Browser, brief, query, send

SIGN_UP_EMAIL = "requiredAttributes[email]"

# --- discovery and keys (cognito.md B1) ---

for name, check in {
    "the issuer is the address without its suffix": lambda p, d: equal(d.get("issuer"), p.issuer),
    "authorization_endpoint": lambda p, d: equal(path_of(d, "authorization_endpoint"), "/oauth2/authorize"),
    "token_endpoint": lambda p, d: equal(path_of(d, "token_endpoint"), "/oauth2/token"),
    "userinfo_endpoint": lambda p, d: equal(path_of(d, "userinfo_endpoint"), "/oauth2/userInfo"),
    "revocation_endpoint": lambda p, d: equal(path_of(d, "revocation_endpoint"), "/oauth2/revoke"),
    "end_session_endpoint": lambda p, d: equal(path_of(d, "end_session_endpoint"), "/logout"),
    "jwks_uri": lambda p, d: equal(d.get("jwks_uri"), p.issuer + "/.well-known/jwks.json"),
    "response types": lambda p, d: equal(d.get("response_types_supported"), ["code", "token"]),
    "scopes": lambda p, d: equal(set(d.get("scopes_supported", [])), {"openid", "email", "phone", "profile"}),
    "subject types": lambda p, d: equal(d.get("subject_types_supported"), ["public"]),
    "signing algorithms": lambda p, d: equal(d.get("id_token_signing_alg_values_supported"), ["RS256"]),
    "client authentication": lambda p, d: equal(
        set(d.get("token_endpoint_auth_methods_supported", [])), {"client_secret_basic", "client_secret_post"}),
}.items():
    add("discovery", name, "cognito.md B1", lambda p, check=check: check(p, p.discovery()))


def path_of(document, name):
    assert name in document, f"no {name}"
    return urllib.parse.urlsplit(document[name]).path


@row("discovery", "an unknown pool has no document", "cognito.md B1", must=False)
def _(p):
    p.discovery()
    assert send("GET", f"{p.origin}/us-east-1_Unknown99/.well-known/openid-configuration").status >= 400


for name, check in {
    "two keys": lambda keys: equal(len(keys), 2),
    "RSA, RS256, for signatures": lambda keys: [
        equal((k["kty"], k["alg"], k["use"], k["e"]), ("RSA", "RS256", "sig", "AQAB")) for k in keys],
    "exactly alg, e, kid, kty, n, use": lambda keys: [
        equal(set(k), {"alg", "e", "kid", "kty", "n", "use"}) for k in keys],
    "2,048 bits": lambda keys: [equal(len(k["n"]), 342) for k in keys],
    "key ids differ": lambda keys: equal(len({k["kid"] for k in keys}), 2),
}.items():
    add("keys", name, "cognito.md B1", lambda p, check=check: check(p.keys()))


@row("keys", "id and access token are signed by different published keys", "cognito.md B1")
def _(p):
    tokens = p.api_tokens()
    kids = [header(tokens[name])["kid"] for name in ("IdToken", "AccessToken")]
    assert set(kids) <= {k["kid"] for k in p.keys()}, "a kid is not published"
    assert kids[0] != kids[1], "one kid for both"


@row("keys", "signatures verify with the published keys", "cognito.md B1")
def _(p):
    import jwt
    tokens = p.api_tokens()
    for token in (tokens["IdToken"], tokens["AccessToken"]):
        key = next((k for k in p.keys() if k["kid"] == header(token)["kid"]), None)
        assert key, "the kid is not published"
        jwt.decode(token, jwt.PyJWK(key).key, algorithms=["RS256"], options={"verify_aud": False})


# --- /oauth2/authorize (B2) ---

def stays(p, **changes):
    """Checks that a bad request is shown here and not sent to an unregistered address."""
    response = p.authorize(**changes)
    where = response.header("location")
    host = urllib.parse.urlsplit(urllib.parse.urljoin(p.origin, where)).netloc
    assert host == urllib.parse.urlsplit(p.origin).netloc, f"redirected to {where}"
    assert response.status >= 400 or "error" in where, f"accepted with {response.status}"


for name, changes in {
    "unknown client": dict(client_id="unknownclient"),
    "no client": dict(client_id=None),
    "no callback": dict(redirect_uri=None),
    "callback with a slash more": dict(redirect_uri=CALLBACK + "/"),
    "callback with a query more": dict(redirect_uri=CALLBACK + "?x=1"),
    "callback at another port": dict(redirect_uri="http://localhost:5174/callback"),
    "callback in capitals": dict(redirect_uri="http://LOCALHOST:5173/callback"),
    "callback with another path": dict(redirect_uri="http://localhost:5173/"),
    "callback at another host": dict(redirect_uri="https://evil.example/callback"),
    "callback with a user part": dict(redirect_uri="http://localhost:5173@evil.example/callback"),
}.items():
    add("authorize", f"no redirect: {name}", "cognito.md B2; CG authorization-endpoint",
        lambda p, changes=changes: stays(p, **changes))


def error_at_callback(p, error, **changes):
    response = p.authorize(**changes)
    assert response.location().startswith(CALLBACK), f"{response.status} {response.header('location')[:60]}"
    equal(response.parameters().get("error"), error)
    return response.parameters()


for name, error, changes in [
    ("no response_type", "invalid_request", dict(response_type=None)),
    ("unknown scope", "invalid_scope", dict(scope="openid news")),
    ("scope that the client may not have", "invalid_scope", dict(scope="openid phone")),
    ("email without openid", "invalid_scope", dict(scope="email")),
    ("challenge without method", "invalid_request", dict(code_challenge_method=None)),
    ("method plain", "invalid_request", dict(code_challenge_method="plain")),
    ("prompt=none without a session", "login_required", dict(prompt="none")),
    ("implicit grant that the client may not use", "unauthorized_client", dict(response_type="token")),
]:
    add("authorize", f"{name}: {error} at the callback", "cognito.md B2; CG authorization-endpoint",
        lambda p, error=error, changes=changes: error_at_callback(p, error, **changes))


@row("authorize", "errors carry the state", "cognito.md B2")
def _(p):
    equal(error_at_callback(p, "invalid_scope", scope="openid news", state="a b&c=ü").get("state"), "a b&c=ü")


@row("authorize", "errors carry a description", "cognito.md B2", must=False)
def _(p):
    assert error_at_callback(p, "invalid_scope", scope="openid news").get("error_description")


@row("authorize", "without a session: to /login with the same query", "cognito.md B2")
def _(p):
    response = p.authorize(state="a b&c=ü")
    where = urllib.parse.urlsplit(response.location())
    equal(where.path, "/login")
    parameters = dict(urllib.parse.parse_qsl(where.query))
    equal((parameters["state"], parameters["redirect_uri"]), ("a b&c=ü", CALLBACK))


@row("authorize", "with a session: a code at once", "cognito.md B2")
def _(p):
    browser = Browser(p.origin)
    p.sign_in(browser=browser)
    response = p.authorize(browser)
    assert response.location().startswith(CALLBACK) and "code" in response.parameters()


@row("authorize", "prompt=login asks for the password in spite of a session", "cognito.md B2")
def _(p):
    browser = Browser(p.origin)
    p.sign_in(browser=browser)
    page, _, _ = p.login_page(browser, prompt="login")
    assert page.status == 200 and "password" in page.text, f"{page.status}"


@row("authorize", "only GET", "cognito.md B2", must=False)
def _(p):
    p.has("GET", "/oauth2/authorize")
    assert send("POST", p.origin + "/oauth2/authorize", {"Content-Type": FORM}, "").status >= 400


@row("authorize", "the implicit grant answers in the fragment", "cognito.md B2")
def _(p):
    response, _ = p.sign_in(client_id=p.id("implicit"), response_type="token", code_challenge=None,
                            code_challenge_method=None)
    assert "#" in response.location() and "?" not in response.location()
    found = response.parameters()
    equal((found["token_type"], found["expires_in"], found["state"]), ("Bearer", "3600", "st8"))
    assert "id_token" in found and "access_token" in found and "refresh_token" not in found


@row("authorize", "each code is another one", "cognito.md B2")
def _(p):
    assert p.code()[0] != p.code()[0]


@row("authorize", "login_hint fills in the name", "cognito.md B2", must=False)
def _(p):
    page, _, _ = p.login_page(Browser(p.origin), login_hint="hinted-name")
    assert 'value="hinted-name"' in page.text


# --- the hosted UI (B3) ---

@row("hosted UI", "/login is a page with name and password", "cognito.md B3")
def _(p):
    page, _, _ = p.login_page(Browser(p.origin))
    equal(page.status, 200)
    assert "text/html" in page.header("content-type")
    assert 'name="username"' in page.text and 'name="password"' in page.text


@row("hosted UI", "its form has a hidden _csrf", "cognito.md B3")
def _(p):
    page, _, _ = p.login_page(Browser(p.origin))
    assert re.search(r'<input[^>]*name="_csrf"', page.text), "no _csrf"


@row("hosted UI", "it sets a cookie XSRF-TOKEN", "cognito.md B3")
def _(p):
    browser = Browser(p.origin)
    p.login_page(browser)
    assert any(name.startswith("XSRF-TOKEN") for name in browser.jar), f"{list(browser.jar)}"


@row("hosted UI", "a form without the token signs nobody in", "cognito.md B3")
def _(p):
    p.login_page(Browser(p.origin))
    parameters, _ = p.authorize_query()
    body = parameters[1:] + "&" + query(username=p.user(), password=PASSWORD)
    response = send("POST", p.origin + "/login" + parameters, {"Content-Type": FORM}, body)
    assert "code=" not in response.header("location"), "a code without the token"


@row("hosted UI", "the right password leads to the callback with code and state", "cognito.md B3")
def _(p):
    response, _ = p.sign_in(state="a b&c=ü")
    assert response.location().startswith(CALLBACK + "?")
    found = response.parameters()
    equal(found.get("state"), "a b&c=ü")
    assert found.get("code")


@row("hosted UI", "the session cookie is HttpOnly", "cognito.md B3")
def _(p):
    response, _ = p.sign_in()
    lines = [line.lower() for _, _, line in response.cookies()]
    assert lines and all("httponly" in line for line in lines), f"{lines}"


@row("hosted UI", "no password in an address", "cognito.md B3")
def _(p):
    p.has("GET", "/oauth2/authorize")
    parameters, _ = p.authorize_query()
    response = Browser(p.origin).open("/login" + parameters + "&" + query(username=p.user(), password=PASSWORD))
    assert "code=" not in response.header("location"), "signed in by the address"


for name, user, password in [("wrong password", None, "wrong password"), ("unknown user", "nobody-here", PASSWORD)]:
    @row("hosted UI", f"{name}: the form again, with Cognito's words", "cognito.md B3")
    def _(p, user=user, password=password):
        response, _ = p.sign_in(user or p.user("eve"), password)
        assert response.status in (200, 400), f"{response.status} {response.header('location')[:60]}"
        assert "Incorrect username or password." in response.text, brief(response.text)
        assert 'name="password"' in response.text


@row("hosted UI", "a session shows who is signed in", "cognito.md B3")
def _(p):
    browser = Browser(p.origin)
    p.sign_in(browser=browser)
    parameters, _ = p.authorize_query()
    page = browser.open("/login" + parameters)
    assert page.status == 200 and p.user() in page.text and 'name="password"' not in page.text


def own_page(p, path):
    p.has("GET", "/oauth2/authorize")
    parameters, verifier = p.authorize_query()
    browser = Browser(p.origin)
    page = browser.open(path + parameters)
    if page.status == 404 or page.status == 405:
        raise Absent(path)
    equal(page.status, 200)
    return browser, page, path + parameters, verifier


for path, field in [("/signup", SIGN_UP_EMAIL), ("/forgotPassword", "username"), ("/confirmUser", "code"),
                    ("/confirmforgotPassword", "password")]:
    @row("hosted UI", f"{path} has a form with {field}", "cognito.md B3")
    def _(p, path=path, field=field):
        _, page, _, _ = own_page(p, path)
        assert f'name="{field}"' in page.text, f"no {field}: {brief(page.text)}"


@row("hosted UI", "sign-up, code, signed in at the callback", "cognito.md B3")
def _(p):
    browser, page, address, verifier = own_page(p, "/signup")
    name = p.new_name("page")
    page = browser.submit(page, address, username=name, password=PASSWORD,
                          **{SIGN_UP_EMAIL: name + "@example.com"})
    page = browser.submit(page, "/confirmUser", code=p.code_for(name, "sign_up"))
    code = page.parameters()["code"]
    equal(p.redeem(code, verifier).status, 200)


@row("hosted UI", "a wrong sign-up code confirms nobody", "cognito.md B3")
def _(p):
    browser, page, address, _ = own_page(p, "/signup")
    name = p.new_name("page")
    page = browser.submit(page, address, username=name, password=PASSWORD,
                          **{SIGN_UP_EMAIL: name + "@example.com"})
    browser.submit(page, "/confirmUser", code="999999")
    equal(p.call("AdminGetUser", **p.of(name))["UserStatus"], "UNCONFIRMED")


@row("hosted UI", "a forgotten password is replaced by code", "cognito.md B3")
def _(p):
    name = p.new_user("lost")
    browser, page, address, _ = own_page(p, "/forgotPassword")
    page = browser.submit(page, address, username=name)
    fields = {"username": name, "code": p.code_for(name, "forgot_password"), "password": OTHER_PASSWORD}
    browser.submit(page, "/confirmforgotPassword", **fields)
    assert "AuthenticationResult" in p.initiate(name, OTHER_PASSWORD)


@row("hosted UI", "a temporary password is replaced before the code", "cognito.md B3; CG hosted UI")
def _(p):
    name = p.new_name("temp")
    p.call("AdminCreateUser", **p.of(name), TemporaryPassword=PASSWORD, MessageAction="SUPPRESS",
           UserAttributes=attributes(email=name + "@example.com"))
    response, _ = p.sign_in(name)
    assert response.status == 200 or response.status == 400, f"{response.status}"
    assert "code=" not in response.header("location") and 'type="password"' in response.text


# --- /logout (B5) ---

def log_out(p, browser=None, **parameters):
    p.has("GET", "/logout")
    return (browser or Browser(p.origin)).send("GET", "/logout?" + query(**parameters))


@row("sign out", "to the registered address", "cognito.md B5")
def _(p):
    equal(log_out(p, client_id=p.id(), logout_uri=SIGNED_OUT).location(), SIGNED_OUT)


@row("sign out", "not to another address", "cognito.md B5")
def _(p):
    response = log_out(p, client_id=p.id(), logout_uri="https://evil.example/")
    assert not response.header("location").startswith("https://evil"), "redirected to evil.example"
    assert response.status >= 400 or "error" in response.header("location")


@row("sign out", "not for an unknown client", "cognito.md B5")
def _(p):
    response = log_out(p, client_id="unknownclient", logout_uri=SIGNED_OUT)
    assert not response.header("location").startswith(SIGNED_OUT), "redirected"


@row("sign out", "the form asks for the password again", "cognito.md B5")
def _(p):
    browser = Browser(p.origin)
    p.sign_in(browser=browser)
    log_out(p, browser, client_id=p.id(), logout_uri=SIGNED_OUT)
    page, _, _ = p.login_page(browser)
    assert page.status == 200 and 'name="password"' in page.text, f"{page.status}"


@row("sign out", "with a callback: to /login", "cognito.md B5")
def _(p):
    response = log_out(p, client_id=p.id(), redirect_uri=CALLBACK, response_type="code", scope="openid")
    equal(urllib.parse.urlsplit(response.location()).path, "/login")


@row("sign out", "is not OpenID Connect's", "cognito.md B5")
def _(p):
    response = log_out(p, post_logout_redirect_uri=SIGNED_OUT, client_id=p.id())
    assert not response.header("location").startswith(SIGNED_OUT), "redirected"


@row("sign out", "does not return the state", "cognito.md B5", must=False)
def _(p):
    equal(log_out(p, client_id=p.id(), logout_uri=SIGNED_OUT, state="x").location(), SIGNED_OUT)


@row("sign out", "revokes no tokens", "cognito.md B5")
def _(p):
    browser = Browser(p.origin)
    code, verifier = p.code(browser=browser)
    tokens = p.redeem(code, verifier).json()
    log_out(p, browser, client_id=p.id(), logout_uri=SIGNED_OUT)
    equal(p.refresh(tokens["refresh_token"]).status, 200)


# --- /oauth2/token (B4) ---

def oauth_error(response, *errors, status=400):
    equal(response.status, status)
    error = response.json().get("error")
    assert error in errors, f"{error!r}, not {' or '.join(errors)}"
    return response


@row("token", "a code gives id, access and refresh token", "cognito.md B4")
def _(p):
    equal(set(p.web_tokens()), {"id_token", "access_token", "refresh_token", "token_type", "expires_in"})
    equal((p.web_tokens()["token_type"], p.web_tokens()["expires_in"]), ("Bearer", 3600))


@row("token", "no id token without openid", "cognito.md B4")
def _(p):
    tokens = p.web_tokens(scope="aws.cognito.signin.user.admin")
    assert "id_token" not in tokens and "access_token" in tokens


@row("token", "answers are not stored", "cognito.md B4")
def _(p):
    code, verifier = p.code()
    assert "no-store" in p.redeem(code, verifier).header("cache-control")


@row("token", "a code is good once", "cognito.md B4")
def _(p):
    code, verifier = p.code()
    equal(p.redeem(code, verifier).status, 200)
    oauth_error(p.redeem(code, verifier), "invalid_grant")


@row("token", "a second use of a code revokes its tokens", "RFC 6749 4.1.2", must=False)
def _(p):
    code, verifier = p.code()
    tokens = p.redeem(code, verifier).json()
    p.redeem(code, verifier)
    oauth_error(p.refresh(tokens["refresh_token"]), "invalid_grant")


for name, change, errors in [
    ("wrong verifier", dict(code_verifier=pkce()[0]), ["invalid_grant"]),
    ("no verifier", dict(code_verifier=None), ["invalid_grant", "invalid_request"]),
    ("other callback", dict(redirect_uri=CALLBACK + "/"), ["invalid_grant"]),
    ("no callback", dict(redirect_uri=None), ["invalid_grant", "invalid_request"]),
    ("unknown client", dict(client_id="unknownclient"), ["invalid_client"]),
]:
    @row("token", f"{name}: {errors[0]}", "cognito.md B4")
    def _(p, change=change, errors=errors):
        code, verifier = p.code()
        oauth_error(p.redeem(code, verifier, **change), *errors)


@row("token", "the code of another client: invalid_grant", "cognito.md B4")
def _(p):
    code, verifier = p.code()
    oauth_error(p.redeem(code, verifier, client_id=p.id("other")), "invalid_grant")


for name, fields, errors in [
    ("unknown code", dict(grant_type="authorization_code", redirect_uri=CALLBACK, code="0" * 36,
                          code_verifier=pkce()[0]), ["invalid_grant"]),
    ("no code", dict(grant_type="authorization_code", redirect_uri=CALLBACK, code_verifier=pkce()[0]),
     ["invalid_request"]),
    ("no grant_type", dict(code="x"), ["invalid_request"]),
    ("unknown grant_type", dict(grant_type="password", username="x", password="x"), ["unsupported_grant_type"]),
    ("garbled refresh token", dict(grant_type="refresh_token", refresh_token="garbled"), ["invalid_grant"]),
    ("no refresh token", dict(grant_type="refresh_token"), ["invalid_request"]),
]:
    add("token", f"{name}: {errors[0]}", "cognito.md B4",
        lambda p, fields=fields, errors=errors: oauth_error(p.token(client_id=p.id(), **fields), *errors))


@row("token", "JSON instead of a form: invalid_request", "cognito.md B4")
def _(p):
    p.has("POST", "/oauth2/token", headers={"Content-Type": FORM})
    body = json.dumps(dict(grant_type="refresh_token", client_id=p.id(), refresh_token="x"))
    oauth_error(send("POST", p.origin + "/oauth2/token", {"Content-Type": "application/json"}, body),
                "invalid_request")


@row("token", "GET: 405", "cognito.md B4")
def _(p):
    p.has("POST", "/oauth2/token", headers={"Content-Type": FORM})
    equal(send("GET", p.origin + "/oauth2/token").status, 405)


def with_secret(p, headers=(), **changes):
    code, verifier = p.code(client_id=p.id("secret"))
    return p.redeem(code, verifier, headers, **(dict(client_id=p.id("secret")) | changes)), code, verifier


@row("token", "the secret as Basic", "cognito.md B4")
def _(p):
    equal(with_secret(p, basic(p.client("secret")))[0].status, 200)


@row("token", "the secret in the form", "cognito.md B4")
def _(p):
    equal(with_secret(p, client_secret=p.client("secret")["ClientSecret"])[0].status, 200)


@row("token", "no secret: invalid_client", "cognito.md B4")
def _(p):
    oauth_error(with_secret(p)[0], "invalid_client")


@row("token", "a wrong secret: invalid_client, and the code stays good", "cognito.md B4")
def _(p):
    response, code, verifier = with_secret(p, client_secret="x" * 50)
    oauth_error(response, "invalid_client")
    secret = p.client("secret")["ClientSecret"]
    equal(p.redeem(code, verifier, client_id=p.id("secret"), client_secret=secret).status, 200)


@row("token", "a confidential client needs no PKCE", "cognito.md B2")
def _(p):
    code, _ = p.code(client_id=p.id("secret"), code_challenge=None, code_challenge_method=None)
    secret = p.client("secret")["ClientSecret"]
    response = p.redeem(code, None, client_id=p.id("secret"), client_secret=secret)
    equal(response.status, 200)


# --- refresh (B4, B8) ---

@row("refresh", "gives id and access token, and no refresh token", "cognito.md B4")
def _(p):
    response = p.refresh(p.web_tokens()["refresh_token"])
    equal(response.status, 200)
    equal(set(response.json()), {"id_token", "access_token", "token_type", "expires_in"})


@row("refresh", "keeps auth_time, origin_jti and sub, and renews jti", "cognito.md B6")
def _(p):
    old = claims(p.web_tokens()["access_token"])
    new = claims(p.refresh(p.web_tokens()["refresh_token"]).json()["access_token"])
    for name in ("auth_time", "origin_jti", "sub", "scope"):
        assert old.get(name) and new.get(name) == old[name], name
    assert new["jti"] != old["jti"]


@row("refresh", "the token of another client: invalid_grant", "cognito.md B4")
def _(p):
    oauth_error(p.refresh(p.web_tokens()["refresh_token"], client="other"), "invalid_grant")


@row("refresh", "an access token is none", "cognito.md B4")
def _(p):
    oauth_error(p.refresh(p.web_tokens()["access_token"]), "invalid_grant")


@row("refresh", "ends with a global sign-out", "cognito.md B5")
def _(p):
    name = p.new_user("gone")
    tokens = p.web_tokens(name=name)
    p.call("AdminUserGlobalSignOut", **p.of(name))
    oauth_error(p.refresh(tokens["refresh_token"]), "invalid_grant")


@row("refresh", "ends when the user is disabled", "CG AdminDisableUser")
def _(p):
    name = p.new_user("gone")
    tokens = p.web_tokens(name=name)
    p.call("AdminDisableUser", **p.of(name))
    oauth_error(p.refresh(tokens["refresh_token"]), "invalid_grant")


def rotate(p):
    first = p.web_tokens(client_id=p.id("rotating"))["refresh_token"]
    response = p.refresh(first, client="rotating")
    equal(response.status, 200)
    second = response.json().get("refresh_token")
    assert second and second != first, "no new refresh token"
    return first, second


@row("rotation", "each use gives a new refresh token", "cognito.md B8")
def _(p):
    _, second = rotate(p)
    equal(p.refresh(second, client="rotating").status, 200)


@row("rotation", "a used token is refused", "cognito.md B8")
def _(p):
    first, _ = rotate(p)
    oauth_error(p.refresh(first, client="rotating"), "invalid_grant")


@row("rotation", "REFRESH_TOKEN_AUTH is not for such clients", "cognito.md B8")
def _(p):
    _, second = rotate(p)
    try:
        p.call("InitiateAuth", ClientId=p.id("rotating"), AuthFlow="REFRESH_TOKEN_AUTH",
               AuthParameters={"REFRESH_TOKEN": second})
    except Exception as error:
        assert "rotation" in str(error) or "not enabled" in str(error), f"{error}"
    else:
        raise AssertionError("it was accepted")


# --- client_credentials (B4) ---

def machine(p, **changes):
    client = p.client("machine")
    fields = dict(grant_type="client_credentials", scope=f"api{p.run}/read")
    return p.token(basic(client), **(fields | changes))


@row("client credentials", "gives an access token only", "cognito.md B4")
def _(p):
    response = machine(p)
    equal(response.status, 200)
    equal(set(response.json()), {"access_token", "expires_in", "token_type"})


@row("client credentials", "sub and client_id are the client", "cognito.md B6")
def _(p):
    found = claims(machine(p).json()["access_token"])
    equal((found["sub"], found["client_id"], found["token_use"]), (p.id("machine"),) * 2 + ("access",))


@row("client credentials", "has the scope", "cognito.md B6")
def _(p):
    equal(claims(machine(p).json()["access_token"])["scope"], f"api{p.run}/read")


@row("client credentials", "a foreign scope: invalid_scope", "cognito.md B4; RFC 6749 5.2")
def _(p):
    machine(p)
    oauth_error(machine(p, scope="other/read"), "invalid_scope")


@row("client credentials", "not for a client that has only codes", "cognito.md B4")
def _(p):
    machine(p)
    oauth_error(p.token(basic(p.client("secret")), grant_type="client_credentials"),
                "unauthorized_client", "invalid_grant")


# --- /oauth2/userInfo (B5) ---

def user_info(p, token=None):
    p.has("GET", "/oauth2/userInfo")
    return send("GET", p.origin + "/oauth2/userInfo", {"Authorization": f"Bearer {token}"} if token else {})


@row("userInfo", "sub, username and email", "cognito.md B5")
def _(p):
    response = user_info(p, p.web_tokens()["access_token"])
    equal(response.status, 200)
    found = response.json()
    equal(found["sub"], claims(p.web_tokens()["access_token"])["sub"])
    equal((found["username"], found["email"]), (p.user(), p.user() + "@example.com"))


@row("userInfo", "email_verified is a string", "cognito.md B5")
def _(p):
    equal(user_info(p, p.web_tokens()["access_token"]).json()["email_verified"], "true")


@row("userInfo", "no email with another scope", "CG scopes: openid with others is limited to them")
def _(p):
    assert "email" not in user_info(p, p.web_tokens(scope="openid profile")["access_token"]).json()


@row("userInfo", "all attributes with openid alone", "CG scopes: openid alone", must=False)
def _(p):
    assert "email" in user_info(p, p.web_tokens(scope="openid")["access_token"]).json()


@row("userInfo", "no token: 400 and its challenge", "cognito.md B5")
def _(p):
    response = user_info(p)
    equal(response.status, 400)
    equal(response.header("www-authenticate"),
          'error="invalid_request", error_description="Bad OAuth2 request at UserInfo Endpoint"')


INVALID = ('error="invalid_token", error_description="Access token is expired, disabled, or deleted, or '
           'the user has globally signed out."')
for name, get in {
    "garbled token": lambda p: "garbled",
    "id token": lambda p: p.web_tokens()["id_token"],
    "refresh token": lambda p: p.web_tokens()["refresh_token"],
    "changed signature": lambda p: p.web_tokens()["access_token"][:-8] + "AAAAAAAA",
}.items():
    @row("userInfo", f"{name}: 401 and its challenge", "cognito.md B5")
    def _(p, get=get):
        response = user_info(p, get(p))
        equal((response.status, response.header("www-authenticate")), (401, INVALID))


@row("userInfo", "a token without openid is refused", "cognito.md B5")
def _(p):
    response = user_info(p, p.api_tokens()["AccessToken"])
    equal(response.status, 401)


@row("userInfo", "a token is refused after a global sign-out", "cognito.md B5")
def _(p):
    name = p.new_user("gone")
    token = p.web_tokens(name=name)["access_token"]
    equal(user_info(p, token).status, 200)
    p.call("AdminUserGlobalSignOut", **p.of(name))
    equal((user_info(p, token).status), 401)


# --- /oauth2/revoke (B5) ---

def revoke(p, headers=(), **fields):
    p.has("POST", "/oauth2/revoke", headers={"Content-Type": FORM})
    return send("POST", p.origin + "/oauth2/revoke", {"Content-Type": FORM, **dict(headers)}, query(**fields))


@row("revoke", "200 and empty", "cognito.md B5")
def _(p):
    response = revoke(p, token=p.web_tokens(fresh=True)["refresh_token"], client_id=p.id())
    equal((response.status, response.text), (200, ""))


@row("revoke", "200 for an unknown token", "cognito.md B5")
def _(p):
    equal(revoke(p, token="unknown", client_id=p.id()).status, 200)


@row("revoke", "no token: invalid_request", "cognito.md B5")
def _(p):
    oauth_error(revoke(p, client_id=p.id()), "invalid_request")


@row("revoke", "an access token: unsupported_token_type", "cognito.md B5")
def _(p):
    oauth_error(revoke(p, token=p.web_tokens()["access_token"], client_id=p.id()), "unsupported_token_type")


@row("revoke", "no secret: 401 invalid_client", "cognito.md B5")
def _(p):
    oauth_error(revoke(p, token="x", client_id=p.id("secret")), "invalid_client", status=401)


@row("revoke", "the refresh token is refused afterwards", "cognito.md B5")
def _(p):
    token = p.web_tokens(fresh=True)["refresh_token"]
    revoke(p, token=token, client_id=p.id())
    oauth_error(p.refresh(token), "invalid_grant")


@row("revoke", "so are its access tokens", "cognito.md B5")
def _(p):
    tokens = p.web_tokens(fresh=True)
    revoke(p, token=tokens["refresh_token"], client_id=p.id())
    equal(user_info(p, tokens["access_token"]).status, 401)


@row("revoke", "another client revokes nothing", "cognito.md B5")
def _(p):
    token = p.web_tokens(fresh=True)["refresh_token"]
    revoke(p, token=token, client_id=p.id("other"))
    equal(p.refresh(token).status, 200)


# --- CORS ---

ORIGIN = "https://app.example"


def preflight(p, path, method, names):
    headers = {"Origin": ORIGIN, "Access-Control-Request-Method": method,
               "Access-Control-Request-Headers": ",".join(names)}
    if p.host:
        headers["Host"] = p.host
    response = send("OPTIONS", p.origin + path, headers)
    assert response.status in (200, 204), f"{response.status}"
    assert response.header("access-control-allow-origin") in ("*", ORIGIN), "no allowed origin"
    allowed = response.header("access-control-allow-headers").lower()
    missing = [name for name in names if name not in allowed and (allowed != "*" or name == "authorization")]
    assert not missing, f"{', '.join(missing)} not allowed"
    assert "access-control-allow-credentials" not in [n.lower() for n, _ in response.headers], "with credentials"


for name, method, path, names in [
    ("the JSON API", "POST", lambda p: "/", ["content-type", "x-amz-target", "x-amz-user-agent", "cache-control"]),
    ("the token endpoint", "POST", lambda p: "/oauth2/token", ["content-type", "authorization"]),
    ("revocation", "POST", lambda p: "/oauth2/revoke", ["content-type"]),
    ("userInfo", "GET", lambda p: "/oauth2/userInfo", ["authorization"]),
    ("discovery", "GET", lambda p: f"/{p.pool_id}/.well-known/openid-configuration", ["content-type"]),
    ("keys", "GET", lambda p: f"/{p.pool_id}/.well-known/jwks.json", ["content-type"]),
]:
    @row("CORS", f"a preflight for {name} is answered", "issue 15, 2; amplify-js clients")
    def _(p, method=method, path=path, names=names):
        if path(p) not in ("/",) and "well-known" not in path(p):
            p.has(method, path(p), **({"headers": {"Content-Type": FORM}} if method == "POST" else {}))
        preflight(p, path(p), method, names)


@row("CORS", "a script reads the answer of the JSON API", "issue 15, 2")
def _(p):
    response = p.post("InitiateAuth", json.dumps(p.by_password(p.user())), {"Origin": ORIGIN}, signed=False)
    assert response.header("access-control-allow-origin") in ("*", ORIGIN)


@row("CORS", "a script reads an error of the JSON API", "issue 15, 2; amplify-js#8152")
def _(p):
    response = p.post("InitiateAuth", "{}", {"Origin": ORIGIN}, signed=False)
    assert response.header("access-control-allow-origin") in ("*", ORIGIN)


@row("CORS", "a script reads discovery", "issue 15, 2")
def _(p):
    response = p.get(f"/{p.pool_id}/.well-known/openid-configuration", {"Origin": ORIGIN})
    assert response.header("access-control-allow-origin") in ("*", ORIGIN)


@row("CORS", "no script reads the pages", "issue 15, 2")
def _(p):
    p.has("GET", "/oauth2/authorize")
    parameters, _ = p.authorize_query()
    browser = Browser(p.origin)
    page = browser.open("/oauth2/authorize" + parameters)
    if page.status == 404:
        raise Absent("/login")
    response = browser.send("GET", "/login" + parameters, {"Origin": ORIGIN})
    if response.status in (404, 405):
        response = browser.send("GET", "/oauth2/authorize" + parameters, {"Origin": ORIGIN})
    assert not response.header("access-control-allow-origin"), response.header("access-control-allow-origin")
