"""The JSON API: its protocol, each operation's output, and refusals to the letter (cognito.md B9)."""

import json
import time

from pool import (MODEL, OTHER_PASSWORD, PASSWORD, ApiError, attributes, claims, secret_hash,
                  totp, wrong_totp)
from rows import add, equal, row
from shapes import shape_faults
from wire import MEDIA_TYPE, PREFIX, Absent, send

B9 = "cognito.md B9"
INCORRECT = "Incorrect username or password."

# --- the protocol ---


@row("protocol", "outputs have Cognito's media type", B9)
def _(p):
    p.initiate(p.user())
    equal(p.last.header("content-type").split(";")[0], MEDIA_TYPE)


@row("protocol", "outputs have a request id", "issue 15, 7; botocore")
def _(p):
    p.initiate(p.user())
    assert p.last.header("x-amzn-requestid"), "no x-amzn-requestid"


@row("protocol", "errors name their type in the body", B9)
def _(p):
    error = p.refused("InitiateAuth", "NotAuthorizedException", None, **p.by_password(p.user("eve"), "wrong"))
    equal(set(error.response.json()), {"__type", "message"})


@row("protocol", "errors name their type in a header", B9)
def _(p):
    error = p.refused("InitiateAuth", "NotAuthorizedException", None, **p.by_password(p.user("eve"), "wrong"))
    equal(error.response.header("x-amzn-errortype").split(":")[0], "NotAuthorizedException")


@row("protocol", "an unknown operation: UnknownOperationException", B9)
def _(p):
    response = p.post("DeleteEverything", "{}")
    equal((response.status, response.json()["__type"].split("#")[-1]), (400, "UnknownOperationException"))


for name, body in [("garbled JSON", "{"), ("a list", "[]"), ("a number for a text", '{"AuthFlow":1,"ClientId":"x"}')]:
    @row("protocol", f"{name}: SerializationException", "AWS JSON 1.1 protocol")
    def _(p, body=body):
        response = p.post("InitiateAuth", body, signed=False)
        equal((response.status, response.json()["__type"].split("#")[-1]), (400, "SerializationException"))


@row("protocol", "user operations need no signature", B9)
def _(p):
    response = p.post("InitiateAuth", json.dumps(p.by_password(p.user())), signed=False)
    equal(response.status, 200)


# --- validation ---

def validation(p, operation, message, **members):
    p.refused(operation, "InvalidParameterException", "1 validation error detected: " + message, **members)


NULL = "Value null at '{}' failed to satisfy constraint: Member must not be null"
for operation, missing, members in [
    ("SignUp", "username", lambda p: dict(ClientId=p.id("cli"), Password=PASSWORD)),
    ("ConfirmSignUp", "confirmationCode", lambda p: dict(ClientId=p.id("cli"), Username="x")),
    ("InitiateAuth", "authFlow", lambda p: dict(ClientId=p.id("cli"))),
    ("RespondToAuthChallenge", "challengeName", lambda p: dict(ClientId=p.id("cli"))),
    ("ForgotPassword", "username", lambda p: dict(ClientId=p.id("cli"))),
    ("GetUser", "accessToken", lambda p: {}),
    ("RevokeToken", "token", lambda p: dict(ClientId=p.id("cli"))),
    ("AdminGetUser", "username", lambda p: dict(UserPoolId=p.pool_id)),
    ("AdminAddUserToGroup", "groupName", lambda p: dict(UserPoolId=p.pool_id, Username="x")),
    ("CreateGroup", "groupName", lambda p: dict(UserPoolId=p.pool_id)),
]:
    add("validation", f"{operation} without {missing}", "issue 15, 7; " + B9,
        lambda p, o=operation, n=missing, m=members: validation(p, o, NULL.format(n), **m(p)))


@row("validation", "an unknown flow names the known ones", "botocore AuthFlowType")
def _(p):
    error = p.refused("InitiateAuth", "InvalidParameterException", None, ClientId=p.id("cli"), AuthFlow="GUESS")
    start = ("1 validation error detected: Value 'GUESS' at 'authFlow' failed to satisfy constraint: "
             "Member must satisfy enum value set: [")
    assert error.message.startswith(start), error.message


@row("validation", "a limit over 60", "botocore QueryLimitType")
def _(p):
    validation(p, "ListUsers", "Value '61' at 'limit' failed to satisfy constraint: Member must have value "
               "less than or equal to 60", UserPoolId=p.pool_id, Limit=61)


@row("validation", "two faults are counted", B9)
def _(p):
    error = p.refused("InitiateAuth", "InvalidParameterException")
    assert error.message.startswith("2 validation errors detected: "), error.message


# --- outputs: each operation once, its shape checked against botocore's model ---

def tokens_of(p, start):
    name = p.new_user(start)
    return name, p.api_tokens(name)


def group(p):
    def make():
        name = p.new_name("staff")
        p.call("CreateGroup", UserPoolId=p.pool_id, GroupName=name, Description="Everyone", Precedence=3)
        return name
    return p.once("group", make)


def pool_of(p, **members):
    return dict(UserPoolId=p.pool_id, **members)


