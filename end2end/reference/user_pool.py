"""Calls every operation of the embedded user pool with boto3, which checks each answer's shape.

    user_pool.py ORIGIN [SRP-CLIENT]   prints one line for each check, and exits 1 if one fails

botocore parses an answer leniently, so each raw answer is compared with botocore's own model: no
unknown members, right types, and the names of errors that the operation may raise.
"""

import base64
import hashlib
import hmac
import json
import re
import struct
import sys
import time
import urllib.request
from pathlib import Path

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from shapes import shape_faults

POOL_ID, CLIENT = "local_gazette", "gazettecli"
PASSWORD, OTHER = "Fixture1!Aa", "Fixture2!Bb"
origin = sys.argv[1]
failures, calls = [], set()
config = Config(retries={"max_attempts": 0}, parameter_validation=False)
client = boto3.client(
    "cognito-idp", endpoint_url=origin, region_name="us-east-1", config=config,
    aws_access_key_id="local", aws_secret_access_key="local",
)
model = client.meta.service_model
raw = {}


client.meta.events.register("before-parse.cognito-idp", lambda **kw: raw.update(
    body=kw["response_dict"]["body"], headers=kw["response_dict"]["headers"]))
# Of botocore's protocol, not of the service.
PROTOCOL = {"SerializationException", "UnknownOperationException"}


def report(ok, name, detail=""):
    print(("ok   " if ok else "FAIL ") + name + (": " + detail if detail and not ok else ""))
    if not ok:
        failures.append(name)


def call(operation, **arguments):
    """Calls an operation; checks its answer against the model."""
    calls.add(operation)
    method = next(m for m, o in client.meta.method_to_api_mapping.items() if o == operation)
    answer = getattr(client, method)(**arguments)
    body = json.loads(raw["body"] or b"{}")
    output = model.operation_model(operation).output_shape
    found = shape_faults(output, body, operation) if output else []
    report(not found, operation, "; ".join(found))
    report("x-amzn-requestid" in {k.lower() for k in raw["headers"]}, operation + " request id")
    return answer


def refused(operation, exception, message=None, **arguments):
    """Calls an operation that must be refused by an exception of the model."""
    method = next(m for m, o in client.meta.method_to_api_mapping.items() if o == operation)
    name = f"{operation} refused by {exception}"
    try:
        getattr(client, method)(**arguments)
        report(False, name, "it was not refused")
    except ClientError as error:
        code, said = error.response["Error"]["Code"], error.response["Error"]["Message"]
        ok = code == exception and (message is None or said == message)
        report(ok, name, f"{code}: {said}")
        known = {shape.name for shape in model.operation_model(operation).error_shapes}
        report(code in known | PROTOCOL, f"{operation} may raise {exception}", str(sorted(known)))


def outbox(kind=None):
    request = urllib.request.Request(origin + "/_pool/outbox", headers={"Accept": "application/json"})
    messages = json.load(urllib.request.urlopen(request))["messages"]
    return next(m["code"] for m in messages if kind in (None, m["type"]))


def totp(secret, step=0):
    counter = struct.pack(">Q", int(time.time()) // 30 + step)
    digest = hmac.new(base64.b32decode(secret + "=" * (-len(secret) % 8)), counter, hashlib.sha1).digest()
    offset = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[offset:offset + 4])[0] & 0x7fffffff) % 1000000:06}"


def by_password(name, password):
    return dict(ClientId=CLIENT, AuthFlow="USER_PASSWORD_AUTH",
                AuthParameters={"USERNAME": name, "PASSWORD": password})


def attributes(**values):
    return [{"Name": name, "Value": value} for name, value in values.items()]


pool = {"UserPoolId": POOL_ID}
app = {"ClientId": CLIENT}
run = str(int(time.time()))
name, invited = "walker" + run, "invited" + run
email = name + "@example.com"
user, staff = dict(pool, Username=name), dict(pool, GroupName="staff" + run)

# The example of docs/user-pool.md, as it stands there
guide = (Path(__file__).parents[2] / "docs/user-pool.md").read_text()
example = guide.split("**boto3**")[1].split("```python\n")[1].split("```")[0]
scope = {}
exec(example.replace("http://localhost:4000", origin), scope)
report("Users" in scope["cognito"].list_users(UserPoolId=POOL_ID), "the example of the guide")

# Sign-up
call("SignUp", **app, Username=name, Password=PASSWORD,
     UserAttributes=attributes(email=email, given_name="Wal"))
