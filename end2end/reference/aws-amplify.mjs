// aws-amplify at a pool:   aws-amplify.mjs ORIGIN
import assert from "node:assert/strict";
import * as auth from "aws-amplify/auth";
import { runExample } from "./guide.mjs";
import { codeOf, newName, ORIGIN, OTHER_PASSWORD, passed, PASSWORD, totp } from "./pool.mjs";

await runExample("Amplify", ORIGIN);

// Amplify hides which operations it calls.
const operations = [];
const send = globalThis.fetch;
globalThis.fetch = (url, init) => {
  operations.push(new Headers(init?.headers).get("x-amz-target")?.split(".")[1]);
  return send(url, init);
};
const refused = (promise, name) =>
  assert.rejects(promise, (error) => error.name === name || assert.fail(error));

const username = newName();
const email = `${username}@example.com`;
const signUp = { username, password: PASSWORD, options: { userAttributes: { email } } };
assert.equal((await auth.signUp(signUp)).nextStep.signUpStep, "CONFIRM_SIGN_UP");
await refused(auth.signUp(signUp), "UsernameExistsException");
const unconfirmed = await auth.signIn({ username, password: PASSWORD });
assert.equal(unconfirmed.nextStep.signInStep, "CONFIRM_SIGN_UP");
await auth.resendSignUpCode({ username });
const confirmationCode = await codeOf(username);
assert((await auth.confirmSignUp({ username, confirmationCode })).isSignUpComplete);
passed("sign-up");

await refused(auth.signIn({ username, password: OTHER_PASSWORD }), "NotAuthorizedException");
assert((await auth.signIn({ username, password: PASSWORD })).isSignedIn);
assert(operations.includes("RespondToAuthChallenge"));
assert.equal((await auth.getCurrentUser()).username, username);
const { tokens } = await auth.fetchAuthSession();
assert.equal(tokens.accessToken.payload.client_id, "shop");
assert.equal(tokens.idToken.payload.email, email);
passed("SRP sign-in");

const refreshed = (await auth.fetchAuthSession({ forceRefresh: true })).tokens;
assert.equal(operations.at(-1), "GetTokensFromRefreshToken");
assert.notEqual(String(refreshed.accessToken), String(tokens.accessToken));
passed("refresh");

await auth.updateUserAttributes({ userAttributes: { nickname: "Wal", email: `new-${email}` } });
const code = { userAttributeKey: "email", confirmationCode: await codeOf(username) };
await auth.confirmUserAttribute(code);
const { nickname, email_verified } = await auth.fetchUserAttributes();
assert.deepEqual([nickname, email_verified], ["Wal", "true"]);
await auth.deleteUserAttributes({ userAttributeKeys: ["nickname"] });
assert.equal((await auth.fetchUserAttributes()).nickname, undefined);
passed("attributes");

await auth.updatePassword({ oldPassword: PASSWORD, newPassword: OTHER_PASSWORD });
const { sharedSecret } = await auth.setUpTOTP();
await auth.verifyTOTPSetup({ code: totp(sharedSecret, -1) });
await auth.updateMFAPreference({ totp: "PREFERRED" });
assert.deepEqual(await auth.fetchMFAPreference(), { enabled: ["TOTP"], preferred: "TOTP" });
await auth.signOut();
await refused(auth.getCurrentUser(), "UserUnAuthenticatedException");
const challenged = await auth.signIn({ username, password: OTHER_PASSWORD });
assert.equal(challenged.nextStep.signInStep, "CONFIRM_SIGN_IN_WITH_TOTP_CODE");
assert((await auth.confirmSignIn({ challengeResponse: totp(sharedSecret) })).isSignedIn);
await auth.updateMFAPreference({ totp: "DISABLED" });
passed("SOFTWARE_TOKEN_MFA and changed password");

await auth.signOut({ global: true });
assert.equal((await auth.fetchAuthSession()).tokens, undefined);
const reset = await auth.resetPassword({ username });
assert.equal(reset.nextStep.resetPasswordStep, "CONFIRM_RESET_PASSWORD_WITH_CODE");
const newPassword = { username, newPassword: PASSWORD, confirmationCode: await codeOf(username) };
await auth.confirmResetPassword(newPassword);
await refused(auth.signIn({ username, password: OTHER_PASSWORD }), "NotAuthorizedException");
assert((await auth.signIn({ username, password: PASSWORD })).isSignedIn);
passed("reset password");

await auth.deleteUser();
await refused(auth.getCurrentUser(), "UserUnAuthenticatedException");
passed("sign-out and deletion");