def own_token(p):
    return {"AccessToken": p.once("own token", lambda: p.api_tokens(p.user("own")))["AccessToken"]}


def new_token(p):
    return {"AccessToken": tokens_of(p, "x")[1]["AccessToken"]}


def signed_up(p):
    return dict(ClientId=p.id("cli"), Username=p.sign_up())


def confirmation(p):
    name = p.sign_up()
    return dict(ClientId=p.id("cli"), Username=name, ConfirmationCode=p.code_for(name, "sign_up"))


def reset(p):
    name = p.new_user("lost")
    p.call("ForgotPassword", ClientId=p.id("cli"), Username=name)
    return dict(ClientId=p.id("cli"), Username=name, Password=OTHER_PASSWORD,
                ConfirmationCode=p.code_for(name, "forgot_password"))


def invited(p):
    name = p.new_name("guest")
    p.call("AdminCreateUser", **p.of(name), TemporaryPassword=PASSWORD, MessageAction="SUPPRESS",
           UserAttributes=attributes(email=name + "@example.com", email_verified="true"))
    return name


def invitation(p, client="cli"):
    name = invited(p)
    challenge = p.initiate(name, client=client)
    equal(challenge.get("ChallengeName"), "NEW_PASSWORD_REQUIRED")
    return dict(ClientId=p.id(client), ChallengeName="NEW_PASSWORD_REQUIRED", Session=challenge["Session"],
                ChallengeResponses={"USERNAME": name, "NEW_PASSWORD": OTHER_PASSWORD})


def email_code(p):
    name, tokens = tokens_of(p, "mail")
    token = {"AccessToken": tokens["AccessToken"]}
    p.call("UpdateUserAttributes", **token, UserAttributes=attributes(email="new" + name + "@example.com"))
    return dict(token, AttributeName="email", Code=p.code_for(name, "verify_email"))


def new_client(p):
    made = p.call("CreateUserPoolClient", **pool_of(p), ClientName="passing")
    return pool_of(p, ClientId=made["UserPoolClient"]["ClientId"])


def new_server(p):
    members = pool_of(p, Identifier=p.new_name("server"), Name="Server")
    p.call("CreateResourceServer", **members)
    return members


def enrolled(p):
    """Makes a user with an authenticator app; returns the name and the secret."""
    name, tokens = tokens_of(p, "totp")
    token = {"AccessToken": tokens["AccessToken"]}
    secret = p.call("AssociateSoftwareToken", **token)["SecretCode"]
    p.call("VerifySoftwareToken", **token, UserCode=totp(secret, -1))
    p.call("SetUserMFAPreference", **token, SoftwareTokenMfaSettings={"Enabled": True, "PreferredMfa": True})
    return name, secret


def totp_challenge(p):
    name, secret = p.once("enrolled", lambda: enrolled(p))
    challenge = p.initiate(name)
    equal(challenge.get("ChallengeName"), "SOFTWARE_TOKEN_MFA")
    return name, secret, dict(ClientId=p.id("cli"), ChallengeName="SOFTWARE_TOKEN_MFA",
                              Session=challenge["Session"])


def set_up_code(p):
    token = new_token(p)
    secret = p.call("AssociateSoftwareToken", **token)["SecretCode"]
    return dict(token, UserCode=totp(secret))