refused("SignUp", "UsernameExistsException", "User already exists", **app, Username=name,
        Password=PASSWORD, UserAttributes=attributes(email=email))
refused("SignUp", "InvalidPasswordException",
        "Password did not conform with policy: Password not long enough", **app,
        Username="other" + run, Password="1234567", UserAttributes=attributes(email=email))
refused("SignUp", "InvalidParameterException",
        "1 validation error detected: Value null at 'username' failed to satisfy constraint: "
        "Member must not be null", **app, Password=PASSWORD)
refused("InitiateAuth", "UserNotConfirmedException", "User is not confirmed.",
        **by_password(name, PASSWORD))
refused("ConfirmSignUp", "CodeMismatchException",
        "Invalid verification code provided, please try again.", **app, Username=name,
        ConfirmationCode="wrong")
call("ResendConfirmationCode", **app, Username=name)
call("ConfirmSignUp", **app, Username=name, ConfirmationCode=outbox("sign_up"))
refused("ConfirmSignUp", "NotAuthorizedException",
        "User cannot be confirmed. Current status is CONFIRMED", **app, Username=name,
        ConfirmationCode="1")
refused("ResendConfirmationCode", "InvalidParameterException", "User is already confirmed.", **app,
        Username=name)

# Sign-in and the own account
refused("InitiateAuth", "NotAuthorizedException", "Incorrect username or password.",
        **by_password(name, "wrong password"))
tokens = call("InitiateAuth", **by_password(email, PASSWORD))["AuthenticationResult"]
token = {"AccessToken": tokens["AccessToken"]}
call("GetUser", **token)
refused("GetUser", "NotAuthorizedException", "Invalid Access Token", AccessToken="x")
call("GetTokensFromRefreshToken", **app, RefreshToken=tokens["RefreshToken"])
refused("GetTokensFromRefreshToken", "NotAuthorizedException", "Invalid Refresh Token", **app,
        RefreshToken="x")
call("InitiateAuth", **app, AuthFlow="REFRESH_TOKEN_AUTH",
     AuthParameters={"REFRESH_TOKEN": tokens["RefreshToken"]})
call("ChangePassword", **token, PreviousPassword=PASSWORD, ProposedPassword=OTHER)
refused("ChangePassword", "NotAuthorizedException", "Incorrect username or password.", **token,
        PreviousPassword=PASSWORD, ProposedPassword=OTHER)
call("UpdateUserAttributes", **token, UserAttributes=attributes(
    email="new" + email, **{"custom:plan": "gold"}))
call("GetUserAttributeVerificationCode", **token, AttributeName="email")
refused("VerifyUserAttribute", "CodeMismatchException", None, **token, AttributeName="email",
        Code="wrong")
call("VerifyUserAttribute", **token, AttributeName="email", Code=outbox("verify_email"))
call("DeleteUserAttributes", **token, UserAttributeNames=["custom:plan"])
secret = call("AssociateSoftwareToken", **token)["SecretCode"]
refused("VerifySoftwareToken", "EnableSoftwareTokenMFAException", None, **token,
        UserCode=totp(secret, 10))
call("VerifySoftwareToken", **token, UserCode=totp(secret, -1))
call("SetUserMFAPreference", **token,
     SoftwareTokenMfaSettings={"Enabled": True, "PreferredMfa": True})
call("GetUser", **token)
challenge = call("InitiateAuth", **by_password(name, OTHER))
report(challenge.get("ChallengeName") == "SOFTWARE_TOKEN_MFA", "SOFTWARE_TOKEN_MFA")
answer = dict(app, ChallengeName="SOFTWARE_TOKEN_MFA", Session=challenge["Session"])
refused("RespondToAuthChallenge", "CodeMismatchException", "Invalid code received for user", **answer,
        ChallengeResponses={"USERNAME": name, "SOFTWARE_TOKEN_MFA_CODE": totp(secret, 10)})
call("RespondToAuthChallenge", **answer,
     ChallengeResponses={"USERNAME": name, "SOFTWARE_TOKEN_MFA_CODE": totp(secret)})
call("AdminGetUser", **user)
call("AdminSetUserMFAPreference", **user, SoftwareTokenMfaSettings={"Enabled": False})
call("ForgotPassword", **app, Username=name)
call("ConfirmForgotPassword", **app, Username=name, Password=PASSWORD,
     ConfirmationCode=outbox("forgot_password"))
refused("ConfirmForgotPassword", "ExpiredCodeException",
        "Invalid code provided, please request a code again.", **app, Username=name,
        Password=PASSWORD, ConfirmationCode="1")
