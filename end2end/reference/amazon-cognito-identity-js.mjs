// amazon-cognito-identity-js at a pool:   amazon-cognito-identity-js.mjs ORIGIN
import assert from "node:assert/strict";
import {
  AuthenticationDetails,
  CognitoUser,
  CognitoUserAttribute,
  CognitoUserSession,
} from "amazon-cognito-identity-js";
import { runExample } from "./guide.mjs";
import {
  call as callPool,
  codeOf,
  newName,
  ORIGIN,
  OTHER_PASSWORD,
  passed,
  PASSWORD,
  totp,
} from "./pool.mjs";

const { pool } = await runExample("amazon-cognito-identity-js", ORIGIN);

/** Calls a method whose last parameter is a Node.js callback. */
const call = (object, method, ...args) =>
  new Promise((resolve, reject) =>
    object[method](...args, (error, result) => (error ? reject(error) : resolve(result))),
  );
/** Calls a method whose last parameter is a set of callbacks; a challenge resolves with its name. */
const ask = (object, method, ...args) =>
  new Promise((resolve, reject) => {
    const challenges = ["totpRequired", "newPasswordRequired", "inputVerificationCode"];
    const named = challenges.map((name) => [name, () => resolve(name)]);
    const callbacks = { onSuccess: resolve, onFailure: reject, ...Object.fromEntries(named) };
    object[method](...args, callbacks, ...(method === "sendMFACode" ? ["SOFTWARE_TOKEN_MFA"] : []));
  });
const refused = (promise, code) =>
  assert.rejects(promise, (error) => error.code === code || assert.fail(error));
const newUser = (Username) => new CognitoUser({ Username, Pool: pool });
const signIn = (user, Password) =>
  ask(user, "authenticateUser", new AuthenticationDetails({ Username: user.getUsername(), Password }));

const name = newName();
const email = new CognitoUserAttribute({ Name: "email", Value: `${name}@example.com` });
await call(pool, "signUp", name, PASSWORD, [email], null);
await refused(signIn(newUser(name), PASSWORD), "UserNotConfirmedException");
await call(newUser(name), "confirmRegistration", await codeOf(name), false);
passed("sign-up");

let user = newUser(name);
await refused(signIn(user, OTHER_PASSWORD), "NotAuthorizedException");
const session = await signIn(user, PASSWORD);
assert(session instanceof CognitoUserSession && session.isValid());
assert.equal(session.getAccessToken().payload.client_id, "shop");
assert.equal(session.getIdToken().payload["cognito:username"], name);
passed("SRP sign-in");

const refreshed = await call(user, "refreshSession", session.getRefreshToken());
assert.notEqual(refreshed.getAccessToken().getJwtToken(), session.getAccessToken().getJwtToken());
assert.equal(refreshed.getRefreshToken().getToken(), session.getRefreshToken().getToken());
passed("refresh");

await call(user, "updateAttributes", [new CognitoUserAttribute({ Name: "nickname", Value: "Wal" })]);
const attributes = await call(user, "getUserAttributes");
assert.equal(attributes.find((it) => it.getName() === "nickname").getValue(), "Wal");
const data = await call(user, "getUserData");
assert.equal(data.Username, name);
passed("attributes");

const secret = await new Promise((resolve, reject) =>
  user.associateSoftwareToken({ associateSecretCode: resolve, onFailure: reject }),
);
await refused(ask(user, "verifySoftwareToken", totp(secret, 10), "phone"), "EnableSoftwareTokenMFAException");
await ask(user, "verifySoftwareToken", totp(secret, -1), "phone");
await call(user, "setUserMfaPreference", null, { Enabled: true, PreferredMfa: true });
user = newUser(name);
assert.equal(await signIn(user, PASSWORD), "totpRequired");
await refused(ask(user, "sendMFACode", totp(secret, 10)), "CodeMismatchException");
assert((await ask(user, "sendMFACode", totp(secret))).isValid());
await call(user, "setUserMfaPreference", null, { Enabled: false, PreferredMfa: false });
passed("SOFTWARE_TOKEN_MFA");

assert.equal(await ask(newUser(name), "forgotPassword"), "inputVerificationCode");
await refused(ask(newUser(name), "confirmPassword", "000000", OTHER_PASSWORD), "CodeMismatchException");
await ask(newUser(name), "confirmPassword", await codeOf(name), OTHER_PASSWORD);
await refused(signIn(newUser(name), PASSWORD), "NotAuthorizedException");
user = newUser(name);
await signIn(user, OTHER_PASSWORD);
await call(user, "changePassword", OTHER_PASSWORD, PASSWORD);
passed("forgotten and changed password");

await ask(user, "globalSignOut");
user = newUser(name);
await signIn(user, PASSWORD);
await call(user, "deleteUser");
passed("sign-out and deletion");

const invited = newName();
await callPool("AdminCreateUser", {
  UserPoolId: "local_gazette",
  Username: invited,
  UserAttributes: [{ Name: "email", Value: `${invited}@example.com` }],
});
user = newUser(invited);
assert.equal(await signIn(user, await codeOf(invited)), "newPasswordRequired");
assert((await ask(user, "completeNewPasswordChallenge", PASSWORD, {})).isValid());
passed("NEW_PASSWORD_REQUIRED");