OUTPUTS = {
    "SignUp": lambda p: dict(ClientId=p.id("cli"), Username=(name := p.new_name("new")), Password=PASSWORD,
                             UserAttributes=attributes(email=name + "@example.com")),
    "ConfirmSignUp": confirmation,
    "ResendConfirmationCode": signed_up,
    "InitiateAuth": lambda p: p.by_password(p.user()),
    "RespondToAuthChallenge": invitation,
    "GetTokensFromRefreshToken": lambda p: dict(
        ClientId=p.id("cli"), RefreshToken=p.api_tokens(p.user("own"))["RefreshToken"]),
    "RevokeToken": lambda p: dict(ClientId=p.id("cli"), Token=tokens_of(p, "x")[1]["RefreshToken"]),
    "GetUser": own_token,
    "UpdateUserAttributes": lambda p: dict(new_token(p), UserAttributes=attributes(given_name="Ada")),
    "DeleteUserAttributes": lambda p: dict(own_token(p), UserAttributeNames=["given_name"]),
    "GetUserAttributeVerificationCode": lambda p: {
        key: value for key, value in email_code(p).items() if key != "Code"},
    "VerifyUserAttribute": email_code,
    "ChangePassword": lambda p: dict(new_token(p), PreviousPassword=PASSWORD, ProposedPassword=OTHER_PASSWORD),
    "ForgotPassword": lambda p: dict(ClientId=p.id("cli"), Username=p.user("own")),
    "ConfirmForgotPassword": reset,
    "GlobalSignOut": new_token,
    "DeleteUser": new_token,
    "AssociateSoftwareToken": new_token,
    "VerifySoftwareToken": set_up_code,
    "SetUserMFAPreference": lambda p: dict(own_token(p), SoftwareTokenMfaSettings={"Enabled": False}),
    "AdminInitiateAuth": lambda p: pool_of(p, ClientId=p.id("cli"), AuthFlow="ADMIN_USER_PASSWORD_AUTH",
                                           AuthParameters={"USERNAME": p.user(), "PASSWORD": PASSWORD}),
    "AdminRespondToAuthChallenge": lambda p: pool_of(p, **invitation(p)),
    "AdminCreateUser": lambda p: dict(p.of(name := p.new_name("guest")), MessageAction="SUPPRESS",
                                      UserAttributes=attributes(email=name + "@example.com")),
    "AdminGetUser": lambda p: p.of(p.user()),
    "AdminSetUserPassword": lambda p: dict(p.of(p.user("own")), Password=PASSWORD, Permanent=True),
    "AdminConfirmSignUp": lambda p: p.of(p.sign_up()),
    "AdminUpdateUserAttributes": lambda p: dict(p.of(p.user("own")), UserAttributes=attributes(nickname="O")),
    "AdminDeleteUserAttributes": lambda p: dict(p.of(p.user("own")), UserAttributeNames=["nickname"]),
    "AdminResetUserPassword": lambda p: p.of(p.new_user("x")),
    "AdminDisableUser": lambda p: p.of(p.new_user("x")),
    "AdminEnableUser": lambda p: p.of(p.user("own")),
    "AdminUserGlobalSignOut": lambda p: p.of(p.new_user("x")),
    "AdminDeleteUser": lambda p: p.of(p.new_user("x")),
    "AdminSetUserMFAPreference": lambda p: dict(p.of(p.user("own")), SoftwareTokenMfaSettings={"Enabled": False}),
    "AdminAddUserToGroup": lambda p: dict(p.of(p.user("grouped")), GroupName=group(p)),
    "AdminListGroupsForUser": lambda p: p.of(p.user("grouped")),
    "ListUsersInGroup": lambda p: pool_of(p, GroupName=group(p)),
    "AdminRemoveUserFromGroup": lambda p: dict(p.of(p.user("grouped")), GroupName=group(p)),
    "ListUsers": lambda p: pool_of(p, Limit=2),
    "CreateGroup": lambda p: pool_of(p, GroupName=p.new_name("group"), Description="Some"),
    "GetGroup": lambda p: pool_of(p, GroupName=group(p)),
    "UpdateGroup": lambda p: pool_of(p, GroupName=group(p), Description="Some"),
    "ListGroups": lambda p: pool_of(p, Limit=1),
    "DeleteGroup": lambda p: pool_of(p, GroupName=p.call(
        "CreateGroup", **pool_of(p), GroupName=p.new_name("group"))["Group"]["GroupName"]),
    "DescribeUserPool": pool_of,
    "ListUserPools": lambda p: dict(MaxResults=10),
    "GetUserPoolMfaConfig": pool_of,
    "CreateUserPoolClient": lambda p: pool_of(p, ClientName="passing"),
    "DescribeUserPoolClient": lambda p: pool_of(p, ClientId=p.id("web")),
    "UpdateUserPoolClient": lambda p: dict(new_client(p), ClientName="renamed"),
    "ListUserPoolClients": lambda p: pool_of(p, MaxResults=10),
    "DeleteUserPoolClient": new_client,
    "CreateResourceServer": lambda p: pool_of(p, Identifier=p.new_name("server"), Name="Server", Scopes=[
        {"ScopeName": "read", "ScopeDescription": "Reads"}]),
    "DescribeResourceServer": lambda p: pool_of(p, Identifier=new_server(p)["Identifier"]),
    "UpdateResourceServer": lambda p: dict(new_server(p), Name="Renamed"),
    "ListResourceServers": pool_of,
    "DeleteResourceServer": lambda p: pool_of(p, Identifier=new_server(p)["Identifier"]),
}


def has_shape(p, operation, members):
    output = p.call(operation, **members(p))
    shape = MODEL.operation_model(operation).output_shape
    faults = shape_faults(shape, output, operation) if shape else []
    assert not faults, "; ".join(faults[:4])


for operation, members in OUTPUTS.items():
    add("operations", f"{operation}: output of the service's model", f"botocore 1.44.8, {operation}; issue 15, 1-7",
        lambda p, operation=operation, members=members: has_shape(p, operation, members))

# --- refusals ---

MISMATCH = ("CodeMismatchException", "Invalid verification code provided, please try again.")
EXPIRED = ("ExpiredCodeException", "Invalid code provided, please request a code again.")
NO_USER = ("UserNotFoundException", "User does not exist.")


def confirmed(p):
    members = confirmation(p)
    p.call("ConfirmSignUp", **members)
    return members


def revoked(p):
    token = tokens_of(p, "x")[1]["RefreshToken"]
    p.call("RevokeToken", ClientId=p.id("cli"), Token=token)
    return dict(ClientId=p.id("cli"), AuthFlow="REFRESH_TOKEN_AUTH", AuthParameters={"REFRESH_TOKEN": token})


def signed_out(p):
    token = new_token(p)
    p.call("GlobalSignOut", **token)
    return token


def disabled(p):
    name = p.new_user("x")
    p.call("AdminDisableUser", **p.of(name))
    return p.by_password(name)


def deleted(p):
    name = p.new_user("x")
    p.call("AdminDeleteUser", **p.of(name))
    return p.of(name)


