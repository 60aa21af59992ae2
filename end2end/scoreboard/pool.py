"""A pool under test: its addresses, its clients and users, and ways to call it."""

import base64
import hashlib
import hmac
import itertools
import json
import secrets
import struct
import time
import urllib.parse

import botocore.session

from wire import FORM, MEDIA_TYPE, PREFIX, Absent, Browser, query, send

MODEL = botocore.session.get_session().get_service_model("cognito-idp")
CALLBACK, SIGNED_OUT = "http://localhost:5173/callback", "http://localhost:5173/"
PASSWORD, OTHER_PASSWORD = "Fixture1!Aa", "Fixture2!Bb"
SIGNATURE = ("AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/cognito-idp/aws4_request, "
             "SignedHeaders=host;x-amz-date;x-amz-target, Signature=" + "0" * 64)
ABSENT = ("UnknownOperationException", "CognitoLocal#Unsupported", "Unsupported", "InvalidAction", "NotImplemented")


class ApiError(Exception):
    def __init__(self, status, code, message, response):
        super().__init__(f"{status} {code}: {message}")
        self.status, self.code, self.message, self.response = status, code, message, response


class Pool:
    """One running pool. Clients and users are made when a row first needs them."""

    def __init__(self, name, origin, pool_id=None, host=None, code=None):
        self.name, self.origin, self.pool_id, self.host = name, origin, pool_id, host
        self.fixed_code, self.made, self.numbers = code, {}, itertools.count(1)
        self.run = secrets.token_hex(3)
        if pool_id is None:
            made = self.call("CreateUserPool", PoolName="scoreboard", AutoVerifiedAttributes=["email"],
                             AliasAttributes=["email"])
            self.pool_id = made["UserPool"]["Id"]
            factor = dict(MfaConfiguration="OPTIONAL", SoftwareTokenMfaConfiguration={"Enabled": True})
            for operation, members in (("CreateUserPoolDomain", dict(Domain="scoreboard" + self.run)),
                                       ("SetUserPoolMfaConfig", factor)):
                try:
                    self.call(operation, UserPoolId=self.pool_id, **members)
                except (ApiError, Absent):
                    pass  # Not every pool needs it.
        self.issuer = f"{origin}/{self.pool_id}"

    # --- the JSON API ---

    def post(self, operation, body, headers=(), signed=True):
        """Sends a body to an operation as it is."""
        all_headers = {"Content-Type": MEDIA_TYPE, "X-Amz-Target": PREFIX + operation}
        if signed:
            all_headers |= {"Authorization": SIGNATURE, "X-Amz-Date": time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())}
        all_headers |= dict(headers)
        if self.host:
            all_headers["Host"] = self.host
        return send("POST", self.origin + "/", all_headers, body)

    def call(self, operation, **members):
        response = self.post(operation, json.dumps(members))
        if response.status == 200:
            self.last = response
            return json.loads(response.text or "{}")
        raise self.error_of(response)

    def error_of(self, response):
        try:
            body = json.loads(response.text)
            code = (body.get("__type") or body.get("code") or "").split("#")[-1]
            message = body.get("message", body.get("Message", ""))
        except (ValueError, AttributeError):
            body, code, message = {}, "", response.text[:80]
        missing = response.status == 501 or code in ABSENT or "nsupported feature" in str(message)
        # Some answer every operation that they lack with the same page.
        missing = missing or (response.status == 500 and response.text == self.once(
            "nonsense", lambda: self.post("DeleteEverything", "{}").text))
        if missing or "has not been implemented" in str(message):
            return Absent(f"{code} {message}")
        return ApiError(response.status, code, message, response)

    def refused(self, operation, exception, message=None, **members):
        """Checks that a call is refused by an exception, with a message to the letter."""
        try:
            self.call(operation, **members)
        except ApiError as error:
            assert error.status == 400, f"{error}"
            assert error.code == exception, f"{error}"
            assert message is None or error.message == message, f"{error}"
            return error
        raise AssertionError(f"{operation} was not refused")

    # --- what rows share ---

    def once(self, name, make):
        if name not in self.made:
            try:
                self.made[name] = make()
            except (AssertionError, ApiError, Absent) as error:
                self.made[name] = error
        if isinstance(self.made[name], Exception):
            raise self.made[name]
        return self.made[name]

    def client(self, kind="web"):
        return self.once("client " + kind, lambda: self.make_client(kind))

    def make_client(self, kind):
        oauth = dict(AllowedOAuthFlowsUserPoolClient=True, AllowedOAuthFlows=["code"],
                     AllowedOAuthScopes=["openid", "email", "profile", "aws.cognito.signin.user.admin"],
                     CallbackURLs=[CALLBACK], LogoutURLs=[SIGNED_OUT],
                     SupportedIdentityProviders=["COGNITO"])
        flows = ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
        options = {
            "web": dict(oauth, ExplicitAuthFlows=flows),
            "other": dict(oauth, ExplicitAuthFlows=flows),
            "secret": dict(oauth, ExplicitAuthFlows=flows, GenerateSecret=True),
            "rotating": dict(oauth, ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH"],
                             RefreshTokenRotation={"Feature": "ENABLED", "RetryGracePeriodSeconds": 0}),
            "implicit": dict(oauth, AllowedOAuthFlows=["implicit"]),
            "cli": dict(ExplicitAuthFlows=flows + ["ALLOW_ADMIN_USER_PASSWORD_AUTH"],
                        PreventUserExistenceErrors="ENABLED"),
            "srp": dict(ExplicitAuthFlows=["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
                        PreventUserExistenceErrors="ENABLED"),
            "machine": dict(GenerateSecret=True, AllowedOAuthFlowsUserPoolClient=True,
                            AllowedOAuthFlows=["client_credentials"]),
        }[kind]
        if kind == "machine":
            self.once("resource server", lambda: self.call(
                "CreateResourceServer", UserPoolId=self.pool_id, Identifier="api" + self.run, Name="API",
                Scopes=[{"ScopeName": "read", "ScopeDescription": "Reads"}]))
            options["AllowedOAuthScopes"] = [f"api{self.run}/read"]
        made = self.call("CreateUserPoolClient", UserPoolId=self.pool_id, ClientName=kind, **options)
        return made["UserPoolClient"]

    def id(self, kind="web"):
        return self.client(kind)["ClientId"]

    def new_name(self, start="user"):
        return f"{start}{self.run}x{next(self.numbers)}"

    def new_user(self, start="user"):
        """Makes a confirmed user with a verified address; returns the name."""
        name = self.new_name(start)
        self.call("AdminCreateUser", UserPoolId=self.pool_id, Username=name, MessageAction="SUPPRESS",
                  TemporaryPassword=PASSWORD,
                  UserAttributes=attributes(email=f"{name}@example.com", email_verified="true"))
        self.call("AdminSetUserPassword", UserPoolId=self.pool_id, Username=name, Password=PASSWORD,
                  Permanent=True)
        return name

    def user(self, kind="ada"):
        return self.once("user " + kind, lambda: self.new_user(kind))

    def of(self, name):
        return dict(UserPoolId=self.pool_id, Username=name)

    def sign_up(self):
        name = self.new_name("new")
        self.call("SignUp", ClientId=self.id("cli"), Username=name, Password=PASSWORD,
                  UserAttributes=attributes(email=name + "@example.com"))
        return name

    def initiate(self, name, password=PASSWORD, client="cli"):
        return self.call("InitiateAuth", **self.by_password(name, password, client))

    def by_password(self, name, password=PASSWORD, client="cli"):
        return dict(ClientId=self.id(client), AuthFlow="USER_PASSWORD_AUTH",
                    AuthParameters={"USERNAME": name, "PASSWORD": password})

    def api_tokens(self, name=None, client="cli"):
        """Returns the tokens of a new sign-in by InitiateAuth."""
        answer = self.initiate(name or self.user(), client=client)
        assert "AuthenticationResult" in answer, f"no tokens but {answer.get('ChallengeName')}"
        return answer["AuthenticationResult"]

    def code_for(self, name, kind=None):
        """Returns the code that the pool sent to a user."""
        if self.fixed_code:
            return self.fixed_code[kind] if isinstance(self.fixed_code, dict) else self.fixed_code
        response = send("GET", self.origin + "/_pool/outbox", {"Accept": "application/json"})
        for message in response.json()["messages"]:
            if message["username"] == name and kind in (None, message["type"]):
                return message["code"]
        raise AssertionError(f"no message for {name}")

    # --- the hosted UI and OAuth ---

    def has(self, method, path, **options):
        """Raises Absent if the pool has no such endpoint at all."""
        def ask():
            response = send(method, self.origin + path, **options)
            other = send(method, self.origin + "/nothing/here", **options)
            return response.status not in (404, 501) and (
                response.status != other.status or response.text != other.text)
        if not self.once(f"has {method} {path}", ask):
            raise Absent(f"{method} {path}")

    def authorize_query(self, **changes):
        verifier, challenge = pkce()
        parameters = dict(response_type="code", client_id=self.id(), redirect_uri=CALLBACK,
                          scope="openid email", state="st8", code_challenge=challenge,
                          code_challenge_method="S256")
        return "?" + query(**(parameters | changes)), verifier

    def authorize(self, browser=None, **changes):
        self.has("GET", "/oauth2/authorize")
        parameters, _ = self.authorize_query(**changes)
        return (browser or Browser(self.origin)).send("GET", "/oauth2/authorize" + parameters)

    def login_page(self, browser, **changes):
        self.has("GET", "/oauth2/authorize")
        parameters, verifier = self.authorize_query(**changes)
        return browser.open("/oauth2/authorize" + parameters), "/login" + parameters, verifier

    def sign_in(self, name=None, password=PASSWORD, browser=None, **changes):
        """Signs in at the hosted UI; returns the last response and the PKCE verifier."""
        browser = browser or Browser(self.origin)
        page, address, verifier = self.login_page(browser, **changes)
        return browser.submit(page, address, username=name or self.user(), password=password), verifier

    def code(self, **changes):
        response, verifier = self.sign_in(**changes)
        parameters = response.parameters()
        assert "code" in parameters, f"no code: {parameters}"
        return parameters["code"], verifier

    def token(self, headers=(), **fields):
        self.has("POST", "/oauth2/token", headers={"Content-Type": FORM})
        headers = {"Content-Type": FORM, **dict(headers)}
        return send("POST", self.origin + "/oauth2/token", headers, query(**fields))

    def redeem(self, code, verifier, headers=(), **changes):
        fields = dict(grant_type="authorization_code", client_id=self.id(), redirect_uri=CALLBACK,
                      code=code, code_verifier=verifier)
        return self.token(headers, **(fields | changes))

    def web_tokens(self, fresh=False, **changes):
        """Returns the tokens of the hosted UI: shared ones, or those of a new sign-in."""
        def get():
            code, verifier = self.code(**changes)
            response = self.redeem(code, verifier, client_id=changes.get("client_id", self.id()))
            assert response.status == 200, f"{response.status} {response.text[:80]}"
            return response.json()
        return get() if fresh or changes else self.once("web tokens", get)

    def refresh(self, token, headers=(), client="web", **changes):
        fields = dict(grant_type="refresh_token", client_id=self.id(client), refresh_token=token)
        return self.token(headers, **(fields | changes))

    def get(self, path, headers=()):
        headers = dict(headers) | ({"Host": self.host} if self.host else {})
        response = send("GET", self.origin + path, headers)
        if response.status in (404, 501):
            raise Absent(path)
        return response

    def discovery(self):
        return self.once("discovery", lambda: self.get(f"/{self.pool_id}/.well-known/openid-configuration").json())

    def keys(self):
        return self.once("keys", lambda: self.get(f"/{self.pool_id}/.well-known/jwks.json").json())["keys"]


def attributes(**values):
    return [{"Name": name, "Value": value} for name, value in values.items()]


def pkce():
    verifier = secrets.token_urlsafe(48)
    digest = hashlib.sha256(verifier.encode()).digest()
    return verifier, base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def basic(client):
    text = f"{client['ClientId']}:{client['ClientSecret']}"
    return {"Authorization": "Basic " + base64.b64encode(text.encode()).decode()}


def secret_hash(client, name):
    digest = hmac.new(client["ClientSecret"].encode(), (name + client["ClientId"]).encode(), hashlib.sha256)
    return base64.b64encode(digest.digest()).decode()


def totp(secret, step=0):
    counter = struct.pack(">Q", int(time.time()) // 30 + step)
    digest = hmac.new(base64.b32decode(secret + "=" * (-len(secret) % 8)), counter, hashlib.sha1).digest()
    offset = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[offset:offset + 4])[0] & 0x7fffffff) % 1000000:06}"


def wrong_totp(secret):
    right = {totp(secret, step) for step in range(-3, 4)}
    return next(code for code in ("000000", "111111", "222222", "333333") if code not in right)


def part(token, index):
    text = token.split(".")[index]
    return json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))


def claims(token):
    return part(token, 1)


def header(token):
    return part(token, 0)
