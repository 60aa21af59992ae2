// openid-client at a pool:   openid-client.mjs ORIGIN
import assert from "node:assert/strict";
import * as oidc from "openid-client";
import { runExample } from "./guide.mjs";
import { Browser, ISSUER, newUser, ORIGIN, pass, passed } from "./pool.mjs";

const CALLBACK = "http://localhost:5173/callback";
const { config } = await runExample("openid-client", ORIGIN);
const metadata = config.serverMetadata();
assert.equal(metadata.issuer, ISSUER);
assert(metadata.supportsPKCE());
const username = await newUser();
const browser = new Browser();

/** Signs in with a code; returns the tokens and whether the pool asked for the password. */
async function signIn(parameters = {}) {
  const pkceCodeVerifier = oidc.randomPKCECodeVerifier();
  const [expectedState, expectedNonce] = [oidc.randomState(), oidc.randomNonce()];
  const address = oidc.buildAuthorizationUrl(config, {
    redirect_uri: CALLBACK,
    scope: "openid email profile",
    code_challenge: await oidc.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: "S256",
    state: expectedState,
    nonce: expectedNonce,
    ...parameters,
  });
  const { callback, wasAsked } = await browser.authorize(address.href, username);
  assert(callback.href.startsWith(CALLBACK), callback.href);
  const maxAge = parameters.max_age && Number(parameters.max_age);
  const checks = { pkceCodeVerifier, expectedState, expectedNonce, maxAge };
  return { tokens: await oidc.authorizationCodeGrant(config, callback, checks), wasAsked, callback, checks };
}

const first = await signIn();
assert(first.wasAsked);
const claims = first.tokens.claims();
assert.equal(claims["cognito:username"], username);
assert.equal(claims.token_use, "id");
passed("code with PKCE");

const info = await oidc.fetchUserInfo(config, first.tokens.access_token, claims.sub);
assert.equal(info.email, `${username}@example.com`);
const withoutToken = oidc.fetchUserInfo(config, "no token", claims.sub);
await assert.rejects(withoutToken, (error) => error.cause.status === 401);
passed("userInfo");

const refreshed = await oidc.refreshTokenGrant(config, first.tokens.refresh_token);
assert.equal(refreshed.claims().sub, claims.sub);
assert.equal(refreshed.claims().auth_time, claims.auth_time);
assert.notEqual(refreshed.access_token, first.tokens.access_token);
passed("refresh");

assert.equal((await signIn()).wasAsked, false);
assert.equal((await signIn({ max_age: "3600" })).wasAsked, false);
await pass(600);
const recent = await signIn({ max_age: "300" });
assert(recent.wasAsked && recent.tokens.claims().auth_time >= claims.auth_time + 600);
passed("max_age");

assert((await signIn({ prompt: "login" })).wasAsked);
const silent = oidc.buildAuthorizationUrl(config, {
  redirect_uri: CALLBACK,
  scope: "openid",
  code_challenge: await oidc.calculatePKCECodeChallenge("x".repeat(43)),
  code_challenge_method: "S256",
  prompt: "none",
});
assert((await browser.authorize(silent.href, username)).callback.searchParams.has("code"));
passed("prompt");

await oidc.tokenRevocation(config, first.tokens.refresh_token);
const revoked = oidc.refreshTokenGrant(config, first.tokens.refresh_token);
await assert.rejects(revoked, (error) => error.error === "invalid_grant" || assert.fail(error));
await assert.rejects(oidc.fetchUserInfo(config, first.tokens.access_token, claims.sub));
passed("revocation");

const again = oidc.authorizationCodeGrant(config, recent.callback, recent.checks);
await assert.rejects(again, (error) => error.error === "invalid_grant" || assert.fail(error));
passed("a code is good once");

// Cognito's parameters, not those of OpenID Connect.
const end = oidc.buildEndSessionUrl(config, { logout_uri: "http://localhost:5173/" });
const page = await browser.open(end.href);
assert.equal(page.location.href, "http://localhost:5173/");
const { callback } = await browser.authorize(silent.href, username);
assert.equal(callback.searchParams.get("error"), "login_required");
passed("end of the session");