def was_reset(p):
    name = p.new_user("x")
    p.call("AdminResetUserPassword", **p.of(name))
    return p.by_password(name)


def with_secret(p, digest=None):
    members = p.by_password(p.user(), client="secret")
    if digest:
        members["AuthParameters"]["SECRET_HASH"] = digest
    return members


def missing(p, operation, **members):
    return pool_of(p, **members)


def used_session(p):
    request = invitation(p)
    p.call("RespondToAuthChallenge", **request)
    return request


REFUSALS = [
    ("SignUp", "a name that is taken", "UsernameExistsException", "User already exists", lambda p: dict(
        ClientId=p.id("cli"), Username=p.user(), Password=PASSWORD,
        UserAttributes=attributes(email="taken@example.com"))),
    ("SignUp", "a short password", "InvalidPasswordException",
     "Password did not conform with policy: Password not long enough", lambda p: dict(
         ClientId=p.id("cli"), Username=p.new_name(), Password="1aA!567",
         UserAttributes=attributes(email="short@example.com"))),
    ("SignUp", "an unknown client", "ResourceNotFoundException", "User pool client unknownclient does not exist.",
     lambda p: dict(ClientId="unknownclient", Username="x", Password=PASSWORD)),
    ("ConfirmSignUp", "a wrong code", *MISMATCH, lambda p: dict(signed_up(p), ConfirmationCode="999999")),
    ("ConfirmSignUp", "a second time", "NotAuthorizedException",
     "User cannot be confirmed. Current status is CONFIRMED", confirmed),
    ("ResendConfirmationCode", "a confirmed user", "InvalidParameterException", "User is already confirmed.",
     lambda p: dict(ClientId=p.id("cli"), Username=p.user())),
    ("InitiateAuth", "a wrong password", "NotAuthorizedException", INCORRECT,
     lambda p: p.by_password(p.user("eve"), "wrong password")),
    ("InitiateAuth", "an unknown user", "NotAuthorizedException", INCORRECT, lambda p: p.by_password("nobody-here")),
    ("InitiateAuth", "a sign-up without its code", "UserNotConfirmedException", "User is not confirmed.",
     lambda p: p.by_password(p.sign_up())),
    ("InitiateAuth", "a disabled user", "NotAuthorizedException", "User is disabled.", disabled),
    ("InitiateAuth", "a reset password", "PasswordResetRequiredException",
     "Password reset required for the user", was_reset),
    ("InitiateAuth", "a flow that is off", "InvalidParameterException",
     "USER_PASSWORD_AUTH flow not enabled for this client", lambda p: p.by_password(p.user(), client="srp")),
    ("InitiateAuth", "no user name", "InvalidParameterException", "Missing required parameter USERNAME",
     lambda p: dict(ClientId=p.id("cli"), AuthFlow="USER_PASSWORD_AUTH", AuthParameters={})),
    ("InitiateAuth", "a garbled refresh token", "NotAuthorizedException", "Invalid Refresh Token", lambda p: dict(
        ClientId=p.id("cli"), AuthFlow="REFRESH_TOKEN_AUTH", AuthParameters={"REFRESH_TOKEN": "garbled"})),
    ("InitiateAuth", "a revoked refresh token", "NotAuthorizedException", "Refresh Token has been revoked", revoked),
    ("InitiateAuth", "the refresh token of another client", "NotAuthorizedException", "Invalid Refresh Token",
     lambda p: dict(ClientId=p.id("other"), AuthFlow="REFRESH_TOKEN_AUTH",
                    AuthParameters={"REFRESH_TOKEN": p.api_tokens()["RefreshToken"]})),
    ("InitiateAuth", "no SECRET_HASH", "NotAuthorizedException", None, with_secret),
    ("InitiateAuth", "a wrong SECRET_HASH", "NotAuthorizedException", None,
     lambda p: with_secret(p, secret_hash(p.client("secret"), "another"))),
    ("RespondToAuthChallenge", "a garbled session", "NotAuthorizedException",
     "Invalid session for the user.", lambda p: dict(
         ClientId=p.id("cli"), ChallengeName="NEW_PASSWORD_REQUIRED", Session="x" * 40,
         ChallengeResponses={"USERNAME": p.user("mallory"), "NEW_PASSWORD": OTHER_PASSWORD})),
    ("RespondToAuthChallenge", "a used session", "NotAuthorizedException",
     "Invalid session for the user, session can only be used once.", used_session),
    ("RespondToAuthChallenge", "a short new password", "InvalidPasswordException",
     "Password did not conform with policy: Password not long enough", lambda p: invitation(p) | {
         "ChallengeResponses": {"USERNAME": "x", "NEW_PASSWORD": "1aA!567"}}),
    ("GetUser", "a garbled token", "NotAuthorizedException", "Invalid Access Token",
     lambda p: dict(AccessToken="garbled")),
    ("GetUser", "an id token", "NotAuthorizedException", "Invalid Access Token",
     lambda p: dict(AccessToken=p.api_tokens()["IdToken"])),
    ("GetUser", "a changed signature", "NotAuthorizedException", None,
     lambda p: dict(AccessToken=p.api_tokens()["AccessToken"][:-8] + "AAAAAAAA")),
    ("GetUser", "after a global sign-out", "NotAuthorizedException", "Access Token has been revoked", signed_out),
    ("GetUser", "a token without the scope", "NotAuthorizedException", "Access Token does not have required scopes",
     lambda p: dict(AccessToken=p.web_tokens()["access_token"])),
    ("GetTokensFromRefreshToken", "a garbled token", "NotAuthorizedException", "Invalid Refresh Token",
     lambda p: dict(ClientId=p.id("cli"), RefreshToken="garbled")),
    ("RevokeToken", "an access token", "UnsupportedTokenTypeException", None,
     lambda p: dict(ClientId=p.id("cli"), Token=p.api_tokens()["AccessToken"])),
    ("ChangePassword", "a wrong password", "NotAuthorizedException", INCORRECT,
     lambda p: dict(new_token(p), PreviousPassword="Wrong1!Aa", ProposedPassword=OTHER_PASSWORD)),
    ("ChangePassword", "a short password", "InvalidPasswordException",
     "Password did not conform with policy: Password not long enough",
     lambda p: dict(new_token(p), PreviousPassword=PASSWORD, ProposedPassword="1aA!567")),
    ("ConfirmForgotPassword", "a wrong code", *MISMATCH, lambda p: reset(p) | {"ConfirmationCode": "999999"}),
    ("ConfirmForgotPassword", "a code that was not sent", *EXPIRED, lambda p: dict(
        ClientId=p.id("cli"), Username=p.new_user("x"), Password=OTHER_PASSWORD, ConfirmationCode="999999")),
    ("VerifyUserAttribute", "a wrong code", *MISMATCH, lambda p: email_code(p) | {"Code": "999999"}),
    ("UpdateUserAttributes", "email_verified by the user", "NotAuthorizedException", None,
     lambda p: dict(new_token(p), UserAttributes=attributes(email_verified="true"))),
    ("UpdateUserAttributes", "an unknown attribute", "InvalidParameterException", None,
     lambda p: dict(new_token(p), UserAttributes=attributes(shoe_size="38"))),
    ("AdminGetUser", "an unknown user", *NO_USER, lambda p: p.of("nobody-here")),
    ("AdminGetUser", "a deleted user", *NO_USER, deleted),
    ("AdminSetUserPassword", "an unknown user", *NO_USER, lambda p: dict(p.of("nobody-here"), Password=PASSWORD)),
    ("AdminDisableUser", "an unknown user", *NO_USER, lambda p: p.of("nobody-here")),
    ("AdminDeleteUser", "an unknown user", *NO_USER, lambda p: p.of("nobody-here")),
    ("AdminCreateUser", "a name that is taken", "UsernameExistsException", None,
     lambda p: dict(p.of(p.user()), UserAttributes=attributes(email="taken@example.com"))),
    ("AdminCreateUser", "an invitation of a confirmed user again", "UnsupportedUserStateException", None,
     lambda p: dict(p.of(p.user("mallory")), MessageAction="RESEND")),
    ("AdminConfirmSignUp", "a confirmed user", "NotAuthorizedException",
     "User cannot be confirmed. Current status is CONFIRMED", lambda p: p.of(p.user("mallory"))),
    ("AdminAddUserToGroup", "an unknown group", "ResourceNotFoundException", "Group not found.",
     lambda p: dict(p.of(p.user()), GroupName="missing")),
    ("AdminAddUserToGroup", "an unknown user", *NO_USER, lambda p: dict(p.of("nobody-here"), GroupName=group(p))),
    ("CreateGroup", "a name that is taken", "GroupExistsException", "A group with the name already exists.",
     lambda p: pool_of(p, GroupName=group(p))),
    ("GetGroup", "an unknown group", "ResourceNotFoundException", "Group not found.",
     lambda p: pool_of(p, GroupName="missing")),
    ("ListUsersInGroup", "an unknown group", "ResourceNotFoundException", "Group not found.",
     lambda p: pool_of(p, GroupName="missing")),
    ("ListUsers", "a filter that cannot be read", "InvalidParameterException", None,
     lambda p: pool_of(p, Filter="email like x")),
    ("DescribeUserPool", "an unknown pool", "ResourceNotFoundException",
     "User pool us-east-1_Unknown99 does not exist.", lambda p: dict(UserPoolId="us-east-1_Unknown99")),
    ("DescribeUserPoolClient", "an unknown client", "ResourceNotFoundException",
     "User pool client unknownclient does not exist.", lambda p: pool_of(p, ClientId="unknownclient")),
    ("CreateUserPoolClient", "an unknown scope", "ScopeDoesNotExistException", None, lambda p: pool_of(
        p, ClientName="x", AllowedOAuthScopes=["nothing/read"], AllowedOAuthFlows=["code"],
        AllowedOAuthFlowsUserPoolClient=True, CallbackURLs=["http://localhost:1/"])),
    ("DescribeResourceServer", "an unknown server", "ResourceNotFoundException", None,
     lambda p: pool_of(p, Identifier="missing")),
]
for operation, case, exception, message, members in REFUSALS:
    add("refusals", f"{operation}: {case}", "cognito.md B9; botocore error shapes",
        lambda p, o=operation, e=exception, t=message, m=members: p.refused(o, e, t, **m(p)))