refused("GetUser", "NotAuthorizedException", "Access Token has been revoked", **token)
tokens = call("InitiateAuth", **by_password(name, PASSWORD))["AuthenticationResult"]
refused("RevokeToken", "UnsupportedTokenTypeException", None, **app, Token=tokens["AccessToken"])
call("RevokeToken", **app, Token=tokens["RefreshToken"])
refused("InitiateAuth", "NotAuthorizedException", "Refresh Token has been revoked", **app,
        AuthFlow="REFRESH_TOKEN_AUTH", AuthParameters={"REFRESH_TOKEN": tokens["RefreshToken"]})
tokens = call("InitiateAuth", **by_password(name, PASSWORD))["AuthenticationResult"]
call("GlobalSignOut", AccessToken=tokens["AccessToken"])

# Groups
refused("AdminAddUserToGroup", "ResourceNotFoundException", "Group not found.", **user,
        GroupName="missing" + run)
call("CreateGroup", **staff, Description="Everyone", Precedence=3)
refused("CreateGroup", "GroupExistsException", None, **staff)
call("GetGroup", **staff)
call("UpdateGroup", **staff, Description="Some")
call("AdminAddUserToGroup", **user, GroupName=staff["GroupName"])
call("ListGroups", **pool, Limit=1)
call("ListUsersInGroup", **staff)
call("AdminListGroupsForUser", **user)
call("AdminRemoveUserFromGroup", **user, GroupName=staff["GroupName"])
call("DeleteGroup", **staff)
refused("GetGroup", "ResourceNotFoundException", None, **staff)

# Administration
someone = dict(pool, Username=invited)
call("AdminCreateUser", **someone, UserAttributes=attributes(email=invited + "@example.com"))
refused("AdminCreateUser", "UsernameExistsException", None, **someone,
        UserAttributes=attributes(email=invited + "@example.com"))
call("AdminCreateUser", **someone, MessageAction="RESEND")
challenge = call("AdminInitiateAuth", **pool, **app, AuthFlow="ADMIN_USER_PASSWORD_AUTH",
                 AuthParameters={"USERNAME": invited, "PASSWORD": outbox("invitation")})
report(challenge.get("ChallengeName") == "NEW_PASSWORD_REQUIRED", "NEW_PASSWORD_REQUIRED")
answer = dict(pool, **app, ChallengeName="NEW_PASSWORD_REQUIRED", Session=challenge["Session"])
chosen = {"USERNAME": invited, "NEW_PASSWORD": PASSWORD}
refused("AdminRespondToAuthChallenge", "NotAuthorizedException",
        "Cannot modify an already provided email", **answer,
        ChallengeResponses=dict(chosen, **{"userAttributes.email": "a@example.com"}))
call("AdminRespondToAuthChallenge", **answer,
     ChallengeResponses=dict(chosen, **{"userAttributes.custom:plan": "gold"}))
call("AdminSetUserPassword", **someone, Password=OTHER, Permanent=True)
call("AdminUpdateUserAttributes", **someone, UserAttributes=attributes(
    email_verified="true", nickname="In"))
call("AdminDeleteUserAttributes", **someone, UserAttributeNames=["nickname"])
call("ListUsers", **pool, Limit=1)
found = call("ListUsers", **pool, Filter=f'email = "{invited}@example.com"', AttributesToGet=["email"])
report(len(found["Users"]) == 1, "ListUsers finds by filter")
found = call("ListUsers", **pool, Filter=f'username = "{invited}"', AttributesToGet=["custom:plan"])
report(found["Users"][0]["Attributes"] == attributes(**{"custom:plan": "gold"}),
       "ListUsers shows custom attributes")
refused("ListUsers", "InvalidParameterException",
        "One or more requested attributes do not exist in user pool.", **pool,
        AttributesToGet=["shoe_size"])
call("AdminResetUserPassword", **someone)
refused("InitiateAuth", "PasswordResetRequiredException", None, **by_password(invited, OTHER))
call("AdminUserGlobalSignOut", **someone)
call("AdminDisableUser", **someone)
call("AdminEnableUser", **someone)
call("AdminDeleteUser", **someone)
refused("AdminGetUser", "UserNotFoundException", "User does not exist.", **someone)
signed_up = dict(app, Username="other" + run)
call("SignUp", **signed_up, Password=PASSWORD, UserAttributes=attributes(email=invited + "@example.com"))
call("AdminConfirmSignUp", **pool, Username=signed_up["Username"])
tokens = call("InitiateAuth", **by_password(signed_up["Username"], PASSWORD))["AuthenticationResult"]
call("DeleteUser", AccessToken=tokens["AccessToken"])