# --- what operations do ---


@row("behaviour", "SRP: the password is proven, not sent", "cognito.md B11")
def _(p):
    assert "AccessToken" in srp(p, PASSWORD)["AuthenticationResult"]


@row("behaviour", "SRP: a wrong password is refused", "cognito.md B11")
def _(p):
    try:
        srp(p, "wrong password")
    except ApiError as error:
        equal((error.code, error.message), ("NotAuthorizedException", INCORRECT))
    else:
        raise AssertionError("it was accepted")


def srp(p, password):
    from pycognito.aws_srp import AWSSRP
    p.id("srp")  # Before the user: a pool may store what it needs only then.
    name = p.user("srp")
    proof = AWSSRP(username=name, password=password, pool_id=p.pool_id, client_id=p.id("srp"), client=object())
    challenge = p.call("InitiateAuth", ClientId=p.id("srp"), AuthFlow="USER_SRP_AUTH",
                       AuthParameters=proof.get_auth_params())
    equal(challenge.get("ChallengeName"), "PASSWORD_VERIFIER")
    answers = proof.process_challenge(challenge["ChallengeParameters"], proof.get_auth_params())
    return p.call("RespondToAuthChallenge", ClientId=p.id("srp"), ChallengeName="PASSWORD_VERIFIER",
                  ChallengeResponses=answers)


@row("behaviour", "SECRET_HASH proves the client's secret", B9)
def _(p):
    p.call("InitiateAuth", **with_secret(p, secret_hash(p.client("secret"), p.user())))


@row("behaviour", "a verified address signs in", "issue 15, 7; CG aliases")
def _(p):
    assert "AuthenticationResult" in p.initiate(p.user() + "@example.com")


@row("behaviour", "a sign-up asks for its code", B9)
def _(p):
    name = p.new_name("new")
    output = p.call("SignUp", ClientId=p.id("cli"), Username=name, Password=PASSWORD,
                    UserAttributes=attributes(email=name + "@example.com"))
    equal(output["UserConfirmed"], False)
    equal((output["CodeDeliveryDetails"]["DeliveryMedium"], output["CodeDeliveryDetails"]["AttributeName"]),
          ("EMAIL", "email"))
    equal(output["CodeDeliveryDetails"]["Destination"], f"{name[0]}***@e***")
    equal(p.call("AdminGetUser", **p.of(name))["UserStatus"], "UNCONFIRMED")


@row("behaviour", "a confirmed sign-up verifies the address", B9)
def _(p):
    members = confirmed(p)
    found = p.call("AdminGetUser", **p.of(members["Username"]))
    values = {a["Name"]: a["Value"] for a in found["UserAttributes"]}
    equal((found["UserStatus"], values.get("email_verified")), ("CONFIRMED", "true"))


@row("behaviour", "a code of a forgotten password is good once", B9)
def _(p):
    members = reset(p)
    p.call("ConfirmForgotPassword", **members)
    p.refused("ConfirmForgotPassword", *EXPIRED, **members)


@row("behaviour", "a forgotten password ends sign-ins", "security.md POOL-06")
def _(p):
    name, tokens = tokens_of(p, "lost")
    p.call("ForgotPassword", ClientId=p.id("cli"), Username=name)
    p.call("ConfirmForgotPassword", ClientId=p.id("cli"), Username=name, Password=OTHER_PASSWORD,
           ConfirmationCode=p.code_for(name, "forgot_password"))
    p.refused("InitiateAuth", "NotAuthorizedException", None, **p.by_password(name, PASSWORD))
    assert "AuthenticationResult" in p.initiate(name, OTHER_PASSWORD)


@row("behaviour", "an invited user has a temporary password", B9)
def _(p):
    equal(p.call("AdminGetUser", **p.of(invited(p)))["UserStatus"], "FORCE_CHANGE_PASSWORD")


@row("behaviour", "a new password completes an invitation", B9)
def _(p):
    members = invitation(p)
    assert "AuthenticationResult" in p.call("RespondToAuthChallenge", **members)
    equal(p.call("AdminGetUser", **p.of(members["ChallengeResponses"]["USERNAME"]))["UserStatus"], "CONFIRMED")


@row("behaviour", "refreshing gives no new refresh token", B9)
def _(p):
    output = p.call("InitiateAuth", ClientId=p.id("cli"), AuthFlow="REFRESH_TOKEN_AUTH",
                    AuthParameters={"REFRESH_TOKEN": p.api_tokens()["RefreshToken"]})
    assert "RefreshToken" not in output["AuthenticationResult"] and output["AuthenticationResult"]["IdToken"]


@row("behaviour", "a used token after rotation: RefreshTokenReuseException", "cognito.md B8", must=False)
def _(p):
    first = p.initiate(p.user(), client="rotating")["AuthenticationResult"]["RefreshToken"]
    members = dict(ClientId=p.id("rotating"), RefreshToken=first)
    assert p.call("GetTokensFromRefreshToken", **members)["AuthenticationResult"].get("RefreshToken")
    p.refused("GetTokensFromRefreshToken", "RefreshTokenReuseException", None, **members)