# Clients, which may tell who exists
for setting, exception in (("LEGACY", "UserNotFoundException"), ("ENABLED", "NotAuthorizedException")):
    made = call("CreateUserPoolClient", **pool, ClientName="made" + run,
                ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH"], PreventUserExistenceErrors=setting)
    made = {"ClientId": made["UserPoolClient"]["ClientId"]}
    described = call("DescribeUserPoolClient", **pool, **made)["UserPoolClient"]
    report(described["PreventUserExistenceErrors"] == setting, "PreventUserExistenceErrors " + setting)
    refused("InitiateAuth", exception, None, **dict(by_password("nobody" + run, PASSWORD), **made))
    if setting == "LEGACY":
        unknown = dict(made, Username="nobody" + run)
        message = "Username/client id combination not found."
        refused("ForgotPassword", "UserNotFoundException", message, **unknown)
        refused("ResendConfirmationCode", "UserNotFoundException", message, **unknown)
        refused("ConfirmSignUp", "UserNotFoundException", message, **unknown, ConfirmationCode="1")
        refused("ConfirmForgotPassword", "UserNotFoundException", message, **unknown,
                ConfirmationCode="1", Password=PASSWORD)
    call("UpdateUserPoolClient", **pool, **made, ClientName="renamed" + run)
    call("ListUserPoolClients", **pool, MaxResults=60)
    call("DeleteUserPoolClient", **pool, **made)

# Resource servers
server = dict(pool, Identifier="api" + run)
call("CreateResourceServer", **server, Name="API",
     Scopes=[{"ScopeName": "read", "ScopeDescription": "Reads"}])
call("DescribeResourceServer", **server)
call("UpdateResourceServer", **server, Name="News API")
call("ListResourceServers", **pool, MaxResults=10)
call("DeleteResourceServer", **server)
refused("DescribeResourceServer", "ResourceNotFoundException", None, **server)

# Tokens across a rotation of the keys
tokens = call("InitiateAuth", **by_password(name, PASSWORD))["AuthenticationResult"]
rotation = urllib.request.Request(origin + "/_pool/rotate-keys", data=b"{}",
                                  headers={"Content-Type": "application/json"})
keys = {key["kid"] for key in json.load(urllib.request.urlopen(rotation))["keys"]}
header = tokens["AccessToken"].split(".")[0]
kid = json.loads(base64.urlsafe_b64decode(header + "=" * (-len(header) % 4)))["kid"]
report(kid in keys, "the old key stays published")
call("GetUser", AccessToken=tokens["AccessToken"])

# The pool
call("DescribeUserPool", **pool)
call("ListUserPools", MaxResults=10)
call("SetUserPoolMfaConfig", **pool, MfaConfiguration="OPTIONAL",
     SoftwareTokenMfaConfiguration={"Enabled": True})
call("GetUserPoolMfaConfig", **pool)
refused("DescribeUserPool", "ResourceNotFoundException", None, UserPoolId="local_other")

# A real client's proof of the password, if there is a client that enables it
if len(sys.argv) > 2:
    try:
        from pycognito.aws_srp import AWSSRP
        call("AdminSetUserPassword", **user, Password=PASSWORD, Permanent=True)
        srp = AWSSRP(username=name, password=PASSWORD, pool_id=POOL_ID, client_id=sys.argv[2],
                     client=client)
        report("AccessToken" in srp.authenticate_user()["AuthenticationResult"], "USER_SRP_AUTH")
        srp = AWSSRP(username=name, password="wrong", pool_id=POOL_ID, client_id=sys.argv[2],
                     client=client)
        try:
            srp.authenticate_user()
            report(False, "USER_SRP_AUTH refuses a wrong password")
        except ClientError as error:
            report(error.response["Error"]["Code"] == "NotAuthorizedException",
                   "USER_SRP_AUTH refuses a wrong password", str(error))
    except ImportError:
        print("skip USER_SRP_AUTH: pycognito is not installed")

call("AdminDeleteUser", **user)

# Every operation of the pool was called
tables = (Path(__file__).parents[2] / "server/user-pool/src/api").glob("*.rs")
served = {name for table in tables for name in re.findall(r'operation!\(\s*"(\w+)"', table.read_text())}
report(served == calls, "every operation", str(served ^ calls))
print(f"{len(calls)} operations, {len(failures)} failures")
sys.exit(bool(failures))