@row("behaviour", "a password in a changed account is the new one only", B9)
def _(p):
    name, tokens = tokens_of(p, "x")
    p.call("ChangePassword", AccessToken=tokens["AccessToken"], PreviousPassword=PASSWORD,
           ProposedPassword=OTHER_PASSWORD)
    assert "AuthenticationResult" in p.initiate(name, OTHER_PASSWORD)
    p.refused("InitiateAuth", "NotAuthorizedException", INCORRECT, **p.by_password(name))


@row("behaviour", "a deleted user cannot sign in", B9)
def _(p):
    name, tokens = tokens_of(p, "x")
    p.call("DeleteUser", AccessToken=tokens["AccessToken"])
    p.refused("InitiateAuth", "NotAuthorizedException", INCORRECT, **p.by_password(name))


@row("behaviour", "a user who leaves a group is no member", B9)
def _(p):
    name = p.new_user("x")
    members = dict(p.of(name), GroupName=group(p))
    p.call("AdminAddUserToGroup", **members)
    p.call("AdminRemoveUserFromGroup", **members)
    equal(p.call("AdminListGroupsForUser", **p.of(name))["Groups"], [])


@row("behaviour", "a deleted group has no members", B9)
def _(p):
    name, passing = p.new_user("x"), p.new_name("group")
    p.call("CreateGroup", **pool_of(p), GroupName=passing)
    p.call("AdminAddUserToGroup", **p.of(name), GroupName=passing)
    p.call("DeleteGroup", **pool_of(p), GroupName=passing)
    equal(p.call("AdminListGroupsForUser", **p.of(name))["Groups"], [])


for name, wanted in [
    ('email = "{}@example.com"', 1), ('email ^= "{}@"', 1), ('username = "{}"', 1),
    ('cognito:user_status = "CONFIRMED"', None), ('email = "nobody@example.com"', 0),
]:
    @row("behaviour", f"ListUsers: {name.format('ada')}", "botocore ListUsers Filter")
    def _(p, name=name, wanted=wanted):
        found = p.call("ListUsers", **pool_of(p), Filter=name.format(p.user("found")))["Users"]
        assert len(found) == wanted if wanted is not None else found, f"{len(found)} users"


@row("behaviour", "ListUsers: status = \"Disabled\"", "botocore ListUsers Filter")
def _(p):
    name = p.new_user("x")
    p.call("AdminDisableUser", **p.of(name))
    found = p.call("ListUsers", **pool_of(p), Filter='status = "Disabled"')["Users"]
    assert name in [user["Username"] for user in found] and not any(user["Enabled"] for user in found)


@row("behaviour", "ListUsers gives all pages", B9)
def _(p):
    p.user(), p.user("eve"), p.user("own")
    names, token = [], None
    for _ in range(200):
        page = p.call("ListUsers", **pool_of(p), Limit=60, **({"PaginationToken": token} if token else {}))
        names += [user["Username"] for user in page["Users"]]
        token = page.get("PaginationToken")
        if not token:
            break
    assert len(names) == len(set(names)) and {p.user(), p.user("eve"), p.user("own")} <= set(names)


@row("behaviour", "ListUsers: Limit", B9)
def _(p):
    p.user(), p.user("eve")
    page = p.call("ListUsers", **pool_of(p), Limit=1)
    equal((len(page["Users"]), bool(page.get("PaginationToken"))), (1, True))


@row("behaviour", "a client's default flows", B9)
def _(p):
    made = p.call("CreateUserPoolClient", **pool_of(p), ClientName="plain")["UserPoolClient"]
    flows = made.get("ExplicitAuthFlows")
    # Absent, as in the service's own answers, means the same.
    assert flows is None or set(flows) == {
        "ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_SRP_AUTH", "ALLOW_CUSTOM_AUTH"}, f"{flows}"


@row("behaviour", "a sign-in waits 3 minutes for its next step, or AuthSessionValidity", "cognito.md B7")
def _(p):
    for members, minutes in (({}, 3), ({"AuthSessionValidity": 10}, 10)):
        made = p.call("CreateUserPoolClient", **pool_of(p), ClientName="steps", **members)["UserPoolClient"]
        found = p.call("DescribeUserPoolClient", **pool_of(p), ClientId=made["ClientId"])["UserPoolClient"]
        equal(found.get("AuthSessionValidity"), minutes)


@row("validation", "AuthSessionValidity under 3", "botocore AuthSessionValidityType")
def _(p):
    validation(p, "CreateUserPoolClient", "Value '2' at 'authSessionValidity' failed to satisfy constraint: "
               "Member must have value greater than or equal to 3", **pool_of(p), ClientName="steps",
               AuthSessionValidity=2)


@row("behaviour", "a generated secret has 24 to 64 letters, digits, _ or +", "cognito.md B1")
def _(p):
    import re
    assert re.fullmatch(r"[\w+]{24,64}", p.client("secret")["ClientSecret"])


@row("behaviour", "a deleted client gets no tokens", B9)
def _(p):
    made = p.call("CreateUserPoolClient", **pool_of(p), ClientName="passing",
                  ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"])["UserPoolClient"]
    p.made["client passing"] = made
    p.api_tokens(client="passing")
    p.call("DeleteUserPoolClient", **pool_of(p), ClientId=made["ClientId"])
    p.refused("InitiateAuth", "ResourceNotFoundException", None, **p.by_password(p.user(), client="passing"))


# --- a second factor ---


@row("MFA", "the secret has at least 16 characters of Base32", "cognito.md B10")
def _(p):
    import re
    assert re.fullmatch("[A-Z2-7]{16,}", p.call("AssociateSoftwareToken", **new_token(p))["SecretCode"])


@row("MFA", "a wrong code sets up nothing", "cognito.md B10; EnableSoftwareTokenMFAException")
def _(p):
    token = new_token(p)
    secret = p.call("AssociateSoftwareToken", **token)["SecretCode"]
    p.refused("VerifySoftwareToken", "EnableSoftwareTokenMFAException", None, **token, UserCode=wrong_totp(secret))


@row("MFA", "the app is asked for after the password", "cognito.md B10")
def _(p):
    totp_challenge(p)


@row("MFA", "a wrong code is refused", "cognito.md B9; issue 15")
def _(p):
    name, secret, answer = totp_challenge(p)
    p.refused("RespondToAuthChallenge", "CodeMismatchException", None, **answer, ChallengeResponses={
        "USERNAME": name, "SOFTWARE_TOKEN_MFA_CODE": wrong_totp(secret)})


@row("MFA", "the right code signs in", "cognito.md B10")
def _(p):
    name, secret, answer = totp_challenge(p)
    output = p.call("RespondToAuthChallenge", **answer, ChallengeResponses={
        "USERNAME": name, "SOFTWARE_TOKEN_MFA_CODE": totp(secret)})
    assert "AccessToken" in output["AuthenticationResult"]


@row("MFA", "a code is good once", "RFC 6238 5.2; ExpiredCodeException")
def _(p):
    name, secret = enrolled(p)
    code = totp(secret)
    for first in (True, False):
        members = dict(ClientId=p.id("cli"), ChallengeName="SOFTWARE_TOKEN_MFA",
                       Session=p.initiate(name)["Session"],
                       ChallengeResponses={"USERNAME": name, "SOFTWARE_TOKEN_MFA_CODE": code})
        if first:
            p.call("RespondToAuthChallenge", **members)
        else:
            p.refused("RespondToAuthChallenge", "ExpiredCodeException",
                      "Your software token has already been used once.", **members)


@row("MFA", "GetUser names the factor", B9)
def _(p):
    name, _ = p.once("enrolled", lambda: enrolled(p))
    found = p.call("AdminGetUser", **p.of(name))
    equal((found.get("PreferredMfaSetting"), found.get("UserMFASettingList")),
          ("SOFTWARE_TOKEN_MFA", ["SOFTWARE_TOKEN_MFA"]))


@row("MFA", "the hosted UI asks for the code, too", "issue 15, 8")
def _(p):
    name, _ = p.once("enrolled", lambda: enrolled(p))
    response, _ = p.sign_in(name)
    assert response.status in (200, 400) and "code=" not in response.header("location"), "signed in without it"


# --- lockout (B7) ---

LOCKED = "Password attempts exceeded"


def lock(p):
    name = p.new_user("locked")
    for _ in range(5):
        p.refused("InitiateAuth", "NotAuthorizedException", INCORRECT, **p.by_password(name, "wrong password"))
    return name


@row("lockout", "after five failures even the right password is refused", "cognito.md B7")
def _(p):
    p.refused("InitiateAuth", "NotAuthorizedException", LOCKED, **p.by_password(lock(p)))


@row("lockout", "ends by itself after a second", "cognito.md B7")
def _(p):
    name = lock(p)
    p.refused("InitiateAuth", "NotAuthorizedException", LOCKED, **p.by_password(name))
    time.sleep(2)
    assert "AuthenticationResult" in p.initiate(name)


@row("lockout", "is that of the hosted UI, too", "cognito.md B7")
def _(p):
    name = lock(p)
    p.refused("InitiateAuth", "NotAuthorizedException", LOCKED, **p.by_password(name, "wrong password"))
    p.refused("InitiateAuth", "NotAuthorizedException", LOCKED, **p.by_password(name))
    response, _ = p.sign_in(name)
    assert "code=" not in response.header("location"), "signed in"


@row("lockout", "of one user leaves others alone", "cognito.md B7")
def _(p):
    lock(p)
    assert "AuthenticationResult" in p.initiate(p.user())


# --- administrators ---

@row("administration", "no web page without the key", "issue 15, 6", must=False)
def _(p):
    p.call("ListUserPools", MaxResults=1)
    response = p.post("ListUserPools", '{"MaxResults":1}', {"Origin": "https://evil.example"})
    equal(response.status, 400)


@row("administration", "no request without a signature", B9)
def _(p):
    p.call("ListUserPools", MaxResults=1)
    response = p.post("ListUserPools", '{"MaxResults":1}', signed=False)
    assert response.status == 400, f"{response.status}"
    equal(response.json()["__type"].split("#")[-1], "MissingAuthenticationTokenException")
